"""Files of published hand-overs, for everybody: receipt and answer, without metadata."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from coalition.campaigns.appeals.desk_queries import public_hand_overs
from coalition.campaigns.appeals.models import Appeal
from coalition.core.errors import Refused
from documents.files.public_copy import may_be_public
from documents.files.views import send_in_public

PARTS = {"receipt": "receipt_file", "answer": "answer_file"}


@require_safe
def public_file(
    request: HttpRequest, slug: str, hand_over: UUID, part: str
) -> HttpResponse | StreamingHttpResponse:
    """A scanned receipt or answer. 404 unless the hand-over is published and the file is there."""
    found = get_object_or_404(Appeal, slug=slug, opened_at__isnull=False)
    row = get_object_or_404(public_hand_overs(found), uuid=hand_over)
    file = getattr(row, PARTS[part])
    if file is None or not may_be_public(file):
        raise Http404
    ending = file.name.rpartition(".")[2]
    try:
        return send_in_public(request, file, name=f"{part}-{slug}.{ending}")
    except Refused as refusal:
        raise Http404 from refusal
