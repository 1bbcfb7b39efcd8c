"""Why nobody can write by a letter action now, in words."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

CLOSED_WORDS: dict[str, Promise] = {
    "over": _("This letter action is closed. Thank you to everyone who wrote."),
    "archived": _(
        "The organisers have ended this work and put it into their archive, so no more letters are written "
        "here. Everything that was counted stays counted."
    ),
    "withdrawn": _("The text for these letters was withdrawn, so nobody is asked to write by it any more."),
    "checked": _("The text for these letters is off the site while it is checked. Try again later."),
    "awaited": _("A decision about the text for these letters is awaited. Come back later."),
    "changed": _("The text for these letters was corrected. They wait until the organisers have decided."),
}
