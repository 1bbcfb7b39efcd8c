"""What approvals hand over to `documents.registry`."""

from documents.approval import dashboard, messages, topics
from documents.approval.actions.decide import tell_if_draft_is_complete
from documents.approval.actions.inherit import refuse_altered_approved_blocks
from documents.approval.actions.open_round import (
    FINAL_TEXT_KIND,
    REMINDER_KIND,
    apply_final_text,
    remind_deciders,
)
from documents.approval.actions.phone import PHONE_COUNTS_KIND, count_after_delay
from documents.approval.retention import forget_guests
from documents.approval.round_guards import (
    refuse_excluding_asked,
    refuse_kind_change,
    refuse_narrower_mark,
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
    topics={topics.KIND: Topic(topics.may_subscribe_to_round, topics.round_event_id)},
    due_work={
        REMINDER_KIND: remind_deciders,
        FINAL_TEXT_KIND: apply_final_text,
        PHONE_COUNTS_KIND: count_after_delay,
    },
    waiting=(dashboard.approvals_to_give, dashboard.rounds_waiting),
    coming=(dashboard.upcoming_deadlines,),
    hooks=Hooks(
        kind_guards=[refuse_kind_change],
        mark_guards=[refuse_narrower_mark],
        list_guards=[refuse_excluding_asked],
        version_guards=[refuse_altered_approved_blocks],
        subjects_of=[rounds_of],
        quotation_answered=[tell_if_draft_is_complete],
        verdict_given=[topics.push_open_round],
        guests_forgotten=[forget_guests],
    ),
)
