"""Audit and notifications of questions: audit, activity, inbox, mail."""

from collections.abc import Iterable
from typing import Any

from coalition import live_push
from coalition.accounts.models import Organisation, User
from coalition.audit import log
from coalition.workspaces.actions import activity
from coalition.workspaces.actions.notify import notify
from documents.resolutions.models import Question


def record_question_event(
    question: Question,
    *,
    action: str,
    kind: str,
    person: User | None,
    organisation: Organisation | None,
    role: str = "",
    **detail: Any,
) -> None:
    """Write the audit entry `action` and the activity `kind`, in the caller's transaction."""
    log.record_audit(
        action,
        actor=person,
        organisation=organisation.uuid if organisation else None,
        role=role,
        target_kind="question",
        target=question.uuid,
        workspace=question.workspace.uuid,
        number=question.number,
        **detail,
    )
    activity.record_activity(
        kind,
        workspace=question.workspace,
        actor=person,
        organisation=organisation,
        subject_kind="question",
        subject=question.uuid,
        title=question.title,
        **detail,
    )


def notify_about_question(
    question: Question,
    people: Iterable[User],
    *,
    kind: str,
    once: str,
    actor: User | None = None,
    organisation: Organisation | None = None,
    **detail: Any,
) -> None:
    """Notify these people of a question, with or without a seat; the same `once` reaches a person
    once."""
    told = notify(
        people=people,
        kind=kind,
        workspace=question.workspace,
        actor=actor,
        organisation=organisation,
        subject_kind="question",
        subject=question.uuid,
        needs_drafts=False,
        once=f"{kind}:{once}"[:160],
        **detail,
    )
    for row in told:
        live_push.push_counter(user_id=row.person_id, what="waiting")
