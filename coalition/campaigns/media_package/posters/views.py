"""Previews of posters at the desk, and taking a changed figure into the text."""

from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _, gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from coalition.accounts.models import Language
from coalition.campaigns.media_package.enums import SET_FORMATS, Format
from coalition.campaigns.media_package.models import MediaItem
from coalition.campaigns.media_package.posters.content import content_of, language_name, numerals_in
from coalition.campaigns.media_package.posters.drawing import preview_poster
from coalition.campaigns.media_package.posters.facts import update_fact_in_text
from coalition.campaigns.media_package.posters.setting import set_missing_files
from coalition.campaigns.media_package.views.desk import to_item
from coalition.core.errors import Refused
from coalition.workspaces.access import member_required
from coalition.workspaces.permissions import Access
from documents.canonical.form import CanonicalError
from documents.drafts.actions.texts import document_as_written, text_content
from documents.drafts.generic_views import document_action
from documents.drafts.queries import drafts_for


@member_required
@require_safe
def preview(request: HttpRequest, item: UUID, format: str) -> HttpResponse:  # noqa: A002  as the URL has it
    """A poster as its text stands now, as PNG: `?in=kk`. A text that does not fit answers 422 in words."""
    _access, found = to_item(request, item)
    chosen, language = _format(format), request.GET.get("in") or Language.KK
    if language not in Language.values:
        raise Http404
    draft = get_object_or_404(drafts_for(request.user), pk=found.draft_id)
    text = draft.texts.filter(language=language).first()
    try:
        if text is None or text.is_empty:
            raise Refused(_("The text in %(language)s is not written yet."), language=language_name(language))
        document = document_as_written(draft=draft, language=language, words=text_content(text))
        drawn = preview_poster(content_of(found, document, numerals_in([document])), chosen)
    except (Refused, CanonicalError) as fault:
        answer = HttpResponse(
            fault.message,
            status=HTTPStatus.UNPROCESSABLE_ENTITY,
            content_type="text/plain; charset=utf-8",
        )
    else:
        answer = HttpResponse(drawn, content_type="image/png")
    answer["Cache-Control"] = "private, no-store"
    return answer


def _format(value: str) -> Format:
    found = next((one for one in SET_FORMATS if one.value == value), None)
    if found is None:
        raise Http404
    return found


@document_action(to_item, back="campaigns:media_item")
def take_new_figure(request: HttpRequest, access: Access, item: MediaItem) -> None:
    """Replace changed figures in the item's text."""
    count = update_fact_in_text(access=access, item=item)
    if not count:
        messages.info(request, _("The text has the newest figures already. It waits for approval."))
        return
    words = ngettext(
        "The new figure is in the text, in %(count)d place. Now have the text approved.",
        "The new figure is in the text, in %(count)d places. Now have the text approved.",
        count,
    )
    messages.success(request, words % {"count": count})


@document_action(
    to_item,
    back="campaigns:media_item",
    success=gettext_lazy("The files are being set from the approved text. They appear here in a minute."),
)
def set_files(_request: HttpRequest, access: Access, item: MediaItem) -> None:
    """Set the files of formats that were chosen after the text was published."""
    set_missing_files(access=access, item=item)
