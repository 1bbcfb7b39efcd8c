"""Guest links: for a draft's editors, and the pages behind a link."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _, gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coalition.accounts.models import Language
from coalition.accounts.naming import Viewer
from coalition.accounts.views.access import get_viewer
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.mail.outbox import absolute_url
from coalition.workspaces.access import member_required
from coalition.workspaces.permissions import Access
from coalition.workspaces.sentence_params import person_name
from documents.canonical.form import CanonicalError
from documents.drafts.access import NoSuchLink, remember_opened, to_draft
from documents.drafts.generic_views import DraftFormView, document_action
from documents.drafts.models import Draft, DraftText, GuestAct, Handling, IncomingState, Verdict
from documents.drafts.permissions import may_see_guests, require_that
from documents.files.views import send_picture
from documents.guests import actions, permissions, presenters, queries, submissions
from documents.guests.forms import GuestCommentForm, GuestFileForm, GuestForm
from documents.guests.models import GuestLink
from documents.interchange.actions.upload import read_failure_reason, read_now_if_quick
from documents.interchange.views import bytes_of, send_export
from documents.legal_review.queries import verdicts_of_guest
from documents.legal_review.views import VerdictForm

ON_A_PAGE = 50


def _draft_with_guests(request: HttpRequest, draft: UUID) -> tuple[Access, Draft]:
    access, found = to_draft(request, draft)
    require_that(
        may_see_guests(access, found), _("Editors and coordinators see who reads this draft by a link.")
    )
    return access, found


def _draft_with_link(
    request: HttpRequest, draft: UUID, link: UUID
) -> tuple[Access, queries.AnnotatedGuestLink]:
    access, found = _draft_with_guests(request, draft)
    rows = queries.guest_links_of(found, acts=permissions.visible_guest_acts(access))
    row = get_object_or_404(rows, uuid=link)
    row.draft = found
    return access, row


class GuestLinksView(DraftFormView):
    """List the guest links; POST creates one and displays its URL this once."""

    form_class = GuestForm
    template_name = "documents/guests/list.html"
    initial = {"language": Language.KK}

    def load(self) -> None:
        self.access, self.draft = _draft_with_guests(self.request, self.kwargs["draft"])
        self.invites = permissions.may_invite_guests(self.access, self.draft)
        if self.request.method == "POST":
            require_that(self.invites, _("The handling mark of this draft lets nobody read it by a link."))

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"draft": self.draft}

    def get_form(self, form_class: Any = None) -> Any:
        return super().get_form(form_class) if self.invites else None

    def save(self, form: GuestForm) -> HttpResponse:
        made, token = actions.make_guest_link(access=self.access, draft=self.draft, **form.arguments())
        return self.page_with_address(made, token)

    def page_with_address(self, made: GuestLink, token: str) -> HttpResponse:
        """Render the page with the URL, which is displayed only now. The mail contains it too."""
        form = GuestForm(draft=self.draft, initial=self.initial)
        address = absolute_url(reverse("guest", args=[token]))
        return self.render_to_response(self.get_context_data(form=form, made=made, address=address))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context, viewer = super().get_context_data(**kwargs), get_viewer(self.request)
        links = queries.guest_links_of(self.draft, acts=permissions.visible_guest_acts(self.access))
        rows = [_guest_link_row(viewer, link) for link in links]
        why_not = ""
        if not self.invites:
            why_not = _("This draft is in the archive: it can be read, not changed.")
            try:
                actions.check_handling_allows_guests(self.access, self.draft, "a reason")
            except Refused as refusal:
                why_not = refusal.message
        return context | {
            "handling": Handling(self.draft.handling),
            "open_rows": [row for row in rows if row["link"].counts],
            "closed_rows": [row for row in rows if not row["link"].counts],
            "may_renew": self.invites,
            "why_not": why_not,
            "usual_days": actions.DEFAULT_LIFETIME_DAYS,
        }


class RenewLinkView(GuestLinksView):
    """Send the same person another link; its URL is displayed this once."""

    http_method_names = ["post"]

    def load(self) -> None:
        self.access, self.link = _draft_with_link(self.request, **self.kwargs)
        self.draft = self.link.draft
        self.invites = permissions.may_invite_guests(self.access, self.draft)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            made, token = actions.renew_guest_link(access=self.access, link=self.link)
        except Refused as refusal:
            messages.error(request, refusal.message)
            return redirect("documents:guests", self.draft.uuid)
        return self.page_with_address(made, token)


@member_required
@require_safe
def guest_link_uses(request: HttpRequest, draft: UUID, link: UUID) -> HttpResponse:
    """List the uses of one link, newest first."""
    access, row = _draft_with_link(request, draft, link)
    uses = row.uses.filter(act__in=permissions.visible_guest_acts(access))
    context = {
        "access": access,
        "workspace": access.workspace,
        "draft": row.draft,
        "handling": Handling(row.draft.handling),
        "row": _guest_link_row(get_viewer(request), row),
        "page": Paginator(uses, ON_A_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "documents/guests/uses.html", context)


@document_action(
    _draft_with_guests,
    back="documents:guests",
    success=gettext_lazy("Taken back: the link opens nothing any more."),
)
def end_guest_link(request: HttpRequest, access: Access, draft: Draft, link: UUID) -> None:
    """Revoke a link at once, without undo: it must not be reactivated by accident."""
    found = get_object_or_404(GuestLink, draft=draft, uuid=link)
    actions.revoke_guest_link(access=access, link=found)


def _guest_link_row(viewer: Viewer, link: queries.AnnotatedGuestLink) -> dict[str, Any]:
    """Return a link for the list. `shape`: the state's form and colour (`state.css`)."""
    note = ""
    if link.ended_at is not None:
        state, shape, note = _("Ended"), "objects", link.get_ended_why_display()
    elif link.expires_at <= now():
        state, shape = _("Expired"), "abstains"
    elif not link.counts:
        state, shape, note = _("Opens nothing"), "reopened", _("who made it could not make it any more")
    elif link.use_count:
        state, shape = _("Open"), "read"
    else:
        state, shape = _("Not used yet"), "unopened"
    if link.version is not None:
        what = _("%(language)s, version %(number)d") % {
            "language": Language(link.version.language).label,
            "number": link.version.number,
        }
    else:
        what = Language(link.text.language).label if link.text is not None else _("All languages")
    by = person_name(viewer, link.made_by, link.organisation) if link.made_by else _("Someone who has left")
    return {"link": link, "what": what, "by": by, "state": state, "shape": shape, "note": note}


