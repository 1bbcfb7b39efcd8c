"""From an address to a file and the access to its workspace; 404 without a right to read."""

from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from coalition.workspaces.permissions import Access
from documents.drafts.access import access_to_drafts
from documents.files.models import StoredFile
from documents.files.queries import all_files_for, files_for


def to_file(request: HttpRequest, uuid: UUID, *, deleted: bool = False) -> tuple[Access, StoredFile]:
    rows = all_files_for(request.user).select_related("workspace") if deleted else files_for(request.user)
    file = get_object_or_404(rows, uuid=uuid)
    return access_to_drafts(request, file.workspace.uuid), file
