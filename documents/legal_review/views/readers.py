"""Naming the legal readers of a draft."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from coalition.accounts.enums import Language
from coalition.core.errors import Refused
from coalition.workspaces import access as door
from coalition.workspaces.queries import seats_in
from documents.comments.views.panel import answer
from documents.drafts.access import to_draft, to_legal_reader
from documents.drafts.models.draft import Draft, DraftText
from documents.drafts.permissions import may_name_legal_reader, require_that
from documents.drafts.queries.drafts import texts_of
from documents.drafts.request_values import uuid_sent
from documents.legal_review.actions.readers import end_legal_reader, name_legal_reader


@door.members_only
@require_POST
def name(request: HttpRequest, draft: UUID) -> HttpResponse:
    """Name a member, by their seat, as a legal reader of the draft."""
    access, found = to_draft(request, draft)
    require_that(may_name_legal_reader(access, found), _("Coordinators name the legal readers of a draft."))
    text = _text(request, found)
    chosen = uuid_sent(request.POST.get("seat", ""))
    seat = seats_in(access.workspace).filter(uuid=chosen).first() if chosen is not None else None
    if seat is None:
        return answer(request, text, error=_("Choose a person."))
    try:
        name_legal_reader(access=access, draft=found, seat=seat)
    except Refused as refusal:
        return answer(request, text, error=str(refusal))
    return answer(request, text, done=_("The person is a legal reader of this draft now."))


@door.members_only
@require_POST
def end(request: HttpRequest, reader: UUID) -> HttpResponse:
    """Take it back."""
    access, found = to_legal_reader(request, reader)
    end_legal_reader(access=access, reader=found)
    text = _text(request, found.draft)
    return answer(request, text, done=_("The person is no longer a legal reader of this draft."))


def _text(request: HttpRequest, draft: Draft) -> DraftText:
    """The text whose page the person stands on."""
    wanted = request.POST.get("language", "")
    language = wanted if wanted in Language.values else draft.first_language
    text: DraftText = get_object_or_404(texts_of(draft), language=language)
    text.draft = draft
    return text
