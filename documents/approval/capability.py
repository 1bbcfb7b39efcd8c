"""What approvals hand over to `documents.registry`."""

from documents.approval import dashboard, messages, topics
from documents.approval.actions.decide import tell_if_draft_is_complete
from documents.approval.actions.inherit import refuse_other_words
from documents.approval.actions.open_round import FINAL, REMINDER, became_final, remind
from documents.approval.actions.phone import PHONE_COUNTS, a_day_has_passed
from documents.approval.retention import forget_guests
from documents.approval.round_guards import (
    refuse_another_kind,
    refuse_narrower_mark,
    refuse_shutting_out,
    rounds_of,
)
from documents.approval.subjects import SUBJECTS
from documents.capability import Capability, Topic
from documents.hooks import Hooks

APPROVAL = Capability(
    name="approval",
    urls="documents.approval.urls",
    audit_actions={**messages.ACTIONS, **messages.OFFLINE_ACTIONS},
    activities={**messages.ACTIVITIES, **messages.OFFLINE_ACTIVITIES},
    activity_links={"round": "documents:round"},
    notification_kinds=messages.KINDS,
    subjects=SUBJECTS,
    topics={topics.KIND: Topic(topics.may_hear, topics.last_id)},
    due_work={REMINDER: remind, FINAL: became_final, PHONE_COUNTS: a_day_has_passed},
    waiting=(dashboard.approvals_to_give, dashboard.rounds_waiting),
    coming=(dashboard.deadlines,),
    hooks=Hooks(
        kind_guards=[refuse_another_kind],
        mark_guards=[refuse_narrower_mark],
        list_guards=[refuse_shutting_out],
        version_guards=[refuse_other_words],
        subjects_of=[rounds_of],
        quotation_answered=[tell_if_draft_is_complete],
        verdict_given=[topics.push_open_round],
        guests_forgotten=[forget_guests],
    ),
)
