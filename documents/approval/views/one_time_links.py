"""One-time links of a round, for its coordinators and representatives of an organisation asked."""

import json
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coalition.accounts.enums import Language
from coalition.accounts.models import Organisation
from coalition.accounts.naming import PUBLIC, Viewer, display_name_for, may_see_name
from coalition.accounts.permissions import represents
from coalition.accounts.views.access import get_person, get_viewer
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.http.responses import form_page
from coalition.jobs.date_formats import moment_with_time_zone
from coalition.mail.links import absolute_url
from coalition.workspaces.access import member_required
from coalition.workspaces.naming import person_name
from documents.approval.actions.offline import Answer
from documents.approval.actions.one_time_links import (
    LinkCreator,
    decide_by_link,
    make_one_time_link,
    open_one_time_link,
    revoke_one_time_link,
)
from documents.approval.attestations import reliable_languages
from documents.approval.forms import OneTimeAnswerForm, OneTimeForm
from documents.approval.models import ApprovalRound, OneTimeLink, RoundText
from documents.approval.permissions import to_round
from documents.approval.queries.boards import board_of
from documents.approval.queries.one_time_links import (
    AnnotatedOneTimeLink,
    link_versions_unchanged,
    one_time_link_of,
    one_time_links_in,
)
from documents.approval.queries.rounds import asked_of, languages_in_round
from documents.canonical.form import Document
from documents.canonical.html import PictureSource, render_html
from documents.canonical.serialise import short_hash
from documents.drafts.enums import DecisionKind, LinkEnd
from documents.drafts.permissions import may_submit_for_approval, require_that
from documents.drafts.queries import READER_NAMING_MARKS
from documents.drafts.token_links import NoSuchLink, token_page
from documents.files.models import StoredFile
from documents.files.queries import pictures_in
from documents.files.views import send_picture

LINKS_TEMPLATE = "documents/ways/links.html"


@dataclass(frozen=True)
class OneTimeLinkRow:
    """One link as displayed; `uses`: its latest uses."""

    link: OneTimeLink
    organisation: str
    by: str
    languages: str
    state: str
    shape: str
    uses: list[Any]
    is_open: bool


