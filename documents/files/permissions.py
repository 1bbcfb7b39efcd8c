"""Who may change a file, open it further and mark it."""

from coalition.roles import Right
from coalition.workspaces.permissions import Access
from documents.drafts.enums import Handling
from documents.drafts.permissions import is_admitted, works_here
from documents.files.models import StoredFile


def may_change_file(access: Access, file: StoredFile) -> bool:
    """Describe, mark, delete: editors, and contributors for what they brought."""
    may = works_here(access, Right.EDIT) or (works_here(access, Right.CREATE) and brought(access, file))
    return may and is_admitted(access, file)


def brought(access: Access, file: StoredFile) -> bool:
    """Shared by the person, on behalf of the organisation in whose name they act now."""
    return file.uploaded_by_id == access.user.pk and file.organisation_id == access.organisation.pk


def may_open_file(access: Access, file: StoredFile) -> bool:
    """Say who reads a file: coordinators, and who brought it."""
    leads = works_here(access, Right.MANAGE) or brought(access, file)
    return leads and may_change_file(access, file)


def may_mark_file(access: Access, file: StoredFile, mark: Handling) -> bool:
    """As for drafts: a stricter mark is for who changes the file, the others for who says who reads it."""
    before = Handling(file.handling)
    if mark == before:
        return True
    narrows = not (mark.names_readers or before.names_readers or mark.is_wider_than(before))
    return may_change_file(access, file) if narrows else may_open_file(access, file)
