"""Audit and notifications of rounds and publications: audit, activity, mail, open pages."""

from collections.abc import Iterable, Sequence
from typing import Any, Protocol
from uuid import UUID

from coalition import live_push
from coalition.accounts.models import Organisation, User
from coalition.audit import log
from coalition.workspaces.actions import activity
from coalition.workspaces.actions.notify import RecipientGroup, notify_groups
from documents.approval import topics
from documents.approval.models import ApprovalRound
from documents.drafts.deciders import approvers_by_organisation
from documents.drafts.queries import ReaderLimits, reader_limits


class Public(Protocol):
    """What became public of a round."""

    @property
    def uuid(self) -> UUID: ...

    @property
    def title(self) -> str: ...


def record_round_event(
    round_: ApprovalRound,
    *,
    action: str,
    kind: str,
    person: User,
    organisation: Organisation,
    role: str,
    public: Public | None = None,
    title: str = "",
    is_new: bool = False,
    **detail: Any,
) -> None:
    """Write the audit entry `action` and the activity `kind`, in the caller's transaction.

    `public`: a text that became public, or no longer is; everyone in the workspace is notified,
    with its public title. Everything else goes to those who may read the draft, with its working
    title. `title`: the public one, if already known; else it is read. `is_new`: the round was just
    opened, so nobody has its page open.
    """
    draft = round_.draft
    limits = reader_limits(draft) if public is None else ReaderLimits()
    log.record_audit(
        action,
        actor=person,
        organisation=organisation.uuid,
        role=role,
        target_kind="round",
        target=round_.uuid,
        workspace=draft.workspace.uuid,
        **detail,
    )
    activity.record_activity(
        kind,
        workspace=draft.workspace,
        actor=person,
        organisation=organisation,
        subject_kind="publication" if public else "round",
        subject=public.uuid if public else round_.uuid,
        needs_drafts=public is None,
        restricted_to=limits.organisations,
        named_people=limits.people,
        title=(title or public.title) if public else draft.title,
        **detail,
    )
    if not is_new:
        topics.push_round(round_)


def notify_about_round(
    round_: ApprovalRound,
    people: Iterable[User],
    *,
    kind: str,
    once: str,
    actor: User | None = None,
    organisation: Organisation | None = None,
    public: Public | None = None,
    **detail: Any,
) -> None:
    """Notify these people of a round, or of its publication, in the caller's transaction.

    With or without a seat: an organisation's decider needs none. The same `once` reaches a person
    once.
    """
    group = RecipientGroup(list(people), _notification_key(kind, once), detail)
    _notify_person_groups(round_, [group], kind, actor=actor, organisation=organisation, public=public)


def notify_deciders(
    round_: ApprovalRound,
    about: Iterable[Organisation],
    *,
    kind: str,
    once: str,
    actor: User | None = None,
    organisation: Organisation | None = None,
    public: Public | None = None,
    **detail: Any,
) -> list[User]:
    """Notify everyone who may decide for one of the organisations `about` that one; else as
    `concern`. The number of queries is constant. Returns those people."""
    named = {one.pk: one for one in about}
    deciding = approvers_by_organisation(named, kind=round_.draft.kind)
    groups = [
        RecipientGroup(
            deciding[pk], _notification_key(kind, f"{pk}:{once}"), {**detail, "about": str(one.uuid)}
        )
        for pk, one in named.items()
    ]
    _notify_person_groups(round_, groups, kind, actor=actor, organisation=organisation, public=public)
    return [person for group in groups for person in group.people]


def _notification_key(kind: str, once: str) -> str:
    return f"{kind}:{once}"[:160]


def _notify_person_groups(
    round_: ApprovalRound,
    groups: Sequence[RecipientGroup],
    kind: str,
    *,
    actor: User | None,
    organisation: Organisation | None,
    public: Public | None,
) -> None:
    told = notify_groups(
        groups,
        kind=kind,
        workspace=round_.draft.workspace,
        actor=actor,
        organisation=organisation,
        subject_kind="publication" if public else "round",
        subject=public.uuid if public else round_.uuid,
        needs_drafts=False,
    )
    for person in {row.person_id for row in told}:
        live_push.push_counter(user_id=person, what="waiting")
