"""Views of a draft's guests for its editors: list links and uses; create, renew, revoke."""

import datetime
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coalition.accounts.enums import Language
from coalition.accounts.naming import Viewer
from coalition.accounts.views.access import get_viewer
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.http.responses import form_page
from coalition.mail.links import absolute_url
from coalition.workspaces.access import member_required
from coalition.workspaces.naming import person_name
from coalition.workspaces.permissions import Access
from documents.canonical.serialise import CanonicalError
from documents.drafts.access import to_draft
from documents.drafts.enums import (
    GuestAct,
    GuestEnd,
    GuestPurpose,
    Handling,
    IncomingState,
    Verdict,
)
from documents.drafts.models import Draft, DraftText
from documents.drafts.permissions import may_see_guests, require_that
from documents.drafts.token_links import NoSuchLink
from documents.files.views import send_picture
from documents.guests.actions import (
    DEFAULT_LIFETIME_DAYS,
    check_handling_allows_guests,
    make_guest_link,
    record_picture_read,
    renew_guest_link,
    revoke_guest_link,
    use_guest_link,
)
from documents.guests.forms import GuestCommentForm, GuestFileForm, GuestForm
from documents.guests.models import GuestLink
from documents.guests.permissions import (
    guest_page,
    guest_text_or_404,
    is_link_opened,
    may_invite_guests,
    may_see_guest_comments,
    opened_link_required,
    remember_opened_link,
    require_guest_link,
)
from documents.guests.presenters import (
    GuestText,
    guest_comparison,
    guest_page_context,
    guest_text_in,
    guest_threads,
    languages_of_link,
    render_guest_text,
)
from documents.guests.queries import (
    AnnotatedGuestLink,
    files_sent_by_guest,
    guest_links_of,
    pictures_for_guest,
    versions_for_guest,
    visible_guest_acts,
)
from documents.guests.submissions import (
    comment_by_link,
    fetch_file_by_link,
    record_verdict_by_link,
    request_file_by_link,
    send_file_by_link,
)
from documents.interchange.actions.upload import read_failure_reason, read_now_if_quick
from documents.interchange.views import bytes_of, send_export
from documents.legal_review.forms import VerdictForm
from documents.legal_review.queries import verdicts_of_guest

GUESTS_TEMPLATE = "documents/guests/list.html"
ON_A_PAGE = 50


@dataclass(frozen=True)
class GuestLinkRow:
    """One link in the list. `shape`: the state's form and colour (`state.css`)."""

    link: GuestLink
    purpose: str
    what: str
    by: str
    state: str
    shape: str
    note: str
    uses: int
    last_use: datetime.datetime | None
    is_open: bool
    may_renew: bool


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def guest_links_page(request: HttpRequest, draft: UUID) -> HttpResponse:
    """List the guest links; POST creates one and displays its URL this once."""
    access, found = _draft_with_guests(request, draft)
    form = None
    if may_invite_guests(access, found):
        form = GuestForm(request.POST or None, draft=found, initial={"language": Language.KK})
    if request.method == "POST":
        require_that(form is not None, _("The handling mark of this draft lets nobody read it by a link."))
    if request.method == "POST" and form is not None and form.is_valid():
        try:
            made, token = make_guest_link(access=access, draft=found, **form.asked())
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            return _page_with_address(request, access, found, made, token)
    return form_page(request, GUESTS_TEMPLATE, _guests_context(request, access, found, form))


@member_required
@require_safe
def guest_link_uses(request: HttpRequest, draft: UUID, link: UUID) -> HttpResponse:
    """List the uses of one link, newest first."""
    access, found = _draft_with_guests(request, draft)
    row = _guest_link(access, found, link)
    page = Paginator(row.uses.filter(act__in=_visible_acts(access)), ON_A_PAGE).get_page(
        request.GET.get("page")
    )
    context = {
        "access": access,
        "workspace": access.workspace,
        "draft": found,
        "handling": Handling(found.handling),
        "row": _guest_link_row(get_viewer(request), row, may_renew=False),
        "page": page,
    }
    return render(request, "documents/guests/uses.html", context)


