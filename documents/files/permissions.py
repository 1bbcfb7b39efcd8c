"""Who may change a file, open it further and mark it."""

from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from coalition.roles import Right
from coalition.workspaces.permissions import Access
from documents.drafts.access import access_to_drafts
from documents.drafts.enums import Handling
from documents.drafts.permissions import has_active_right, is_admitted
from documents.files.models import StoredFile
from documents.files.queries import all_files_for, files_for


def may_change_file(access: Access, file: StoredFile) -> bool:
    """Whether the person may describe, mark, delete a file: editors, contributors their uploads."""
    may = has_active_right(access, Right.EDIT) or (
        has_active_right(access, Right.CREATE) and is_uploader(access, file)
    )
    return may and is_admitted(access, file)


def is_uploader(access: Access, file: StoredFile) -> bool:
    """Whether the person uploaded it, on behalf of the organisation they act for now."""
    return file.uploaded_by_id == access.user.pk and file.organisation_id == access.organisation.pk


def may_open_file(access: Access, file: StoredFile) -> bool:
    """Whether the person may set a file's readers: coordinators, and its uploader."""
    leads = has_active_right(access, Right.MANAGE) or is_uploader(access, file)
    return leads and may_change_file(access, file)


def may_mark_file(access: Access, file: StoredFile, mark: Handling) -> bool:
    """Whether the person may set this mark: a stricter one with the right to change the file,
    others with the right to set its readers."""
    before = Handling(file.handling)
    if mark == before:
        return True
    narrows = not (mark.names_readers or before.names_readers or mark.is_wider_than(before))
    return may_change_file(access, file) if narrows else may_open_file(access, file)


# --- access ---
# From an address to a file and the access to its workspace; 404 without a right to read.


def to_file(request: HttpRequest, uuid: UUID, *, deleted: bool = False) -> tuple[Access, StoredFile]:
    rows = all_files_for(request.user).select_related("workspace") if deleted else files_for(request.user)
    file = get_object_or_404(rows, uuid=uuid)
    return access_to_drafts(request, file.workspace.uuid), file
