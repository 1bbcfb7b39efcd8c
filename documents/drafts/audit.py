"""What is kept of something done to a draft or file: the audit entry, and the activity others hear of."""

from dataclasses import dataclass
from typing import Any

from coalition.accounts.models import Organisation, User
from coalition.audit import log
from coalition.workspaces.actions import activity
from coalition.workspaces.models import Workspace
from coalition.workspaces.permissions import Access
from documents.drafts.models import Draft
from documents.drafts.queries import limits_of
from documents.files.models import StoredFile


@dataclass(frozen=True)
class By:
    """Who did it, where no request says so: a person on behalf of an organisation, in a role."""

    user: User
    organisation: Organisation
    role: str
    workspace: Workspace


def record(*, thing: Draft | StoredFile, access: Access | By, action: str, **detail: Any) -> None:
    """Write the audit entry, in the caller's transaction."""
    log.record_audit(
        action,
        actor=access.user,
        organisation=access.organisation.uuid,
        role=access.role,
        target_kind=_kind(thing),
        target=thing.uuid,
        workspace=access.workspace.uuid,
        **detail,
    )


def tell(*, thing: Draft | StoredFile, access: Access | By, kind: str, **detail: Any) -> None:
    """Tell those who may read the thing what happened to it, in the caller's transaction."""
    limits = limits_of(thing)
    activity.record_activity(
        kind,
        workspace=access.workspace,
        actor=access.user,
        organisation=access.organisation,
        subject_kind=_kind(thing),
        subject=thing.uuid,
        restricted_to=limits.organisations,
        named_people=limits.people,
        title=thing.title if isinstance(thing, Draft) else thing.name,
        **detail,
    )


def _kind(thing: Draft | StoredFile) -> str:
    return "draft" if isinstance(thing, Draft) else "file"
