"""Views of exported and incoming Word files."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from coalition.accounts.naming import display_name_for
from coalition.accounts.views.access import get_person, get_viewer
from coalition.core.errors import Refused
from coalition.http.responses import form_page
from coalition.workspaces.access import member_required
from coalition.workspaces.notifications.notify import mark_subjects_read
from coalition.workspaces.permissions import Access
from coalition.workspaces.sentence_params import person_name
from documents.drafts.access import access_to_drafts, to_text
from documents.drafts.generic_views import document_action
from documents.drafts.models import DraftText, Handling, IncomingState, TextKind
from documents.drafts.permissions import may_create, may_export, may_suggest_in, require_that
from documents.drafts.presenters import draft_context
from documents.files.views import stream_pieces
from documents.interchange.actions.accept import (
    ImportResult,
    discard_incoming_file,
    import_as_new_draft,
    import_into_text,
)
from documents.interchange.actions.export import export_text, make_file, sign_export_token, withheld_pictures
from documents.interchange.actions.upload import (
    read_failure_reason,
    read_now_if_quick,
    upload_new_draft,
    upload_revision as send_back_file,
)
from documents.interchange.formats import FileFormat, SuggestionDisplay, left_out_sentences
from documents.interchange.forms import FileAuthorsForm, NewFromFileForm, UploadRevisionForm
from documents.interchange.models import ExportedFile, IncomingFile
from documents.interchange.presenters import preview_import, show_authors
from documents.interchange.queries import exported_by, incoming_for, may_import
from documents.interchange.reader.unpack import MOST_BYTES


def send_export(made: ExportedFile, content: bytes) -> StreamingHttpResponse:
    """Send an exported text. The caller has checked the right."""
    headers = {
        "Content-Disposition": content_disposition_header(True, made.name) or "attachment",  # noqa: FBT003  as Django has it
        "Content-Length": str(len(content)),
        "X-Content-Type-Options": "nosniff",
        "X-Handling": Handling(made.handling).tlp,
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cache-Control": "no-store, private",
    }
    media_type = FileFormat(made.format).media_type
    return StreamingHttpResponse(stream_pieces(content), headers=headers, content_type=media_type)


@document_action(to_text)
def export_draft_text(request: HttpRequest, access: Access, text: DraftText) -> HttpResponse:
    """Request a file: `format` and `view`. A slow one is generated in a background job, others are
    downloaded at once."""
    form, view = request.POST.get("format", ""), request.POST.get("view", "")
    if form not in FileFormat.values or view not in SuggestionDisplay.values:
        raise Refused(_("Choose what the file should be."))
    made = export_text(access=access, text=text, format=FileFormat(form), view=SuggestionDisplay(view))
    return redirect(made) if made.is_long else redirect("documents:exported_file", made.uuid)


@member_required
@require_safe
def export_status(request: HttpRequest, exported: UUID) -> HttpResponse:
    """Display whether a slow file is ready. htmx requests only that part."""
    access, made = _to_exported_file(request, exported)
    context = draft_context(access, made.text.draft) | {
        "text": made.text,
        "made": made,
        "format": FileFormat(made.format),
    }
    part = request.headers.get("HX-Target") == "exported"
    template = "_exported.html" if part else "exported.html"
    return render(request, f"documents/interchange/{template}", context)


@member_required
@require_safe
def exported_file(request: HttpRequest, exported: UUID) -> HttpResponseBase:
    """Download the file, for the person who requested it, within a day."""
    _access, made = _to_exported_file(request, exported)
    if made.handling != made.text.draft.handling:
        messages.error(
            request, _("The draft has another mark now. Take it out again, so that the file has it.")
        )
        return redirect(made.text)
    if made.is_long and not made.file:
        return redirect(made)
    content = bytes_of(made)
    if content is None:
        messages.error(
            request, _("The file could not be made. Try another kind, or tell who runs this site.")
        )
        return redirect(made.text)
    return send_export(made, content)


def _to_exported_file(request: HttpRequest, uuid: UUID) -> tuple[Access, ExportedFile]:
    made = get_object_or_404(exported_by(request.user), uuid=uuid)
    access = access_to_drafts(request, made.text.draft.workspace.uuid)
    require_that(may_export(access, made.text.draft))
    return access, made


def bytes_of(made: ExportedFile) -> bytes | None:
    """Return the bytes if they are stored or quick to generate, else None. They are made anew if a picture in
    them may not be shown any more."""
    if made.file and withheld_pictures(made.text, made.shown["pictures"]):
        return make_file(made, sign_export_token(made))
    if made.file:
        with made.file.open("rb") as kept:
            content: bytes = kept.read()
        return content
    return None if made.is_long else make_file(made, sign_export_token(made))


CHANGES_SHOWN = 200  # changes displayed on the page; all of them are imported


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def upload_revision_page(request: HttpRequest, draft: UUID, language: str) -> HttpResponse:
    """Upload a Word file for import into its text."""
    access, text = to_text(request, draft, language)
    require_that(may_suggest_in(access, text.draft), _("Who may suggest changes here brings files back."))
    form = UploadRevisionForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        sent = form.cleaned_data["file"]
        try:
            file = send_back_file(access=access, text=text, content=sent, name=sent.name)
        except Refused as refusal:
            form.add_error("file", refusal.message)
        else:
            return redirect(read_now_if_quick(file))
    context = draft_context(access, text.draft) | {
        "text": text,
        "form": form,
        "max_bytes": MOST_BYTES,
    }
    return form_page(request, "documents/interchange/send_back.html", context)


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def upload_new_draft_page(request: HttpRequest, workspace: UUID) -> HttpResponse:
    """Upload a file that becomes a draft."""
    access = access_to_drafts(request, workspace)
    require_that(may_create(access), _("Contributors, editors and coordinators start drafts here."))
    initial = {"kind": TextKind.STATEMENT, "language": get_person(request).language}
    form = NewFromFileForm(request.POST or None, request.FILES or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        sent = given.pop("file")
        try:
            file = upload_new_draft(access=access, content=sent, name=sent.name, **given)
        except Refused as refusal:
            form.add_error("file", refusal.message)
        else:
            return redirect(read_now_if_quick(file))
    context = {"access": access, "workspace": access.workspace, "form": form, "max_bytes": MOST_BYTES}
    return form_page(request, "documents/interchange/send_new.html", context)


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def review_incoming_file(request: HttpRequest, incoming: UUID) -> HttpResponse:
    """Display the state and preview of an incoming file; a POST accepts or discards it."""
    file = get_object_or_404(incoming_for(request.user), uuid=incoming)
    access = access_to_drafts(request, file.workspace.uuid)
    if not may_import(access, file):
        raise Http404
    mark_subjects_read(request, file.uuid)
    if file.text is not None:
        file.text.draft.workspace = access.workspace
    if request.method == "POST" and request.POST.get("act") == "discard":
        return _discard_response(request, access, file)
    context = _incoming_context(request, access, file)
    if request.headers.get("HX-Target") == "incoming-state":
        return render(request, "documents/interchange/_reading.html", context)
    if file.state != IncomingState.READY:
        return render(request, "documents/interchange/incoming.html", context)
    coming = preview_import(access=access, file=file)
    names = show_authors(coming, get_viewer(request), file)
    me = person_name(get_viewer(request), access.user, access.organisation)
    form = FileAuthorsForm(request.POST or None, file=file, names=coming["authors"], shown=names, me=me)
    if request.method == "POST" and form.is_valid():
        act = import_into_text if file.text is not None else import_as_new_draft
        try:
            taken: ImportResult = act(access=access, file=file, choices=form.choices())
        except Refused as refusal:
            messages.error(request, refusal.message)
            return redirect(file)
        _add_import_messages(request, file, taken)
        return redirect("documents:text", taken.text.draft.uuid, taken.text.language)
    context |= {"coming": coming, "form": form, "changes": coming["changes"][:CHANGES_SHOWN]}
    return render(request, "documents/interchange/incoming.html", context | {"most": CHANGES_SHOWN})


def _incoming_context(request: HttpRequest, access: Access, file: IncomingFile) -> dict[str, Any]:
    viewer = get_viewer(request)
    by = file.guest_name or (person_name(viewer, file.sent_by, file.organisation) if file.sent_by else "")
    context: dict[str, Any] = {
        "access": access,
        "workspace": access.workspace,
        "file": file,
        "by": by,
        "organisation": display_name_for(viewer, file.organisation),
        "is_reading": file.state == IncomingState.READING,
        "why": read_failure_reason(file) if file.state == IncomingState.REFUSED else "",
        "stayed": left_out_sentences(file.report.get("left_out", {})),
        "base": "workspaces/base.html",
    }
    if file.text is not None:
        context |= draft_context(access, file.text.draft)
        context |= {"text": file.text, "base": "documents/editor/base.html"}
    return context


def _add_import_messages(request: HttpRequest, file: IncomingFile, taken: ImportResult) -> None:
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
    if stayed := left_out_sentences(taken.left_out.report):
        messages.warning(request, " ".join([_("Not everything came in."), *stayed]))


def _discard_response(request: HttpRequest, access: Access, file: IncomingFile) -> HttpResponse:
    try:
        discard_incoming_file(access=access, file=file)
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect(file)
    messages.success(request, _("The file is discarded. Nothing of it came in."))
    if file.text is None:
        return redirect("documents:drafts", access.workspace.uuid)
    return redirect(file.text)