@member_required
@require_POST
def renew_link(request: HttpRequest, draft: UUID, link: UUID) -> HttpResponse:
    """Send the same person another link; its URL is displayed this once."""
    access, found = _draft_with_guests(request, draft)
    row = _guest_link(access, found, link)
    try:
        made, token = renew_guest_link(access=access, link=row, days=DEFAULT_LIFETIME_DAYS)
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect("documents:guests", found.uuid)
    return _page_with_address(request, access, found, made, token)


@member_required
@require_POST
def end_guest_link(request: HttpRequest, draft: UUID, link: UUID) -> HttpResponse:
    """Revoke a link at once, without undo: it must not be reactivated by accident."""
    access, found = _draft_with_guests(request, draft)
    revoke_guest_link(access=access, link=_guest_link(access, found, link))
    messages.success(request, _("Taken back: the link opens nothing any more."))
    return redirect("documents:guests", found.uuid)


def _draft_with_guests(request: HttpRequest, draft: UUID) -> tuple[Access, Draft]:
    access, found = to_draft(request, draft)
    require_that(
        may_see_guests(access, found), _("Editors and coordinators see who reads this draft by a link.")
    )
    return access, found


def _visible_acts(access: Access) -> list[GuestAct]:
    return visible_guest_acts(hears_comments=may_see_guest_comments(access))


def _guest_link(access: Access, draft: Draft, uuid: UUID) -> AnnotatedGuestLink:
    row = get_object_or_404(guest_links_of(draft, acts=_visible_acts(access)), uuid=uuid)
    row.draft = draft
    return row


def _page_with_address(
    request: HttpRequest, access: Access, draft: Draft, made: GuestLink, token: str
) -> HttpResponse:
    """Render the page with the URL, which is displayed only now. The mail contains it too."""
    form = GuestForm(draft=draft, initial={"language": Language.KK})
    context = _guests_context(request, access, draft, form)
    address = absolute_url(reverse("guest", args=[token]))
    return render(request, GUESTS_TEMPLATE, context | {"made": made, "address": address})


def _guests_context(
    request: HttpRequest, access: Access, draft: Draft, form: GuestForm | None
) -> dict[str, Any]:
    viewer = get_viewer(request)
    invites = may_invite_guests(access, draft)
    rows = [
        _guest_link_row(viewer, link, may_renew=invites)
        for link in guest_links_of(draft, acts=_visible_acts(access))
    ]
    return {
        "access": access,
        "workspace": access.workspace,
        "draft": draft,
        "handling": Handling(draft.handling),
        "open_rows": [row for row in rows if row.is_open],
        "closed_rows": [row for row in rows if not row.is_open],
        "form": form,
        "why_not": "" if form else _obstacle_to_inviting(access, draft),
        "usual_days": DEFAULT_LIFETIME_DAYS,
    }


def _obstacle_to_inviting(access: Access, draft: Draft) -> str:
    """Return why no link can be created here now, as a sentence."""
    try:
        check_handling_allows_guests(access, draft, "a reason")
    except Refused as refusal:
        return refusal.message
    return _("This draft is in the archive: it can be read, not changed.")


def _guest_link_row(viewer: Viewer, link: AnnotatedGuestLink, *, may_renew: bool) -> GuestLinkRow:
    state, shape, note = _guest_link_state(link)
    return GuestLinkRow(
        link=link,
        purpose=str(GuestPurpose(link.purpose).label),
        what=_describe_scope(link),
        by=person_name(viewer, link.made_by, link.organisation)
        if link.made_by
        else _("Someone who has left"),
        state=state,
        shape=shape,
        note=note,
        uses=link.use_count,
        last_use=link.last_use,
        is_open=link.counts,
        may_renew=may_renew and link.ended_at is None,
    )


def _guest_link_state(link: AnnotatedGuestLink) -> tuple[str, str, str]:
    """Return the state as text, its shape, and the line below it."""
    if link.ended_at is not None:
        return _("Ended"), "objects", str(GuestEnd(link.ended_why).label)
    if link.expires_at <= now():
        return _("Expired"), "abstains", ""
    if not link.counts:
        return _("Opens nothing"), "reopened", _("who made it could not make it any more")
    if link.use_count:
        return _("Open"), "read", ""
    return _("Not used yet"), "unopened", ""


