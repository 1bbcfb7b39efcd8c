"""Files that nginx sends in our place, after the right was asked here (`X_ACCEL`; deploy/nginx.conf)."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coalition.accounts.naming import display_name_for
from coalition.accounts.views.access import get_person, get_viewer
from coalition.core.errors import Refused
from coalition.http.responses import form_page
from coalition.workspaces.access import member_required
from coalition.workspaces.naming import person_name
from coalition.workspaces.notifications.unread import mark_subjects_read
from coalition.workspaces.permissions import Access
from documents.drafts.access import reading, to_text
from documents.drafts.enums import Handling, IncomingState, TextKind
from documents.drafts.permissions import may_create, may_export, may_suggest_in, require_that
from documents.files.views import pieces
from documents.interchange.actions.accept import Taken, discard, take_in, take_in_as_new
from documents.interchange.actions.export import export_text, make_file, token_of
from documents.interchange.actions.upload import read_now_if_quick, send_new, why_not
from documents.interchange.actions.upload import send_back as send_back_file
from documents.interchange.file_authors import names_told
from documents.interchange.formats import Format, View, sentences
from documents.interchange.forms import AuthorsForm, NewFromFileForm, SendBackForm
from documents.interchange.models import ExportedFile, IncomingFile
from documents.interchange.permissions import may_take_in
from documents.interchange.presenters import Preview, preview
from documents.interchange.queries import exported_by, incoming_for
from documents.interchange.reader.unpack import MOST_BYTES


def send_made(made: ExportedFile, content: bytes) -> StreamingHttpResponse:
    """A file that a text left as. The right was asked by the caller."""
    headers = {
        "Content-Disposition": content_disposition_header(True, made.name) or "attachment",  # noqa: FBT003  as Django has it
        "Content-Length": str(len(content)),
        "X-Content-Type-Options": "nosniff",
        "X-Handling": Handling(made.handling).tlp,
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cache-Control": "no-store, private",
    }
    media_type = Format(made.format).media_type
    return StreamingHttpResponse(pieces(content), headers=headers, content_type=media_type)


# --- views ---
# Taking a text out as a file: asking for it, waiting for a long one, taking it.


@member_required
@require_POST
def export(request: HttpRequest, draft: UUID, language: str) -> HttpResponse:
    """Ask for a file: `format` and `view`. A long one is made beside the page, others are taken at once."""
    access, text = to_text(request, draft, language)
    form, view = request.POST.get("format", ""), request.POST.get("view", "")
    if form not in Format.values or view not in View.values:
        messages.error(request, _("Choose what the file should be."))
        return redirect(text)
    made = export_text(access=access, text=text, format=Format(form), view=View(view))
    return redirect(made) if made.is_long else redirect("documents:exported_file", made.uuid)


@member_required
@require_safe
def exported(request: HttpRequest, exported: UUID) -> HttpResponse:
    """A long file: whether it is there yet. htmx asks for that alone."""
    access, made = _to_made(request, exported)
    context = {
        "access": access,
        "workspace": access.workspace,
        "draft": made.text.draft,
        "text": made.text,
        "made": made,
        "format": Format(made.format),
        "handling": Handling(made.text.draft.handling),
    }
    part = request.headers.get("HX-Target") == "exported"
    template = "_exported.html" if part else "exported.html"
    return render(request, f"documents/exchange/{template}", context)


@member_required
@require_safe
def exported_file(request: HttpRequest, exported: UUID) -> HttpResponseBase:
    """The file itself, for who asked for it, for a day."""
    _access, made = _to_made(request, exported)
    if made.handling != made.text.draft.handling:
        messages.error(
            request, _("The draft has another mark now. Take it out again, so that the file has it.")
        )
        return redirect(made.text)
    if made.is_long:
        if not made.file:
            return redirect(made)
        with made.file.open("rb") as kept:
            content: bytes | None = kept.read()
    else:
        content = make_file(made, token_of(made))
    if content is None:
        messages.error(
            request, _("The file could not be made. Try another kind, or tell who runs this site.")
        )
        return redirect(made.text)
    return send_made(made, content)


def _to_made(request: HttpRequest, uuid: UUID) -> tuple[Access, ExportedFile]:
    made = get_object_or_404(exported_by(request.user), uuid=uuid)
    access = reading(request, made.text.draft.workspace.uuid)
    require_that(may_export(access, made.text.draft))
    return access, made


def bytes_of(made: ExportedFile) -> bytes | None:
    """The bytes, if they are there or quickly made."""
    if made.file:
        with made.file.open("rb") as kept:
            content: bytes = kept.read()
        return content
    return None if made.is_long else make_file(made, token_of(made))


# --- incoming ---
# Word files that come in: sending one, looking at what it would bring, taking it in or discarding it.


SHOWN = 200  # changes on the page; all of them come in


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def back(request: HttpRequest, draft: UUID, language: str) -> HttpResponse:
    """Send a Word file back into its text."""
    access, text = to_text(request, draft, language)
    require_that(may_suggest_in(access, text.draft), _("Who may suggest changes here brings files back."))
    form = SendBackForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        sent = form.cleaned_data["file"]
        try:
            file = send_back_file(access=access, text=text, content=sent, name=sent.name)
        except Refused as refusal:
            form.add_error("file", refusal.message)
        else:
            return redirect(read_now_if_quick(file))
    context = {
        "access": access,
        "workspace": access.workspace,
        "draft": text.draft,
        "text": text,
        "handling": Handling(text.draft.handling),
        "form": form,
        "max_bytes": MOST_BYTES,
    }
    return form_page(request, "documents/exchange/send_back.html", context)


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, workspace: UUID) -> HttpResponse:
    """Send a file that becomes a draft."""
    access = reading(request, workspace)
    require_that(may_create(access), _("Contributors, editors and coordinators start drafts here."))
    initial = {"kind": TextKind.STATEMENT, "language": get_person(request).language}
    form = NewFromFileForm(request.POST or None, request.FILES or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        sent = given.pop("file")
        try:
            file = send_new(access=access, content=sent, name=sent.name, **given)
        except Refused as refusal:
            form.add_error("file", refusal.message)
        else:
            return redirect(read_now_if_quick(file))
    context = {"access": access, "workspace": access.workspace, "form": form, "max_bytes": MOST_BYTES}
    return form_page(request, "documents/exchange/send_new.html", context)


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def incoming(request: HttpRequest, incoming: UUID) -> HttpResponse:
    """A file that came in: whether it is read, what it would bring; a POST takes it in or discards it."""
    file = get_object_or_404(incoming_for(request.user), uuid=incoming)
    access = reading(request, file.workspace.uuid)
    if not may_take_in(access, file):
        raise Http404
    mark_subjects_read(request, file.uuid)
    if file.text is not None:
        file.text.draft.workspace = access.workspace
    context = _around(request, access, file)
    if request.headers.get("HX-Target") == "incoming-state":
        return render(request, "documents/exchange/_reading.html", context)
    if file.state != IncomingState.READY:
        return _discarded(request, access, file) if _discards(request) else _page(request, context)
    coming = preview(access=access, file=file)
    told = names_told(get_viewer(request), file, coming.names)
    form = _form(request, access, file, coming, told)
    coming = coming.named(told)
    if _discards(request):
        return _discarded(request, access, file)
    if request.method == "POST" and form.is_valid():
        return _taken(request, access, file, form)
    shown = {"coming": coming, "form": form, "changes": coming.changes[:SHOWN], "most": SHOWN}
    return _page(request, context | shown)


def _page(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    return render(request, "documents/exchange/incoming.html", context)


def _discards(request: HttpRequest) -> bool:
    return request.method == "POST" and request.POST.get("act") == "discard"


def _form(
    request: HttpRequest, access: Access, file: IncomingFile, coming: Preview, told: Mapping[str, str]
) -> AuthorsForm:
    names = [author.name for author in coming.authors]
    me = person_name(get_viewer(request), access.user, access.organisation)
    return AuthorsForm(request.POST or None, file=file, names=names, told=told, me=me)


def _around(request: HttpRequest, access: Access, file: IncomingFile) -> dict[str, Any]:
    viewer = get_viewer(request)
    by = file.guest_name or (person_name(viewer, file.sent_by, file.organisation) if file.sent_by else "")
    context: dict[str, Any] = {
        "access": access,
        "workspace": access.workspace,
        "file": file,
        "by": by,
        "organisation": display_name_for(viewer, file.organisation),
        "is_reading": file.state == IncomingState.READING,
        "why": why_not(file) if file.state == IncomingState.REFUSED else "",
        "stayed": sentences(file.report.get("left_out", {})),
        "base": "workspaces/base.html",
    }
    if file.text is not None:
        draft = file.text.draft
        about = {"draft": draft, "text": file.text, "handling": Handling(draft.handling)}
        context |= {**about, "base": "documents/editor/base.html"}
    return context


def _taken(request: HttpRequest, access: Access, file: IncomingFile, form: AuthorsForm) -> HttpResponse:
    act = take_in if file.text is not None else take_in_as_new
    try:
        taken: Taken = act(access=access, file=file, choices=form.choices())
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect(file)
    _tell(request, file, taken)
    return redirect("documents:text", taken.text.draft.uuid, taken.text.language)


def _tell(request: HttpRequest, file: IncomingFile, taken: Taken) -> None:
    """What came in, and what did not."""
    came = []
    if taken.suggestions:
        words = ngettext(
            "%(count)d suggestion came in. It stands beside the text.",
            "%(count)d suggestions came in. They stand beside the text.",
            taken.suggestions,
        )
        came.append(words % {"count": taken.suggestions})
    if taken.comments:
        words = ngettext("%(count)d comment came in.", "%(count)d comments came in.", taken.comments)
        came.append(words % {"count": taken.comments})
    if not came and file.text is None:
        came.append(_("The draft is there."))
    elif not came:
        came.append(_("The file says what the text says: nothing came in."))
    messages.success(request, " ".join(came))
    if stayed := sentences(taken.left_out.report):
        messages.warning(request, " ".join([_("Not everything came in."), *stayed]))


def _discarded(request: HttpRequest, access: Access, file: IncomingFile) -> HttpResponse:
    try:
        discard(access=access, file=file)
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect(file)
    messages.success(request, _("The file is discarded. Nothing of it came in."))
    if file.text is None:
        return redirect("documents:drafts", access.workspace.uuid)
    return redirect(file.text)
