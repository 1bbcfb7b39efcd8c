"""Writing what happened, and telling open pages."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from coalition import live
from coalition.clock.now import now
from coalition.partners.models import Organisation, User
from coalition.workspaces.models import Activity, Workspace

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable


def note(
    kind: str,
    *,
    workspace: Workspace,
    actor: User | None,
    organisation: Organisation | None,
    subject_kind: str = "",
    subject: UUID | None = None,
    needs_drafts: bool = True,
    restricted_to: "Iterable[Organisation] | None" = None,
    **detail: Any,
) -> Activity:
    """Write one activity in the caller's transaction; listeners are told its id after the commit.

    `detail` holds no names of organisations: they are filled in for each reader.
    """
    row = Activity.objects.create(
        workspace=workspace,
        kind=kind,
        actor=actor,
        organisation=organisation,
        subject_kind=subject_kind,
        subject=subject,
        detail=detail,
        needs_drafts=needs_drafts,
        restricted=restricted_to is not None,
        at=now(),
    )
    if restricted_to is not None:
        row.restricted_to.set(restricted_to)
    live.push(topic=f"workspace:{workspace.uuid}", last_id=row.pk)
    return row


def restrict(*, subject: UUID, organisations: "Collection[Organisation]") -> None:
    """Let what was told of a thing before be heard by these organisations only; none means by all.

    In the caller's transaction, whenever the thing itself is restricted or opened.
    """
    rows = Activity.objects.filter(subject=subject)
    rows.update(restricted=bool(organisations))
    for row in rows:
        row.restricted_to.set(organisations)
