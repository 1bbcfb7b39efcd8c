"""The guests of a draft, for those who edit it: who reads by a link and what they did; making and ending."""

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
from documents.guests.access import counting, guest_page, is_open, opened, remember, words_shown
from documents.guests.actions import (
    USUAL_DAYS,
    check_mark,
    go_on_reading,
    make_guest_link,
    renew_guest_link,
    revoke_guest_link,
    use_guest_link,
)
from documents.guests.forms import CommentForm, FileForm, GuestForm
from documents.guests.models import GuestLink
from documents.guests.permissions import hears_guests, may_invite_guests
from documents.guests.presenters import (
    Shown,
    around,
    comparison,
    languages_of,
    own_threads,
    shown_in,
    words_of,
)
from documents.guests.queries import (
    GuestLinkUsed,
    acts_told,
    files_sent_by_guest,
    guest_links_of,
    pictures_for_guest,
    versions_for_guest,
)
from documents.guests.submissions import (
    clear_by_link,
    comment_by_link,
    fetch_file_by_link,
    send_file_by_link,
    take_file_by_link,
)
from documents.interchange.actions.upload import read_now_if_quick, why_not
from documents.interchange.views import bytes_of, send_made
from documents.legal_review.forms import VerdictForm
from documents.legal_review.queries import verdicts_of_guest

PAGE = "documents/guests/list.html"
ON_A_PAGE = 50


@dataclass(frozen=True)
class Row:
    """One link as the page shows it. `shape` is the state's form and colour (`state.css`)."""

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
def guests(request: HttpRequest, draft: UUID) -> HttpResponse:
    """Who reads by a link; a POST makes one, and shows its address this once."""
    access, found = _enter(request, draft)
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
            return _with_address(request, access, found, made, token)
    return form_page(request, PAGE, _context(request, access, found, form))


@member_required
@require_safe
def uses(request: HttpRequest, draft: UUID, link: UUID) -> HttpResponse:
    """What was done with one link, newest first."""
    access, found = _enter(request, draft)
    row = _link(access, found, link)
    page = Paginator(row.uses.filter(act__in=_told(access)), ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "access": access,
        "workspace": access.workspace,
        "draft": found,
        "handling": Handling(found.handling),
        "row": _row(get_viewer(request), row, may_renew=False),
        "page": page,
    }
    return render(request, "documents/guests/uses.html", context)


@member_required
@require_POST
def renew(request: HttpRequest, draft: UUID, link: UUID) -> HttpResponse:
    """Send the same person another link; its address is shown this once."""
    access, found = _enter(request, draft)
    row = _link(access, found, link)
    try:
        made, token = renew_guest_link(access=access, link=row, days=USUAL_DAYS)
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect("documents:guests", found.uuid)
    return _with_address(request, access, found, made, token)


@member_required
@require_POST
def take_back(request: HttpRequest, draft: UUID, link: UUID) -> HttpResponse:
    """End a link at once. There is no undo: a link that was taken back may not come to life by a slip."""
    access, found = _enter(request, draft)
    revoke_guest_link(access=access, link=_link(access, found, link))
    messages.success(request, _("Taken back: the link opens nothing any more."))
    return redirect("documents:guests", found.uuid)


def _enter(request: HttpRequest, draft: UUID) -> tuple[Access, Draft]:
    access, found = to_draft(request, draft)
    require_that(
        may_see_guests(access, found), _("Editors and coordinators see who reads this draft by a link.")
    )
    return access, found


def _told(access: Access) -> list[GuestAct]:
    return acts_told(hears_comments=hears_guests(access))


def _link(access: Access, draft: Draft, uuid: UUID) -> GuestLinkUsed:
    row = get_object_or_404(guest_links_of(draft, acts=_told(access)), uuid=uuid)
    row.draft = draft
    return row


def _with_address(
    request: HttpRequest, access: Access, draft: Draft, made: GuestLink, token: str
) -> HttpResponse:
    """The page with the address: the only time that it is told here. The mail has it too."""
    form = GuestForm(draft=draft, initial={"language": Language.KK})
    context = _context(request, access, draft, form)
    address = absolute_url(reverse("guest", args=[token]))
    return render(request, PAGE, context | {"made": made, "address": address})


def _context(request: HttpRequest, access: Access, draft: Draft, form: GuestForm | None) -> dict[str, Any]:
    viewer = get_viewer(request)
    invites = may_invite_guests(access, draft)
    rows = [_row(viewer, link, may_renew=invites) for link in guest_links_of(draft, acts=_told(access))]
    return {
        "access": access,
        "workspace": access.workspace,
        "draft": draft,
        "handling": Handling(draft.handling),
        "open_rows": [row for row in rows if row.is_open],
        "closed_rows": [row for row in rows if not row.is_open],
        "form": form,
        "why_not": "" if form else _why_not(access, draft),
        "usual_days": USUAL_DAYS,
    }


