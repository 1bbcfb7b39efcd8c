"""Who may change a file, open it further and mark it."""

from coalition.roles import Right
from coalition.workspaces.permissions import Access
from documents.drafts.enums import Handling
from documents.drafts.permissions import has_active_right, is_admitted
from documents.files.models import StoredFile


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
