"""Audit entries of drafts and files, and the activity displayed to others."""

from dataclasses import dataclass
from typing import Any

from coalition.accounts.models import Organisation, User
from coalition.audit import log
from coalition.workspaces.actions import activity
from coalition.workspaces.models import Workspace
from coalition.workspaces.permissions import Access
from documents.drafts.models import Draft
from documents.drafts.queries import reader_limits
from documents.files.models import StoredFile


@dataclass(frozen=True)
class Actor:
    """The acting person, organisation and role, for actions without a request."""

    user: User
    organisation: Organisation
    role: str
    workspace: Workspace


def record_document_audit(
    *, thing: Draft | StoredFile, access: Access | Actor, action: str, **detail: Any
) -> None:
    """Write the audit entry in the caller's transaction."""
    log.record_audit(
        action,
        actor=access.user,
        organisation=access.organisation.uuid,
        role=access.role,
        target_kind=_subject_kind(thing),
        target=thing.uuid,
        workspace=access.workspace.uuid,
        **detail,
    )


def record_document_activity(
    *, thing: Draft | StoredFile, access: Access | Actor, kind: str, **detail: Any
) -> None:
    """Add the event to the activity of those who may read the text, in the caller's transaction."""
    limits = reader_limits(thing)
    activity.record_activity(
        kind,
        workspace=access.workspace,
        actor=access.user,
        organisation=access.organisation,
        subject_kind=_subject_kind(thing),
        subject=thing.uuid,
        restricted_to=limits.organisations,
        named_people=limits.people,
        title=thing.title if isinstance(thing, Draft) else thing.name,
        **detail,
    )


def _subject_kind(thing: Draft | StoredFile) -> str:
    return "draft" if isinstance(thing, Draft) else "file"
