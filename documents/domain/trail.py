"""What is kept of something done to a draft or file: the audit entry, and the activity others hear of."""

from typing import Any

from coalition.audit import log
from coalition.workspaces.domain import activity
from coalition.workspaces.rules import Access
from documents.models import Draft, StoredFile


def record(*, thing: Draft | StoredFile, access: Access, action: str, **detail: Any) -> None:
    """Write the audit entry, in the caller's transaction."""
    log.record(
        action,
        actor=access.user,
        organisation=access.organisation.uuid,
        role=access.seat.role,
        target_kind=_kind(thing),
        target=thing.uuid,
        workspace=access.workspace.uuid,
        **detail,
    )


def tell(*, thing: Draft | StoredFile, access: Access, kind: str, **detail: Any) -> None:
    """Tell those who may read the thing what happened to it, in the caller's transaction."""
    activity.note(
        kind,
        workspace=access.workspace,
        actor=access.user,
        organisation=access.organisation,
        subject_kind=_kind(thing),
        subject=thing.uuid,
        restricted_to=thing.restricted_to.all() if thing.restricted else None,
        title=thing.title if isinstance(thing, Draft) else thing.name,
        **detail,
    )


def _kind(thing: Draft | StoredFile) -> str:
    return "draft" if isinstance(thing, Draft) else "file"
