"""What is kept of a round and a publication, and who is told: audit, activity, mail, open pages."""

from collections.abc import Iterable
from typing import Any

from coalition import live
from coalition.accounts.models import Organisation, User
from coalition.audit import log
from coalition.workspaces.domain import activity
from coalition.workspaces.domain.notify import notify
from documents.approval import topics
from documents.approval.models.rounds import ApprovalRound
from documents.approval.queries.rounds import approvers_of
from documents.drafts.queries.readers import Limits, limits_of
from documents.publication.models.publication import Publication


def keep(
    round_: ApprovalRound,
    *,
    action: str,
    kind: str,
    person: User,
    organisation: Organisation,
    role: str,
    public: Publication | None = None,
    **detail: Any,
) -> None:
    """Write the audit entry `action` and the activity `kind`, in the caller's transaction.

    `public`: of what became public, or no longer is, everyone in the workspace hears, by its public title;
    of everything else those who may read the draft, by its working title.
    """
    draft = round_.draft
    limits = limits_of(draft) if public is None else Limits()
    log.record(
        action,
        actor=person,
        organisation=organisation.uuid,
        role=role,
        target_kind="round",
        target=round_.uuid,
        workspace=draft.workspace.uuid,
        **detail,
    )
    activity.note(
        kind,
        workspace=draft.workspace,
        actor=person,
        organisation=organisation,
        subject_kind="publication" if public else "round",
        subject=public.uuid if public else round_.uuid,
        needs_drafts=public is None,
        restricted_to=limits.organisations,
        named_people=limits.people,
        title=public.title if public else draft.title,
        **detail,
    )
    topics.push(round_)


def concern(
    round_: ApprovalRound,
    people: Iterable[User],
    *,
    kind: str,
    once: str,
    actor: User | None = None,
    organisation: Organisation | None = None,
    public: Publication | None = None,
    **detail: Any,
) -> None:
    """Tell these people of a round, or of what it made public, in the caller's transaction.

    With or without a seat: who decides for an organisation needs none. The same `once` reaches a person
    once.
    """
    told = notify(
        people=people,
        kind=kind,
        workspace=round_.draft.workspace,
        actor=actor,
        organisation=organisation,
        subject_kind="publication" if public else "round",
        subject=public.uuid if public else round_.uuid,
        needs_drafts=False,
        once=f"{kind}:{once}"[:160],
        **detail,
    )
    for row in told:
        live.nudge(user_id=row.person_id, what="waiting")


def concern_deciders(
    round_: ApprovalRound, about: Organisation, *, kind: str, once: str, **told: Any
) -> list[User]:
    """Tell everyone who may decide for the organisation that it is `about`; else as `concern`."""
    people = approvers_of(about, kind=round_.draft.kind)
    concern(round_, people, kind=kind, once=f"{about.pk}:{once}", about=str(about.uuid), **told)
    return people