# The first page contains no word of the text, since messengers and mail scanners fetch URLs. A
# button opens the text, in that browser for some hours.


@permissions.guest_page
@require_http_methods(["GET", "HEAD", "POST"])
def guest_landing(request: HttpRequest, token: str) -> HttpResponse:
    """Render the purpose of the link, and the button that opens it."""
    if request.method == "POST":
        link = actions.use_guest_link(token=token, act=GuestAct.OPENED)
        remember_opened(request, permissions.OPENED_LINKS_SESSION_KEY, link.uuid)
        return redirect("guest_text", token, _first_language(link))
    link = permissions.require_guest_link(token)
    if permissions.is_link_opened(request, link):
        return redirect("guest_text", token, _first_language(link))
    if request.method == "GET":
        actions.use_guest_link(token=token, act=GuestAct.FOLLOWED)
    return render(request, "documents/guests/landing.html", {"link": link})


@permissions.opened_link_required
@require_safe
def guest_text_view(request: HttpRequest, link: GuestLink, token: str, language: str) -> HttpResponse:
    """Render the words of one language."""
    if language not in presenters.languages_of_link(link):
        if presenters.languages_of_link(link):
            raise Http404
        return render(
            request, "documents/guests/text.html", presenters.guest_page_context(link, token, language)
        )
    if request.method == "GET":
        actions.use_guest_link(token=token, act=GuestAct.READ, language=language)
    return render_guest_text_page(request, link, token, language)


@permissions.opened_link_required
@require_safe
def guest_compare(request: HttpRequest, link: GuestLink, token: str, language: str) -> HttpResponse:
    """Render the changes since an earlier version, for a legal reader."""
    if not link.may_comment:
        raise Http404
    shown = permissions.guest_text_or_404(link, language)
    context = presenters.guest_comparison(link, shown, request.GET.get("before", ""))
    if request.method == "GET":
        actions.use_guest_link(token=token, act=GuestAct.COMPARED, language=language)
    return render(
        request,
        "documents/guests/compare.html",
        {**presenters.guest_page_context(link, token, language), "shown": shown, **context},
    )


@permissions.opened_link_required
@require_POST
def guest_comment_view(request: HttpRequest, link: GuestLink, token: str, language: str) -> HttpResponse:
    """Start a thread of the legal reader, or with `thread` reply in one of their own."""
    if not link.may_comment:
        raise Http404
    text = permissions.guest_text_or_404(link, language).text
    form = GuestCommentForm(request.POST)
    if form.is_valid():
        try:
            answers = request.POST.get("thread", "")
            submissions.comment_by_link(token=token, text=text, answers=answers, **form.cleaned_data)
        except Refused as refusal:
            form.add_error("body", refusal.message)
        else:
            messages.success(request, _("Sent. The coordinators of this text read it, and nobody else."))
            return redirect("guest_text", token, language)
    return render_guest_text_page(request, link, token, language, form=form)


