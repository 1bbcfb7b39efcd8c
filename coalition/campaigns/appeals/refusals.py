"""Why an appeal takes no support, in words."""

from django.utils.functional import Promise
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from coalition.campaigns.appeals.models import AppealVersion
from coalition.campaigns.appeals.public_queries import closed_reason
from coalition.core.clock import now
from coalition.core.errors import Refused

CLOSED_WORDS: dict[str, Promise] = {
    "over": _("This appeal is closed: it takes no more support."),
    "archived": _(
        "The organisers have ended this work and put it into their archive: this appeal takes no more "
        "support. Everybody who was counted stays counted."
    ),
    "withdrawn": _("The text of this appeal was withdrawn: it takes no more support."),
    "checked": _("The text of this appeal is off the site while it is checked. Try again later."),
    "table": _(
        "The comparative table of this appeal was withdrawn: it takes no support until the organisers have "
        "decided."
    ),
    "awaited": _("A decision about the text of this appeal is awaited: it takes no support until then."),
    "changed": _(
        "The text of this appeal, or the table beside it, was corrected: it takes no support until the "
        "organisers have decided."
    ),
    "other_words": _(
        "The words of this appeal are others now, and nobody is carried over to them. Read them and support "
        "them anew, if you agree."
    ),
}


def refuse_closed(current: AppealVersion | None, version: str | int) -> AppealVersion:
    """Return `current` if the appeal takes support for this version (UUID or primary key) today.

    `current`: its newest version, with what `closed_reason` needs; None if it was never opened. Raises
    Refused.
    """
    if current is None:
        raise Refused(CLOSED_WORDS["over"])
    reason = closed_reason(current, localdate(now()))
    if not reason and version not in {current.pk, str(current.uuid)}:
        reason = "other_words"
    if reason:
        raise Refused(CLOSED_WORDS[reason])
    return current