def _why_not(access: Access, draft: Draft) -> str:
    """In words why no link can be made here now."""
    try:
        check_mark(access, draft, "a reason")
    except Refused as refusal:
        return refusal.message
    return _("This draft is in the archive: it can be read, not changed.")


def _row(viewer: Viewer, link: GuestLinkUsed, *, may_renew: bool) -> Row:
    state, shape, note = _state(link)
    return Row(
        link=link,
        purpose=str(GuestPurpose(link.purpose).label),
        what=_what(link),
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


def _state(link: GuestLinkUsed) -> tuple[str, str, str]:
    """The state in words, its shape, and what stands below it."""
    if link.ended_at is not None:
        return _("Ended"), "objects", str(GuestEnd(link.ended_why).label)
    if link.expires_at <= now():
        return _("Expired"), "abstains", ""
    if not link.counts:
        return _("Opens nothing"), "reopened", _("who made it could not make it any more")
    if link.use_count:
        return _("Open"), "read", ""
    return _("Not used yet"), "unopened", ""


def _what(link: GuestLink) -> str:
    if link.version is not None:
        return _("%(language)s, version %(number)d") % {
            "language": Language(link.version.language).label,
            "number": link.version.number,
        }
    return Language(link.text.language).label if link.text is not None else _("All languages")


# --- pages ---
# Pages of a guest link: reading, comparing, commenting, without an account.
#
# The first page shows no word of the text: messengers and mail scanners fetch addresses. A press opens it,
# in
# that browser for some hours.


@guest_page
@require_http_methods(["GET", "HEAD", "POST"])
def guest(request: HttpRequest, token: str) -> HttpResponse:
    """What the link is for, and the button that opens it."""
    if request.method == "POST":
        link = use_guest_link(token=token, act=GuestAct.OPENED)
        remember(request, link)
        return redirect("guest_text", token, _first(link))
    link = counting(token)
    if is_open(request, link):
        return redirect("guest_text", token, _first(link))
    if request.method == "GET":
        use_guest_link(token=token, act=GuestAct.FOLLOWED)
    return render(request, "documents/guests/landing.html", {"link": link})


@guest_page
@opened
@require_safe
def text(request: HttpRequest, link: GuestLink, token: str, language: str) -> HttpResponse:
    """The words of one language."""
    if language not in languages_of(link):
        if languages_of(link):
            raise Http404
        return render(request, "documents/guests/text.html", around(link, token, language))
    if request.method == "GET":
        use_guest_link(token=token, act=GuestAct.READ, language=language)
    return text_page(request, link, token, language)


@guest_page
@opened
@require_safe
def compare(request: HttpRequest, link: GuestLink, token: str, language: str) -> HttpResponse:
    """What changed since an earlier version, for a legal reader."""
    if not link.may_comment:
        raise Http404
    shown = words_shown(link, language)
    context = comparison(link, shown, request.GET.get("before", ""))
    if request.method == "GET":
        use_guest_link(token=token, act=GuestAct.COMPARED, language=language)
    return render(
        request, "documents/guests/compare.html", {**around(link, token, language), "shown": shown, **context}
    )


@guest_page
@opened
@require_POST
def comment(request: HttpRequest, link: GuestLink, token: str, language: str) -> HttpResponse:
    """A new thread of the legal reader, or with `thread` an answer in one of their own."""
    if not link.may_comment:
        raise Http404
    shown = words_shown(link, language)
    form = CommentForm(request.POST)
    if not form.is_valid():
        return text_page(request, link, token, language, form=form)
    try:
        comment_by_link(
            token=token, text=shown.text, answers=request.POST.get("thread", ""), **form.cleaned_data
        )
    except Refused as refusal:
        form.add_error("body", refusal.message)
        return text_page(request, link, token, language, form=form)
    messages.success(request, _("Sent. The coordinators of this text read it, and nobody else."))
    return redirect("guest_text", token, language)


@guest_page
@require_safe
def picture(request: HttpRequest, token: str, language: str, file: UUID) -> HttpResponseBase:
    """A picture of the words that the link shows."""
    link = counting(token)
    if not is_open(request, link):
        raise Http404
    shown = words_shown(link, language)
    found = get_object_or_404(pictures_for_guest(link, shown.document), uuid=file)
    if request.method == "GET":
        go_on_reading(link=link, token=token, language=language)
    return send_picture(request, found)


def text_page(
    request: HttpRequest,
    link: GuestLink,
    token: str,
    language: str,
    *,
    form: CommentForm | None = None,
    file_form: FileForm | None = None,
    verdict_form: VerdictForm | None = None,
) -> HttpResponse:
    """The page of a text; the forms hold what could not be taken."""
    context = around(link, token, language)
    try:
        shown = shown_in(link, language)
    except CanonicalError as error:
        return render(request, "documents/guests/text.html", context | {"why": error.message})
    context |= {"shown": shown, "words": words_of(link, shown, token), "code": request.GET.get("code", "")}
    context |= _beside(link, shown)
    forms = {"form": form, "file_form": file_form, "verdict_form": verdict_form}
    context |= {name: sent for name, sent in forms.items() if sent is not None}
    refused = any(sent is not None and sent.errors for sent in forms.values())
    return render(request, "documents/guests/text.html", context, status=422 if refused else 200)


def _beside(link: GuestLink, shown: Shown) -> dict[str, Any]:
    """What stands beside the words, by what the link is for."""
    of = shown.text
    if link.may_comment:
        return {
            "verdict_form": VerdictForm(prefix="verdict", initial={"digest": shown.hash})
            if shown.hash
            else None,
            "verdicts": verdicts_of_guest(link.uuid, of),
            "threads": own_threads(link, of),
            "form": CommentForm(),
            "compares": versions_for_guest(link, of).exists(),
        }
    if link.may_take_file:
        return {"file_form": FileForm(), "files": list(files_sent_by_guest(link, of))}
    return {}


def _first(link: GuestLink) -> str:
    """The language to begin with: the guest's own if it is written, else the first there is."""
    there = languages_of(link)
    return link.language if link.language in there or not there else there[0]


# --- verdict ---
# The verdict of a legal reader without a seat, by their guest link.


@guest_page
@opened
@require_POST
def verdict_by_link(request: HttpRequest, link: GuestLink, token: str, language: str) -> HttpResponse:
    """The verdict of a legal reader without a seat."""
    if not link.may_comment or language not in languages_of(link):
        raise NoSuchLink
    shown = words_shown(link, language)
    form = VerdictForm(request.POST, prefix="verdict")
    if not form.is_valid():
        return text_page(request, link, token, language, verdict_form=form)
    sent = form.cleaned_data
    try:
        clear_by_link(
            token=token,
            text=shown.text,
            digest=sent["digest"],
            verdict=Verdict(sent["verdict"]),
            note=sent["note"],
        )
    except Refused as refusal:
        form.add_error("note", refusal.message)
        return text_page(request, link, token, language, verdict_form=form)
    messages.success(request, _("Kept. The coordinators have been told."))
    return redirect("guest_text", token, language)


# --- files ---
# The Word file of a guest: downloaded, edited elsewhere, and sent back.


@guest_page
@opened
@require_POST
def download(request: HttpRequest, link: GuestLink, token: str, language: str) -> HttpResponseBase:
    """The text as a Word file. One that takes long is made beside the page: the next press fetches it."""
    text = _text_for_files(link, language)
    made = None
    if code := request.POST.get("code", ""):
        made = fetch_file_by_link(token=token, text=text, code=code)
    if made is None:
        made = take_file_by_link(token=token, text=text)
    content = bytes_of(made)
    if content is not None:
        return send_made(made, content)
    if made.is_long and not made.failed:
        messages.info(request, _("The file is large and being made. Press again in a minute."))
        return redirect(reverse("guest_text", args=[token, language]) + f"?{urlencode({'code': made.code})}")
    messages.error(request, _("The file could not be made. Tell the person who sent you the link."))
    return redirect("guest_text", token, language)


@guest_page
@opened
@require_POST
def send_back(request: HttpRequest, link: GuestLink, token: str, language: str) -> HttpResponse:
    """The file comes back: kept until somebody who edits the text has looked at it."""
    text = _text_for_files(link, language)
    form = FileForm(request.POST, request.FILES)
    if not form.is_valid():
        return text_page(request, link, token, language, file_form=form)
    sent = form.cleaned_data["file"]
    try:
        file = send_file_by_link(token=token, text=text, content=sent, name=sent.name)
    except Refused as refusal:
        form.add_error("file", refusal.message)
        return text_page(request, link, token, language, file_form=form)
    file = read_now_if_quick(file)
    if file.state == IncomingState.REFUSED:
        messages.error(request, why_not(file))
    else:
        messages.success(request, _("Sent. The editors of this text look at your changes one by one."))
    return redirect("guest_text", token, language)


def _text_for_files(link: GuestLink, language: str) -> DraftText:
    if not link.may_take_file:
        raise Http404
    return words_shown(link, language).text
