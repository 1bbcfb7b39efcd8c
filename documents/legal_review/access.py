"""From an address to a legal reader and the access to its workspace; 404 without a right to read."""

from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from coalition.workspaces.rules import Access
from documents.comments.models import LegalReader
from documents.drafts.access import reading
from documents.drafts.queries import drafts_for


def to_legal_reader(request: HttpRequest, uuid: UUID) -> tuple[Access, LegalReader]:
    """A legal reader of a draft that the person may read; who names them is asked by the rule."""
    rows = LegalReader.objects.filter(draft__in=drafts_for(request.user), ended_at=None)
    reader = get_object_or_404(rows.select_related("draft__workspace"), uuid=uuid)
    return reading(request, reader.draft.workspace.uuid), reader
