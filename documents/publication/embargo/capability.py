"""What embargoes hand over to `documents.registry`."""

from coalition.core.retention import RetentionRule
from coalition.jobs import scheduler
from coalition.jobs.scheduler import RetryUntilDone
from documents.capability import Capability
from documents.hooks import Hooks
from documents.publication.embargo import messages
from documents.publication.embargo.actions.schedule import (
    end_accesses_of,
    end_feeds_of,
    lift_due_embargo,
    notify_late_publication,
    put_off_planned,
)
from documents.publication.embargo.audit import LIFT_KIND
from documents.publication.embargo.queries import upcoming_lifts
from documents.publication.embargo.retention import forget_readings


def _connect() -> None:
    lifts = RetryUntilDone(on_failure=notify_late_publication, to_come=upcoming_lifts)
    scheduler.register_handler(LIFT_KIND, lift_due_embargo, until_done=lifts)


EMBARGO = Capability(
    name="embargo",
    urls="documents.publication.embargo.urls",
    notification_kinds=messages.KINDS,
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
