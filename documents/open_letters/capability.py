"""Sentences about events around open letters."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coalition.applicants.flow import DAYS_UNPROVED
from coalition.core.retention import RetentionRule
from coalition.workspaces.notifications.kinds import NotificationKind
from documents.capability import Capability
from documents.hooks import Hooks
from documents.open_letters.actions import forget_joinings, notify_joined_organisations
from documents.open_letters.queries import letter_on_sheet

ACTIONS: Mapping[str, str | Promise] = {
    "letter.opened": _("A public text was opened for joining from outside"),
    "letter.closed": _("Joining a text from outside was closed"),
    "letter.joined": _("An organisation from outside joined a text"),
    "letter.admitted": _("An organisation from outside was admitted under a text"),
    "letter.refused": _("An organisation from outside was refused under a text"),
    "letter.logo_sent": _("An organisation from outside sent its logo for a text"),
    "letter.logo_taken_away": _("An organisation from outside took its logo away from a text"),
    "letter.logo_admitted": _("The logo of an organisation from outside was admitted under a text"),
    "letter.logo_refused": _("The logo of an organisation from outside was deleted under a text"),
    "letter.withdrawn": _("An organisation from outside withdrew from a text"),
}
ACTIVITIES: Mapping[str, str | Promise] = {
    "letter_opened": _("%(actor)s opened “%(title)s” for joining from outside."),
    "letter_closed": _("%(actor)s closed joining “%(title)s” from outside."),
}
KINDS: Mapping[str, NotificationKind] = {
    "letter_joined": NotificationKind(
        sentence=_("An organisation from outside joins “%(title)s”. Look at it."),
        outline=_("An organisation from outside joins an open letter."),
        icon="people",
        together=_("Organisations from outside join “%(title)s”: %(count)s."),
        link="documents:letter",
    ),
    "letter_logo": NotificationKind(
        sentence=_("An organisation from outside sent its logo for “%(title)s”. Look at it."),
        outline=_("An organisation from outside sent its logo for an open letter."),
        icon="people",
        together=_("Logos of organisations from outside for “%(title)s”: %(count)s."),
        link="documents:letter",
    ),
}

OPEN_LETTERS = Capability(
    name="open_letters",
    urls="documents.open_letters.urls",
    audit_actions=ACTIONS,
    activities=ACTIVITIES,
    notification_kinds=KINDS,
    retention_rules=(
        RetentionRule(
            "documents.forget_joinings",
            of="documents.Joining: an organisation under an open letter, and who writes for it",
            until=f"unconfirmed {DAYS_UNPROVED} days; address, contact and position"
            " AUDIT_PERSON_MONTHS after its end",
            forget=forget_joinings,
        ),
    ),
    hooks=Hooks(corrected=[notify_joined_organisations], sheet_context=[letter_on_sheet]),
)
