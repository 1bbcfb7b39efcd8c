"""The sentences of what happens around guests of a draft."""

from collections.abc import Mapping

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coalition.consent.items import register_takers
from coalition.core.retention import RetentionRule, anonymise_cutoff, empty_in_batches
from coalition.workspaces.notifications.kinds import NotificationKind
from documents.capability import Capability
from documents.files.consent import FILE
from documents.guests.actions import end_invalid_guest_links
from documents.guests.models import GuestLink
from documents.guests.takers import takers_by_guest_link
from documents.hooks import HOOKS, Hooks

ACTIVITIES: Mapping[str, str | Promise] = {
    "guest_link_made": _("%(actor)s let somebody from outside read “%(title)s” by a guest link."),
    "guest_sent_back": _("A guest sent a Word file of “%(title)s” (%(language)s) back."),
}
ACTIONS: Mapping[str, str | Promise] = {
    "guest.made": _("Guest link made"),
    "guest.renewed": _("Guest link renewed"),
    "guest.ended": _("Guest link ended"),
    "guest.opened": _("Guest link opened"),
    "guest.downloaded": _("File downloaded by a guest"),
    "guest.sent_back": _("File sent back by a guest"),
}
KINDS: Mapping[str, NotificationKind] = {
    "file_of_a_guest": NotificationKind(
        sentence=_("A guest sent a Word file of “%(title)s” (%(language)s) back. Look at the changes in it."),
        outline=_("A guest sent a Word file back. It waits for a look."),
        icon="file",
        asks=True,
    ),
}


def erase_link_guests() -> int:
    """Erase names and addresses of guests whose links ended `AUDIT_PERSON_MONTHS` ago; return the row count.

    Their uses, comments and verdicts stay, attributed to "a guest".
    """
    before = anonymise_cutoff()
    over = GuestLink.objects.filter(Q(ended_at__lt=before) | Q(expires_at__lt=before)).exclude(email="")
    uuids = list(over.values_list("uuid", flat=True))
    elsewhere = sum(forget(before, uuids) for forget in HOOKS.guests_forgotten)
    return elsewhere + empty_in_batches(GuestLink.objects.filter(uuid__in=uuids), name="", email="")


GUESTS_OF_DRAFTS = Capability(
    name="guests",
    urls="documents.guests.urls",
    audit_actions=ACTIONS,
    activities=ACTIVITIES,
    notification_kinds=KINDS,
    retention_rules=(
        RetentionRule(
            "documents.forget_guests",
            of="documents.GuestLink, OneTimeLink, QuotationConsent, Comment, Clearance, Approval: names and"
            " addresses of guests",
            until="AUDIT_PERSON_MONTHS after the link's end; what they did stays, as a guest's",
            forget=erase_link_guests,
        ),
    ),
    connect=lambda: register_takers(FILE, takers_by_guest_link),
    hooks=Hooks(readers_changed=[end_invalid_guest_links]),
)
