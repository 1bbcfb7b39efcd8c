"""What facts hand over to `documents.registry`."""

import datetime

from coalition.workspaces.capability import RecurringWork
from documents.capability import Capability
from documents.checklist.subject import register_fact_lookup
from documents.facts import actions, dashboard, messages
from documents.facts.notifications import remind_of_checks
from documents.facts.queries import registered
from documents.facts.subjects import SUBJECTS
from documents.hooks import Hooks


def _connect() -> None:
    actions.register()
    register_fact_lookup(registered)


FACTS = Capability(
    name="facts",
    urls="documents.facts.urls",
    audit_actions=messages.ACTIONS,
    notification_kinds=messages.KINDS,
    subjects=SUBJECTS,
    recurring=(
        RecurringWork("documents.facts_to_check", remind_of_checks, every=datetime.timedelta(hours=6)),
    ),
    waiting=(dashboard.to_check,),
    hooks=Hooks(version_named=[actions.note_version]),
    connect=_connect,
)
