"""What decisions other than texts hand over to `documents.registry`."""

from django.utils.translation import gettext_lazy as _

from coalition.accounts.registry import register_subjects, subject_choices
from documents.capability import Capability
from documents.resolutions import actions, dashboard, messages
from documents.resolutions.queries import SUBJECT
from documents.resolutions.subjects import SUBJECTS


def _connect() -> None:
    register_subjects([*subject_choices(), (SUBJECT, _("Decisions other than texts"))])


RESOLUTIONS = Capability(
    name="resolutions",
    urls="documents.resolutions.urls",
    audit_actions=messages.ACTIONS,
    activities=messages.ACTIVITIES,
    activity_links={"question": "documents:question"},
    labels=messages.LABELS,
    notification_kinds=messages.KINDS,
    subjects=SUBJECTS,
    due_work={actions.SETTLE_KIND: actions.settle_question, actions.REMIND_KIND: actions.remind_of_question},
    waiting=(dashboard.questions_to_answer,),
    connect=_connect,
)
