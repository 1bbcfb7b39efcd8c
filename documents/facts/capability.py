"""What facts hand over to `documents.registry`."""

import datetime

from coalition.workspaces.capability import RecurringWork
from documents.capability import Capability
from documents.checklist.subject import register_fact_lookup
from documents.facts import actions, dashboard, messages
from documents.facts.notifications import remind_of_fact_checks
from documents.facts.queries import registered_facts
from documents.facts.subjects import SUBJECTS
from documents.hooks import Hooks


def _connect() -> None:
    actions.register_fact_use_tracking()
    register_fact_lookup(registered_facts)


FACTS = Capability(
    name="facts",
    urls="documents.facts.urls",
    audit_actions=messages.ACTIONS,
    notification_kinds=messages.KINDS,
    subjects=SUBJECTS,
    recurring=(
        RecurringWork("documents.facts_to_check", remind_of_fact_checks, every=datetime.timedelta(hours=6)),
    ),
    waiting=(dashboard.facts_awaiting_check,),
    hooks=Hooks(version_named=[actions.record_version_uses]),
    connect=_connect,
)