def _describe_scope(link: GuestLink) -> str:
    if link.version is not None:
        return _("%(language)s, version %(number)d") % {
            "language": Language(link.version.language).label,
            "number": link.version.number,
        }
    return Language(link.text.language).label if link.text is not None else _("All languages")


# --- pages ---
# Pages of a guest link: read, compare, comment, without an account.
#
# The first page contains no word of the text, since messengers and mail scanners fetch URLs. A
# button opens the text, in that browser for some hours.


@guest_page
@require_http_methods(["GET", "HEAD", "POST"])
def guest_landing(request: HttpRequest, token: str) -> HttpResponse:
    """Render the purpose of the link, and the button that opens it."""
    if request.method == "POST":
        link = use_guest_link(token=token, act=GuestAct.OPENED)
        remember_opened_link(request, link)
        return redirect("guest_text", token, _first_language(link))
    link = require_guest_link(token)
    if is_link_opened(request, link):
        return redirect("guest_text", token, _first_language(link))
    if request.method == "GET":
        use_guest_link(token=token, act=GuestAct.FOLLOWED)
    return render(request, "documents/guests/landing.html", {"link": link})


@guest_page
@opened_link_required
@require_safe
def guest_text_view(request: HttpRequest, link: GuestLink, token: str, language: str) -> HttpResponse:
    """Render the words of one language."""
    if language not in languages_of_link(link):
        if languages_of_link(link):
            raise Http404
        return render(request, "documents/guests/text.html", guest_page_context(link, token, language))
    if request.method == "GET":
        use_guest_link(token=token, act=GuestAct.READ, language=language)
    return render_guest_text_page(request, link, token, language)


@guest_page
@opened_link_required
@require_safe
def guest_compare(request: HttpRequest, link: GuestLink, token: str, language: str) -> HttpResponse:
    """Render the changes since an earlier version, for a legal reader."""
    if not link.may_comment:
        raise Http404
    shown = guest_text_or_404(link, language)
    context = guest_comparison(link, shown, request.GET.get("before", ""))
    if request.method == "GET":
        use_guest_link(token=token, act=GuestAct.COMPARED, language=language)
    return render(
        request,
        "documents/guests/compare.html",
        {**guest_page_context(link, token, language), "shown": shown, **context},
    )


@guest_page
@opened_link_required
@require_POST
def guest_comment_view(request: HttpRequest, link: GuestLink, token: str, language: str) -> HttpResponse:
    """Start a thread of the legal reader, or with `thread` reply in one of their own."""
    if not link.may_comment:
        raise Http404
    shown = guest_text_or_404(link, language)
    form = GuestCommentForm(request.POST)
    if not form.is_valid():
        return render_guest_text_page(request, link, token, language, form=form)
    try:
        comment_by_link(
            token=token, text=shown.text, answers=request.POST.get("thread", ""), **form.cleaned_data
        )
    except Refused as refusal:
        form.add_error("body", refusal.message)
        return render_guest_text_page(request, link, token, language, form=form)
    messages.success(request, _("Sent. The coordinators of this text read it, and nobody else."))
    return redirect("guest_text", token, language)


@guest_page
@require_safe
def guest_picture(request: HttpRequest, token: str, language: str, file: UUID) -> HttpResponseBase:
    """Send a picture of the words that the link opens."""
    link = require_guest_link(token)
    if not is_link_opened(request, link):
        raise Http404
    shown = guest_text_or_404(link, language)
    found = get_object_or_404(pictures_for_guest(link, shown.document), uuid=file)
    if request.method == "GET":
        record_picture_read(link=link, token=token, language=language)
    return send_picture(request, found)


def render_guest_text_page(
    request: HttpRequest,
    link: GuestLink,
    token: str,
    language: str,
    *,
    form: GuestCommentForm | None = None,
    file_form: GuestFileForm | None = None,
    verdict_form: VerdictForm | None = None,
) -> HttpResponse:
    """Render the page of a text; the forms contain submitted input with errors."""
    context = guest_page_context(link, token, language)
    try:
        shown = guest_text_in(link, language)
    except CanonicalError as error:
        return render(request, "documents/guests/text.html", context | {"why": error.message})
    context |= {
        "shown": shown,
        "words": render_guest_text(link, shown, token),
        "code": request.GET.get("code", ""),
    }
    context |= _purpose_context(link, shown)
    forms = {"form": form, "file_form": file_form, "verdict_form": verdict_form}
    context |= {name: sent for name, sent in forms.items() if sent is not None}
    refused = any(sent is not None and sent.errors for sent in forms.values())
    return render(request, "documents/guests/text.html", context, status=422 if refused else 200)