@dataclass(frozen=True)
class LinksPageScope:
    """The scope of the page: a coordinator's for all asked, or a representative's for one
    organisation."""

    maker: LinkCreator
    round: ApprovalRound
    organisations: list[Organisation]
    own: Organisation | None = None

    @property
    def address(self) -> str:
        if self.own is not None:
            return reverse("documents:one_time_links_for", args=[self.round.uuid, self.own.uuid])
        return reverse("documents:one_time_links", args=[self.round.uuid])


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def one_time_links_page(
    request: HttpRequest, round_uuid: UUID, organisation: UUID | None = None
) -> HttpResponse:
    """List the people who decide by a one-time link; a POST makes one. Its URL is mailed; a
    representative also sees it, once."""
    room = _page_scope(request, round_uuid, organisation)
    form = _link_form(request, room, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made, token = make_one_time_link(maker=room.maker, round_=room.round, **form.asked())
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            context = _links_context(request, room, _link_form(request, room, None))
            address = absolute_url(reverse("one_time", args=[token])) if room.own is not None else ""
            return render(request, LINKS_TEMPLATE, {**context, "made": made, "address": address})
    return form_page(request, LINKS_TEMPLATE, _links_context(request, room, form))


@member_required
@require_POST
def end_one_time_link(
    request: HttpRequest, round_uuid: UUID, link: UUID, organisation: UUID | None = None
) -> HttpResponse:
    """Revoke a link at once; there is no undo."""
    room = _page_scope(request, round_uuid, organisation)
    found = get_object_or_404(one_time_links_in(room.round), uuid=link)
    if room.own is not None and found.organisation_id != room.own.pk:
        raise Http404
    found.round = room.round
    revoke_one_time_link(maker=room.maker, link=found)
    messages.success(request, _("Taken back: the link decides nothing any more."))
    return redirect(room.address)


def _page_scope(request: HttpRequest, round_uuid: UUID, organisation: UUID | None) -> LinksPageScope:
    person = get_person(request)
    if organisation is not None:
        asked = get_object_or_404(asked_of(person), round__uuid=round_uuid, organisation__uuid=organisation)
        if not represents(person, asked.organisation):
            raise Http404
        return LinksPageScope(LinkCreator(person), asked.round, [asked.organisation], asked.organisation)
    access, round_ = to_round(request, round_uuid)
    require_that(may_submit_for_approval(access, round_.draft), _("Coordinators make one-time links."))
    rows = round_.asked.select_related("organisation")
    return LinksPageScope(LinkCreator(person, access), round_, [row.organisation for row in rows])


def _link_form(request: HttpRequest, room: LinksPageScope, data: Any) -> OneTimeForm:
    return OneTimeForm(
        data,
        asked=room.organisations,
        put=languages_in_round(room.round),
        viewer=get_viewer(request),
        initial={"language": Language.KK},
    )


def _links_context(request: HttpRequest, room: LinksPageScope, form: OneTimeForm) -> dict[str, Any]:
    viewer = get_viewer(request)
    found = one_time_links_in(room.round).prefetch_related("uses")
    if room.own is not None:
        found = found.filter(organisation=room.own)
    rows = [_link_row(viewer, link) for link in found]
    return {
        "round": room.round,
        "draft": room.round.draft,
        "own": room.own,
        "room": room,
        "rows": rows,
        "form": form,
        "back": reverse("documents:decide_for", args=[room.round.uuid, room.own.uuid])
        if room.own
        else room.round.get_absolute_url(),
    }


def _link_row(viewer: Viewer, link: AnnotatedOneTimeLink) -> OneTimeLinkRow:
    counts = link.counts and link_versions_unchanged(link)
    state, shape = _link_state(link, counts=counts)
    return OneTimeLinkRow(
        link=link,
        organisation=display_name_for(viewer, link.organisation),
        by=person_name(viewer, link.made_by, link.made_for) if link.made_by else _("Someone who has left"),
        languages=", ".join(str(Language(code).label) for code in link.languages),
        state=state,
        shape=shape,
        uses=list(link.uses.all())[:5],
        is_open=link.ended_at is None and link.expires_at > now(),
    )


def _link_state(link: OneTimeLink, *, counts: bool) -> tuple[str, str]:
    if link.ended_why == LinkEnd.USED:
        return _("Decided"), "approved"
    if link.ended_at is not None:
        return _("Taken back"), "objects"
    if link.expires_at <= now():
        return _("Expired"), "abstains"
    if not counts:
        return _("Dead: the words were changed, or who made it could not make it any more"), "reopened"
    return _("Waits for the answer"), "unopened"


# --- one time ---
# Pages of a one-time link: the texts and their hashes, and deciding once. GET displays, POST acts.


def _language_of(token: str) -> str | None:
    found = one_time_link_of(token)
    return found.language if found else None


@token_page(_language_of)
@require_http_methods(["GET", "HEAD", "POST"])
def decide_by_one_time_link(request: HttpRequest, token: str) -> HttpResponse:
    """Display the texts, one language per tab, and the possible answers; a POST records one."""
    link = one_time_link_of(token)
    if link is None:
        raise NoSuchLink
    if request.method != "POST":
        language = _shown_language(request, link)
        if request.method == "GET":
            open_one_time_link(token=token, language=language)
        return _one_time_page(request, link, token, language)
    form = OneTimeAnswerForm(request.POST, link=link, relies=_may_rely(link))
    if not form.is_valid():
        return _one_time_page(request, link, token, _shown_language(request, link), form)
    try:
        decide_by_link(token=token, answer=_answer_from_form(link, form))
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return _one_time_page(request, link, token, _shown_language(request, link), form)
    return redirect("one_time_done")


@require_safe
def one_time_done(request: HttpRequest) -> HttpResponse:
    """Confirm that the answer is recorded and the link used up, without saying what it was
    about."""
    return render(request, "documents/ways/done.html")


@token_page(_language_of)
@require_safe
def one_time_picture(request: HttpRequest, token: str, file: UUID) -> HttpResponseBase:
    """Serve a picture of the texts that the link opens."""
    link = one_time_link_of(token)
    if link is None:
        raise NoSuchLink
    wanted = {
        name: one["sha256"]
        for text in _round_texts(link)
        for name, one in _document(text)["pictures"].items()
    }
    found = get_object_or_404(_pictures_for_link(link, [str(file)]))
    if wanted.get(str(file)) != found.sha256:
        raise Http404
    return send_picture(request, found)


def _answer_from_form(link: OneTimeLink, form: OneTimeAnswerForm) -> Answer:
    decision = DecisionKind(form.cleaned_data["decision"])
    languages = link.words if decision in form.WHOLE else form.cleaned_data["languages"]
    relies = form.cleaned_data["relies"] if decision == DecisionKind.APPROVED else []
    return Answer(
        decision=decision,
        hashes={code: link.words[code] for code in languages},
        relies={code: link.words[code] for code in relies if code not in languages},
        reason=form.cleaned_data["reason"],
    )


def _shown_language(request: HttpRequest, link: OneTimeLink) -> str:
    wanted = request.GET.get("language", "")
    if wanted in link.words:
        return wanted
    return link.language if link.language in link.languages else str(link.languages[0])


def _may_rely(link: OneTimeLink) -> list[str]:
    """Return other languages that are attested to say the same as its own."""
    return reliable_languages(board_of(link.round, PUBLIC).matrix.data, link.languages)


def _round_texts(link: OneTimeLink) -> list[RoundText]:
    rows = RoundText.objects.filter(round=link.round).select_related("version")
    return sorted(rows, key=lambda text: Language.values.index(text.language))


def _document(text: RoundText) -> Document:
    return cast("Document", json.loads(text.version.canonical))


def _pictures_for_link(link: OneTimeLink, uuids: list[str]) -> Any:
    """Return the pictures, without those whose own handling mark is narrower than any link."""
    return pictures_in(link.round.draft.workspace, uuids).exclude(handling__in=READER_NAMING_MARKS)


def _one_time_page(
    request: HttpRequest, link: OneTimeLink, token: str, language: str, form: OneTimeAnswerForm | None = None
) -> HttpResponse:
    texts = _round_texts(link)
    text = next(one for one in texts if one.language == language)
    told = may_see_name(PUBLIC, link.organisation)  # the link may have been forwarded
    context = {
        "link": link,
        "token": token,
        "text": text,
        "language": language,
        "organisation": display_name_for(PUBLIC, link.organisation) if told else "",
        "message": link.round.message,
        "deadline": moment_with_time_zone(link.expires_at),
        "hash": short_hash(text.version.hash),
        "full_hash": text.version.hash,
        "words": _render_with_pictures(link, _document(text), token),
        "tabs": [
            {
                "label": Language(one.language).label,
                "url": f"?language={one.language}",
                "current": one.language == language,
            }
            for one in texts
        ],
        "form": form or OneTimeAnswerForm(link=link, relies=_may_rely(link)),
    }
    status = 422 if form is not None else 200
    return render(request, "documents/ways/one_time.html", context, status=status)


def _render_with_pictures(link: OneTimeLink, document: Document, token: str) -> SafeString:
    files: dict[str, StoredFile] = {
        str(one.uuid): one for one in _pictures_for_link(link, list(document["pictures"]))
    }

    def picture_url(identity: str, sha256: str) -> PictureSource | None:
        file = files.get(identity)
        if file is None or file.sha256 != sha256:
            return None
        address = reverse("one_time_picture", args=[token, file.uuid])
        return {"src": address, "width": file.width or 0, "height": file.height or 0}

    return render_html(document, picture_url=picture_url, heading_shift=1, with_title=True)