@permissions.guest_page
@require_safe
def guest_picture(request: HttpRequest, token: str, language: str, file: UUID) -> HttpResponseBase:
    """Send a picture of the words that the link opens."""
    link = permissions.require_guest_link(token)
    if not permissions.is_link_opened(request, link):
        raise Http404
    shown = permissions.guest_text_or_404(link, language)
    found = get_object_or_404(queries.pictures_for_guest(link, shown.document), uuid=file)
    if request.method == "GET":
        actions.record_picture_read(link=link, token=token, language=language)
    return send_picture(request, found, language=language)


def render_guest_text_page(
    request: HttpRequest, link: GuestLink, token: str, language: str, **submitted: forms.Form
) -> HttpResponse:
    """Render the page of a text; `submitted`: forms with errors, as `form`, `file_form`, `verdict_form`."""
    context = presenters.guest_page_context(link, token, language)
    try:
        shown = presenters.guest_text_in(link, language)
    except CanonicalError as error:
        return render(request, "documents/guests/text.html", context | {"why": error.message})
    context |= {
        "shown": shown,
        "words": presenters.render_guest_text(link, shown, token),
        "code": request.GET.get("code", ""),
    }
    if link.may_comment:
        verdict = VerdictForm(prefix="verdict", initial={"digest": shown.hash}) if shown.hash else None
        context |= {
            "verdict_form": verdict,
            "verdicts": verdicts_of_guest(link.uuid, shown.text),
            "threads": presenters.guest_threads(link, shown.text),
            "form": GuestCommentForm(),
            "compares": queries.versions_for_guest(link, shown.text).exists(),
        }
    elif link.may_take_file:
        files = list(queries.files_sent_by_guest(link, shown.text))
        context |= {"file_form": GuestFileForm(), "files": files}
    status = 422 if any(form.errors for form in submitted.values()) else 200
    return render(request, "documents/guests/text.html", context | submitted, status=status)


def _first_language(link: GuestLink) -> str:
    """Return the initial language: the guest's own if it is written, else the first available."""
    there = presenters.languages_of_link(link)
    return link.language if link.language in there or not there else there[0]


@permissions.opened_link_required
@require_POST
def verdict_by_link(request: HttpRequest, link: GuestLink, token: str, language: str) -> HttpResponse:
    """Record the verdict of a legal reader without a seat."""
    if not link.may_comment or language not in presenters.languages_of_link(link):
        raise NoSuchLink
    shown = permissions.guest_text_or_404(link, language)
    form = VerdictForm(request.POST, prefix="verdict")
    if form.is_valid():
        given = form.cleaned_data | {"verdict": Verdict(form.cleaned_data["verdict"])}
        try:
            submissions.record_verdict_by_link(token=token, text=shown.text, **given)
        except Refused as refusal:
            form.add_error("note", refusal.message)
        else:
            messages.success(request, _("Kept. The coordinators have been told."))
            return redirect("guest_text", token, language)
    return render_guest_text_page(request, link, token, language, verdict_form=form)


@permissions.opened_link_required
@require_POST
def download(request: HttpRequest, link: GuestLink, token: str, language: str) -> HttpResponseBase:
    """Return the text as a Word file. A slow one is generated in a background job; the next request
    returns it."""
    text = _text_for_files(link, language)
    made = None
    if code := request.POST.get("code", ""):
        made = submissions.fetch_file_by_link(token=token, text=text, code=code)
    if made is None:
        made = submissions.request_file_by_link(token=token, text=text)
    content = bytes_of(made)
    if content is not None:
        return send_export(made, content)
    if made.is_long and not made.failed:
        messages.info(request, _("The file is large and being made. Press again in a minute."))
        return redirect(reverse("guest_text", args=[token, language]) + f"?{urlencode({'code': made.code})}")
    messages.error(request, _("The file could not be made. Tell the person who sent you the link."))
    return redirect("guest_text", token, language)


@permissions.opened_link_required
@require_POST
def guest_upload(request: HttpRequest, link: GuestLink, token: str, language: str) -> HttpResponse:
    """Upload the edited file, stored until an editor of the text has reviewed it."""
    text = _text_for_files(link, language)
    form = GuestFileForm(request.POST, request.FILES)
    if form.is_valid():
        content = form.cleaned_data["file"]
        try:
            file = submissions.send_file_by_link(token=token, text=text, content=content, name=content.name)
        except Refused as refusal:
            form.add_error("file", refusal.message)
        else:
            file = read_now_if_quick(file)
            if file.state == IncomingState.REFUSED:
                messages.error(request, read_failure_reason(file))
            else:
                message = _("Sent. The editors of this text look at your changes one by one.")
                messages.success(request, message)
            return redirect("guest_text", token, language)
    return render_guest_text_page(request, link, token, language, file_form=form)


def _text_for_files(link: GuestLink, language: str) -> DraftText:
    if not link.may_take_file:
        raise Http404
    return permissions.guest_text_or_404(link, language).text
