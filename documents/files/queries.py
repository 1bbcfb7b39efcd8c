"""Files a person may read, and who may change them."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from coalition.accounts.models import User
from coalition.roles import Right
from coalition.workspaces.models import Workspace
from coalition.workspaces.permissions import Access
from coalition.workspaces.queries import workspaces_for
from documents.drafts.access import access_to_drafts
from documents.drafts.models import Draft, Handling
from documents.drafts.permissions import has_active_right, is_admitted
from documents.drafts.queries import READER_NAMING_MARKS, admitted_by_mark, reading_seats
from documents.files.models import StoredFile
from documents.hooks import HOOKS


def all_files_for(user: object, workspace: Workspace | None = None) -> QuerySet[StoredFile]:
    """Return files the person may read, deleted ones too (to undo the deletion). Anonymous: none.

    A restricted file is for people with a seat on behalf of an organisation in its list; the
    handling mark narrows further, as for drafts.
    """
    if not isinstance(user, User) or not user.is_active:
        return StoredFile.objects.none()
    listed = StoredFile.restricted_to.through.objects.filter(
        storedfile=OuterRef("pk"),
        organisation__in=reading_seats(user)
        .filter(workspace=OuterRef(OuterRef("workspace")))
        .values("organisation"),
    )
    rows = StoredFile.objects.filter(
        Q(workspace__in=reading_seats(user).values("workspace")),
        Q(restricted=False) | Q(Exists(listed)),
        admitted_by_mark(user, StoredFile, reading_seats(user)),
        workspace__in=workspaces_for(user, Right.SEE_DRAFTS),
    )
    rows = without_made(rows)
    return rows.filter(workspace=workspace) if workspace is not None else rows


def without_made(rows: QuerySet[StoredFile]) -> QuerySet[StoredFile]:
    """Return the files without those that the server made of others (`Hooks.made_files`). No query."""
    for keys in HOOKS.made_files:
        rows = rows.exclude(pk__in=keys())
    return rows


def files_for(user: object, workspace: Workspace | None = None) -> QuerySet[StoredFile]:
    """Return files the person may read, newest first."""
    rows = all_files_for(user, workspace).filter(deleted_at=None)
    return rows.select_related("workspace", "uploaded_by", "organisation").order_by("-id")


def readable_among(user: object, files: Iterable[StoredFile | None]) -> set[StoredFile]:
    """Return those of the files that the person may read. One query."""
    return set(files_for(user).filter(pk__in=[file.pk for file in files if file is not None]))


def pictures_for_draft(draft: Draft) -> QuerySet[StoredFile]:
    """Return pictures that a text of this draft may display: every reader of the draft may see them.

    Deleted ones stay valid for texts that already display them. An open draft displays open files
    only; a restricted one also files open to each of its organisations. A picture whose mark names
    its readers may be used only in drafts of the same organisation under the same mark.
    """
    rows = StoredFile.objects.filter(workspace=draft.workspace, content_type__startswith="image/")
    allowed = ~Q(handling__in=READER_NAMING_MARKS)
    if draft.handling == Handling.ORGANISATION:
        allowed |= Q(handling=Handling.ORGANISATION, organisation=draft.organisation_id)
    rows = rows.filter(allowed)
    if not draft.restricted:
        return rows.filter(restricted=False)
    for organisation in draft.restricted_to.all():
        rows = rows.filter(Q(restricted=False) | Q(restricted_to=organisation)).distinct()
    return rows


def pictures_in(workspace: Workspace, uuids: Iterable[str]) -> QuerySet[StoredFile]:
    """Return the records of a text's pictures for rendering. Requests for their bytes check the right."""
    rows = StoredFile.objects.filter(workspace=workspace, content_type__startswith="image/")
    return rows.filter(uuid__in=list(uuids))


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
    may_set = has_active_right(access, Right.MANAGE) or is_uploader(access, file)
    return may_set and may_change_file(access, file)


def may_mark_file(access: Access, file: StoredFile, mark: Handling) -> bool:
    """Whether the person may set this mark: a stricter one with the right to change the file,
    others with the right to set its readers."""
    before = Handling(file.handling)
    if mark == before:
        return True
    narrows = not (mark.names_readers or before.names_readers or mark.is_wider_than(before))
    return may_change_file(access, file) if narrows else may_open_file(access, file)


def to_file(request: HttpRequest, uuid: UUID) -> tuple[Access, StoredFile]:
    file = get_object_or_404(files_for(request.user), uuid=uuid)
    return access_to_drafts(request, file.workspace.uuid), file


def to_any_file(request: HttpRequest, uuid: UUID) -> tuple[Access, StoredFile]:
    """Return a file that may be deleted, too."""
    file = get_object_or_404(all_files_for(request.user).select_related("workspace"), uuid=uuid)
    return access_to_drafts(request, file.workspace.uuid), file
