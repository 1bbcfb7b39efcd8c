"""Queries for files."""

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q, QuerySet

from coalition.accounts.models import User
from coalition.roles import Right
from coalition.workspaces.models import Workspace
from coalition.workspaces.queries import workspaces_for
from documents.drafts.enums import Handling
from documents.drafts.models import Draft
from documents.drafts.queries import READER_NAMING_MARKS, admitted_by_mark, reading_seats
from documents.files.models import StoredFile


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
    return rows.filter(workspace=workspace) if workspace is not None else rows


def files_for(user: object, workspace: Workspace | None = None) -> QuerySet[StoredFile]:
    """Return files the person may read, newest first."""
    rows = all_files_for(user, workspace).filter(deleted_at=None)
    return rows.select_related("workspace", "uploaded_by", "organisation").order_by("-id")


def pictures_for_draft(draft: Draft) -> QuerySet[StoredFile]:
    """Return pictures that a text of this draft may display: every reader of the draft may see
    them.

    Deleted ones stay valid for texts that already display them. An open draft displays open files
    only; a restricted one also files open to each of its organisations. A picture whose mark names
    its readers may be used only in drafts of the same organisation under the same mark.
    """
    rows = StoredFile.objects.filter(workspace=draft.workspace, content_type__startswith="image/")
    as_narrow = Q(handling=Handling.ORGANISATION, organisation=draft.organisation_id)
    narrower = draft.handling == Handling.ORGANISATION
    rows = (
        rows.filter(~Q(handling__in=READER_NAMING_MARKS) | as_narrow)
        if narrower
        else rows.exclude(handling__in=READER_NAMING_MARKS)
    )
    if not draft.restricted:
        return rows.filter(restricted=False)
    for organisation in draft.restricted_to.all():
        rows = rows.filter(Q(restricted=False) | Q(restricted_to=organisation)).distinct()
    return rows


def pictures_in(workspace: Workspace, uuids: Iterable[str]) -> QuerySet[StoredFile]:
    """Return the records of a text's pictures for rendering.
    Requests for their bytes check the right again."""
    wanted = list(uuids)
    if not wanted:
        return StoredFile.objects.none()
    return StoredFile.objects.filter(workspace=workspace, uuid__in=wanted, content_type__startswith="image/")
