"""The board for everybody, and files of what is published on it."""

from typing import Any, Final
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import get_language, override
from django.views.decorators.http import require_safe

from coalition.campaigns.core.days import site_today
from coalition.campaigns.letters.board.forms import BoardFilterForm
from coalition.campaigns.letters.board.numbers import median_days, recipient_numbers
from coalition.campaigns.letters.board.presenters import (
    board_rows,
    narrowed,
    organisation_columns,
    public_file_urls,
    public_organisation_rows,
    recipient_columns,
)
from coalition.campaigns.letters.board.queries import (
    board_records,
    public_actions,
    public_answers,
    public_stances,
    public_title,
)
from coalition.campaigns.letters.queries import closed_reason
from coalition.core.errors import Refused
from coalition.core.localized_text import content_languages
from documents import hooks
from documents.files.public_copy import may_be_public
from documents.files.views import send_in_public

FILES: Final = {"answer": public_answers, "stance": public_stances}


@require_safe
def board(request: HttpRequest, slug: str) -> HttpResponse:
    """Who got how many letters in full tens, what they answered as far as it is published, and how fast."""
    action = get_object_or_404(public_actions(), slug=slug)
    today = site_today()
    records = board_records(action, for_everybody=True)
    numbers = recipient_numbers(records, today=today, for_everybody=True)
    columns = recipient_columns(records, for_everybody=True)
    rows = board_rows(numbers, columns, public_file_urls(action), "")
    form = BoardFilterForm(request.GET, numbers=numbers, has_overdue=False)
    own_columns = organisation_columns(columns)
    context: dict[str, Any] = {
        **hooks.site_frame_context(request),
        "action": action,
        "title": public_title(action),
        "is_open": not closed_reason(action, today),
        "languages": _language_switch(slug),
        "here": reverse("write_board", args=[slug]),
        "form": form,
        "rows": narrowed(rows, form.wanted),
        "every": len(rows),
        "columns": columns,
        "median": median_days(numbers),
        "organisation_columns": own_columns,
        "organisations": public_organisation_rows(records, own_columns),
    }
    return render(request, "campaigns/letters/board/public.html", context)


def _language_switch(slug: str) -> list[dict[str, object]]:
    """The same page in each language."""
    own = (get_language() or "").split("-")[0]
    found: list[dict[str, object]] = []
    for code, name in content_languages():
        with override(code):
            url = reverse("write_board", args=[slug])
        found.append({"code": code, "name": name, "url": url, "current": code == own})
    return found


@require_safe
def public_file(
    request: HttpRequest, slug: str, entry: UUID, part: str
) -> HttpResponse | StreamingHttpResponse:
    """The file of an answer or a stance, without metadata. 404 unless it is published and may be."""
    action = get_object_or_404(public_actions(), slug=slug)
    row = get_object_or_404(FILES[part](action), uuid=entry)
    if row.file is None or not may_be_public(row.file):
        raise Http404
    ending = row.file.name.rpartition(".")[2]
    try:
        return send_in_public(request, row.file, name=f"{part}-{slug}.{ending}")
    except Refused as refusal:
        raise Http404 from refusal
