"""The sentences of what happens around embargoes."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from coalition.core.retention import RetentionRule, anonymise_cutoff, delete_in_batches
from coalition.jobs import scheduler
from coalition.jobs.scheduler import RetryUntilDone
from coalition.workspaces.notifications.kinds import NotificationKind
from documents.capability import Capability
from documents.hooks import Hooks
from documents.publication.embargo.actions.schedule import (
    end_accesses_of,
    end_feeds_of,
    lift_due_embargo,
    notify_late_publication,
    put_off_planned,
)
from documents.publication.embargo.audit import LIFT_KIND
from documents.publication.embargo.models import EmbargoUse
from documents.publication.embargo.queries import upcoming_lifts

KINDS: Mapping[str, NotificationKind] = {
    "embargo_not_lifted": NotificationKind(
        sentence=_(
            "“%(title)s” did not become public at its moment: its rule does not hold. Look at the round."
        ),
        outline=_("A text did not become public at its moment. It waits for your decision."),
        icon="warn",
        asks=True,
        urgent=True,
    ),
    "embargo_late": NotificationKind(
        sentence=_(
            "“%(title)s” is late: it has not become public at its moment, because of a fault on our side. "
            "It is tried again until it succeeds. Until then you can put it off."
        ),
        outline=_("A text is late: it has not become public at its moment. It is tried again."),
        icon="warn",
        asks=True,
        urgent=True,
    ),
    "embargo_lifted_late": NotificationKind(
        sentence=_("“%(title)s” is public now, later than planned."),
        outline=_("A text that was late is public now."),
        icon="horn",
        asks=True,
        urgent=True,
        link="documents_public:sheet",
    ),
}


# --- retention ---
# How long it is known who read what under an embargo.


def forget_readings() -> int:
    """Delete records older than `AUDIT_PERSON_MONTHS` of press contacts' reading under embargo.
    Return the count."""
    return delete_in_batches(EmbargoUse.objects.filter(at__lt=anonymise_cutoff()))


# --- capability ---
# What embargoes hand over to `documents.registry`.


def _connect() -> None:
    lifts = RetryUntilDone(on_failure=notify_late_publication, to_come=upcoming_lifts)
    scheduler.register_handler(LIFT_KIND, lift_due_embargo, until_done=lifts)


EMBARGO = Capability(
    name="embargo",
    urls="documents.publication.embargo.urls",
    notification_kinds=KINDS,
    retention_rules=(
        RetentionRule(
            "documents.forget_readings",
            of="documents.EmbargoUse: who of an outlet opened what under an embargo",
            until="AUDIT_PERSON_MONTHS",
            forget=forget_readings,
        ),
    ),
    hooks=Hooks(round_closing=[put_off_planned], contact_put_away=[end_accesses_of, end_feeds_of]),
    connect=_connect,
)
