"""What is kept of a round and a publication, and who is told: audit, activity, mail, open pages."""

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
from documents.drafts.queries import Limits, limits_of


class Public(Protocol):
    """What became public of a round."""

    @property
    def uuid(self) -> UUID: ...

    @property
    def title(self) -> str: ...


def keep(
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

    `public`: of what became public, or no longer is, everyone in the workspace hears, by its public title;
    of everything else those who may read the draft, by its working title. `title`: the public one, where it
    is known already; else it is read. `is_new`: the round was opened just now, so nobody has its page open.
    """
    draft = round_.draft
    limits = limits_of(draft) if public is None else Limits()
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
        topics.push(round_)


def concern(
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
    """Tell these people of a round, or of what it made public, in the caller's transaction.

    With or without a seat: who decides for an organisation needs none. The same `once` reaches a person
    once.
    """
    group = RecipientGroup(list(people), _key(kind, once), detail)
    _notify(round_, [group], kind, actor=actor, organisation=organisation, public=public)


def concern_deciders(
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
    """Tell everyone who may decide for one of the organisations that it is `about` that one; else as
    `concern`. As many queries for many organisations as for one. Returns those people."""
    named = {one.pk: one for one in about}
    deciding = approvers_by_organisation(named, kind=round_.draft.kind)
    groups = [
        RecipientGroup(deciding[pk], _key(kind, f"{pk}:{once}"), {**detail, "about": str(one.uuid)})
        for pk, one in named.items()
    ]
    _notify(round_, groups, kind, actor=actor, organisation=organisation, public=public)
    return [person for group in groups for person in group.people]


def _key(kind: str, once: str) -> str:
    return f"{kind}:{once}"[:160]


def _notify(
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