def _purpose_context(link: GuestLink, shown: GuestText) -> dict[str, Any]:
    """Return the context beside the words, by the purpose of the link."""
    of = shown.text
    if link.may_comment:
        return {
            "verdict_form": VerdictForm(prefix="verdict", initial={"digest": shown.hash})
            if shown.hash
            else None,
            "verdicts": verdicts_of_guest(link.uuid, of),
            "threads": guest_threads(link, of),
            "form": GuestCommentForm(),
            "compares": versions_for_guest(link, of).exists(),
        }
    if link.may_take_file:
        return {"file_form": GuestFileForm(), "files": list(files_sent_by_guest(link, of))}
    return {}


def _first_language(link: GuestLink) -> str:
    """Return the initial language: the guest's own if it is written, else the first available."""
    there = languages_of_link(link)
    return link.language if link.language in there or not there else there[0]


# --- verdict ---
# Verdict of a legal reader without a seat, by their guest link.


@guest_page
@opened_link_required
@require_POST
def verdict_by_link(request: HttpRequest, link: GuestLink, token: str, language: str) -> HttpResponse:
    """Record the verdict of a legal reader without a seat."""
    if not link.may_comment or language not in languages_of_link(link):
        raise NoSuchLink
    shown = guest_text_or_404(link, language)
    form = VerdictForm(request.POST, prefix="verdict")
    if not form.is_valid():
        return render_guest_text_page(request, link, token, language, verdict_form=form)
    sent = form.cleaned_data
    try:
        record_verdict_by_link(
            token=token,
            text=shown.text,
            digest=sent["digest"],
            verdict=Verdict(sent["verdict"]),
            note=sent["note"],
        )
    except Refused as refusal:
        form.add_error("note", refusal.message)
        return render_guest_text_page(request, link, token, language, verdict_form=form)
    messages.success(request, _("Kept. The coordinators have been told."))
    return redirect("guest_text", token, language)


# --- files ---
# The Word file of a guest: downloaded, edited elsewhere, and uploaded.


@guest_page
@opened_link_required
@require_POST
def download(request: HttpRequest, link: GuestLink, token: str, language: str) -> HttpResponseBase:
    """Return the text as a Word file. A slow one is generated in a background job; the next request
    returns it."""
    text = _text_for_files(link, language)
    made = None
    if code := request.POST.get("code", ""):
        made = fetch_file_by_link(token=token, text=text, code=code)
    if made is None:
        made = request_file_by_link(token=token, text=text)
    content = bytes_of(made)
    if content is not None:
        return send_export(made, content)
    if made.is_long and not made.failed:
        messages.info(request, _("The file is large and being made. Press again in a minute."))
        return redirect(reverse("guest_text", args=[token, language]) + f"?{urlencode({'code': made.code})}")
    messages.error(request, _("The file could not be made. Tell the person who sent you the link."))
    return redirect("guest_text", token, language)


@guest_page
@opened_link_required
@require_POST
def guest_upload(request: HttpRequest, link: GuestLink, token: str, language: str) -> HttpResponse:
    """Upload the edited file, stored until an editor of the text has reviewed it."""
    text = _text_for_files(link, language)
    form = GuestFileForm(request.POST, request.FILES)
    if not form.is_valid():
        return render_guest_text_page(request, link, token, language, file_form=form)
    sent = form.cleaned_data["file"]
    try:
        file = send_file_by_link(token=token, text=text, content=sent, name=sent.name)
    except Refused as refusal:
        form.add_error("file", refusal.message)
        return render_guest_text_page(request, link, token, language, file_form=form)
    file = read_now_if_quick(file)
    if file.state == IncomingState.REFUSED:
        messages.error(request, read_failure_reason(file))
    else:
        messages.success(request, _("Sent. The editors of this text look at your changes one by one."))
    return redirect("guest_text", token, language)


def _text_for_files(link: GuestLink, language: str) -> DraftText:
    if not link.may_take_file:
        raise Http404
    return guest_text_or_404(link, language).text
