"""Comments tab of a text: read, start a thread, list the people who can be mentioned."""

import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coalition.accounts.enums import Language
from coalition.accounts.naming import display_name_for
from coalition.accounts.views.access import get_viewer
from coalition.core.errors import Refused
from coalition.workspaces import visits
from coalition.workspaces.access import current_access, member_required
from coalition.workspaces.naming import person_circle
from coalition.workspaces.notifications.unread import mark_subjects_read
from coalition.workspaces.permissions import Access
from coalition.workspaces.queries import seats_in
from documents.comments.actions import (
    CommentInput,
    delete_comment,
    edit_comment,
    end_legal_reader,
    name_legal_reader,
    start_thread,
    undelete_comment,
)
from documents.comments.actions import reopen_thread as open_again
from documents.comments.actions import reply_in_thread as reply_to
from documents.comments.actions import resolve_thread as settle
from documents.comments.models import Comment, LegalReader, Thread
from documents.comments.permissions import to_comment, to_legal_reader, to_thread
from documents.comments.presenters import OPEN, CommentsPanel, build_comments_panel
from documents.comments.queries import seats_in_thread, seats_that_read
from documents.drafts.access import to_draft, to_text
from documents.drafts.enums import Audience, Handling
from documents.drafts.models import Draft, DraftText
from documents.drafts.permissions import may_comment, may_name_legal_reader, require_that
from documents.drafts.queries import texts_of
from documents.drafts.views import parse_json_list, parse_uuid

PANEL_TEMPLATE = "documents/comments/_panel.html"
COMMENTS_TAB = "comments"  # the tab's name in URLs


def comments_panel_context(request: HttpRequest, text: DraftText, **after: Any) -> dict[str, Any]:
    """Return the context of the panel on a page of the text, after the access check. Notifications
    about the threads are marked as read when the panel is open, not while another tab covers it."""
    access = current_access(request)
    show = request.GET.get("show", OPEN)
    panel = build_comments_panel(access, get_viewer(request), text, show=show, **after)
    mark_subjects_read(request, *panel.own_readings)
    if request.GET.get("side") == COMMENTS_TAB:
        _mark_threads_read(request, panel)
    return {"comments": panel, "count": panel.open_count}


def _mark_threads_read(request: HttpRequest, panel: CommentsPanel) -> None:
    mark_subjects_read(request, *(card.uuid for card in panel.cards))


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def text_comments(request: HttpRequest, draft: UUID, language: str) -> HttpResponse:
    """List the comments on a text that the person may read: page or panel. POST starts a thread."""
    access, text = to_text(request, draft, language)
    if request.method != "POST":
        return panel_response(request, text)
    try:
        thread = _start_thread_from_form(request, access, text)
    except Refused as refusal:
        return panel_response(request, text, error=str(refusal), typed={"new": request.POST.get("body", "")})
    said = panel_response(request, text, thread=thread, done=_("Your comment is sent."))
    told = {"thread-started": {"thread": str(thread.uuid), "audience": thread.audience}}
    said.headers["HX-Trigger"] = json.dumps(told)
    return said


def _start_thread_from_form(request: HttpRequest, access: Access, text: DraftText) -> Thread:
    kind, _colon, reader = request.POST.get("audience", "").partition(":")
    if kind not in Audience.values:
        raise Refused(_("Choose who sees the comment."))
    return start_thread(
        access=access,
        text=text,
        audience=Audience(kind),
        said=comment_from_form(request),
        quote=request.POST.get("quote", ""),
        position=parse_json_list(request.POST.get("position", "")),
        reader=_legal_reader(text, reader) if reader else None,
    )


def comment_from_form(request: HttpRequest) -> CommentInput:
    """Read the submitted comment: the words, and the people picked from the list."""
    picked = [parse_uuid(one) for one in request.POST.getlist("chosen")[:50]]
    return CommentInput(request.POST.get("body", ""), chosen=[one for one in picked if one is not None])


def panel_response(
    request: HttpRequest,
    text: DraftText,
    *,
    thread: Thread | None = None,
    done: str = "",
    back: str = "",
    error: str = "",
    typed: dict[str, str] | None = None,
) -> HttpResponse:
    """Return the panel for script requests; otherwise the page, or after an action a redirect to
    it.

    `back`: the URL that undoes what was `done`. A failed action responds 422 on a page of its own
    with what was `typed`; a script gets the panel, which leaves its fields as they are.
    """
    if request.headers.get("HX-Request"):
        context = comments_panel_context(request, text, done=done, undo=back, error=error)
        return render(request, PANEL_TEMPLATE, context)
    if done:
        if back:
            visits.offer_undo(request, text=done, url=back)
        else:
            messages.success(request, done)
        return redirect(thread_url(text, thread))
    context = {
        **comments_panel_context(request, text, error=error, typed=typed or {}),
        "access": current_access(request),
        "workspace": text.draft.workspace,
        "draft": text.draft,
        "text": text,
        "handling": Handling(text.draft.handling),
    }
    _mark_threads_read(request, context["comments"])
    status = 422 if error else 200
    return render(request, "documents/comments/page.html", context, status=status)


def thread_url(text: DraftText, thread: Thread | None = None) -> str:
    """Return the URL of a thread: the page of its text, at the thread's card."""
    address = f"{text.get_absolute_url()}?side={COMMENTS_TAB}"
    if thread is None:
        return address
    shown = "&show=resolved" if thread.resolved_at is not None else ""
    return f"{address}{shown}#thread-{thread.uuid}"


@member_required
@require_safe
def people_to_mention(request: HttpRequest, draft: UUID, language: str) -> JsonResponse:
    """Return people who can be mentioned: other readers (`?thread=`, or `?audience=` of a new one)."""
    access, text = to_text(request, draft, language)
    require_that(may_comment(access, text.draft))
    viewer = get_viewer(request)
    if uuid := parse_uuid(request.GET.get("thread", "")):
        seats = seats_in_thread(to_thread(request, uuid)[1])
    else:
        kind, _colon, reader = request.GET.get("audience", "").partition(":")
        seats = seats_that_read(
            text.draft,
            audience=kind if kind in Audience.values else Audience.ORGANISATION,
            organisation=access.organisation,
            reader=_legal_reader(text, reader) if reader else None,
        )
    found: dict[int, dict[str, object]] = {}
    for seat in seats.exclude(person=access.user):
        circle = person_circle(viewer, seat.person, seat.organisation)
        told = {"name": circle.name, "initials": circle.initials, "hue": circle.hue}
        told |= {"organisation": display_name_for(viewer, seat.organisation), "uuid": str(seat.person.uuid)}
        found.setdefault(seat.person_id, told)
    named = sorted(found.values(), key=lambda one: str(one["name"]).lower())
    return JsonResponse({"people": named}, headers={"Cache-Control": "no-store, private"})


def _legal_reader(text: DraftText, identity: str) -> LegalReader | None:
    uuid = parse_uuid(identity)
    rows = LegalReader.objects.filter(draft=text.draft, ended_at=None)
    return rows.filter(uuid=uuid).first() if uuid is not None else None


# --- actions ---
# Actions on a thread or comment: one POST each; the response offers the undo.


@member_required
@require_safe
def show_thread(request: HttpRequest, thread: UUID) -> HttpResponse:
    """Redirect to the thread on its text's page."""
    _access, found = to_thread(request, thread)
    return redirect(thread_url(found.text, found))


@member_required
@require_POST
def reply_to_thread(request: HttpRequest, thread: UUID) -> HttpResponse:
    """Reply in a thread."""
    access, found = to_thread(request, thread)
    try:
        reply_to(access=access, thread=found, said=comment_from_form(request))
    except Refused as refusal:
        typed = {f"reply {found.uuid}": request.POST.get("body", "")}
        return panel_response(request, found.text, error=str(refusal), typed=typed)
    found.resolved_at = None
    return panel_response(request, found.text, thread=found, done=_("Your answer is sent."))


@member_required
@require_POST
def resolve_comment_thread(request: HttpRequest, thread: UUID) -> HttpResponse:
    """Mark a thread as resolved."""
    access, found = to_thread(request, thread)
    settle(access=access, thread=found)
    back = reverse("documents:reopen_thread", args=[found.uuid])
    return panel_response(request, found.text, done=_("The comment is resolved."), back=back)


@member_required
@require_POST
def reopen_comment_thread(request: HttpRequest, thread: UUID) -> HttpResponse:
    """Reopen a thread."""
    access, found = to_thread(request, thread)
    found = open_again(access=access, thread=found)
    return panel_response(request, found.text, thread=found, done=_("The comment is open again."))


@member_required
@require_POST
def change_comment(request: HttpRequest, comment: UUID) -> HttpResponse:
    """Edit one's own comment."""
    access, found = to_comment(request, comment)
    try:
        edit_comment(access=access, comment=found, said=comment_from_form(request))
    except Refused as refusal:
        typed = {f"edit {found.uuid}": request.POST.get("body", "")}
        return panel_response(request, found.thread.text, error=str(refusal), typed=typed)
    return panel_response(request, found.thread.text, thread=found.thread, done=_("Your comment is changed."))


@member_required
@require_POST
def remove_comment(request: HttpRequest, comment: UUID) -> HttpResponse:
    """Delete one's own comment."""
    back = reverse("documents:undelete_comment", args=[comment])
    return _apply_to_comment(request, comment, delete_comment, _("Your comment is deleted."), back=back)


@member_required
@require_POST
def restore_comment(request: HttpRequest, comment: UUID) -> HttpResponse:
    """Restore one's own deleted comment."""
    return _apply_to_comment(request, comment, undelete_comment, _("Your comment is back."))


def _apply_to_comment(
    request: HttpRequest, uuid: UUID, act: Callable[..., Comment], done: str, *, back: str = ""
) -> HttpResponse:
    access, comment = to_comment(request, uuid)
    act(access=access, comment=comment)
    return panel_response(request, comment.thread.text, thread=comment.thread, done=done, back=back)


# --- legal readers ---
# Naming of the legal readers of a draft, and verdicts.


@member_required
@require_POST
def name_reader(request: HttpRequest, draft: UUID) -> HttpResponse:
    """Name a member, by their seat, as a legal reader of the draft."""
    access, found = to_draft(request, draft)
    require_that(may_name_legal_reader(access, found), _("Coordinators name the legal readers of a draft."))
    text = _text_shown(request, found)
    chosen = parse_uuid(request.POST.get("seat", ""))
    seat = seats_in(access.workspace).filter(uuid=chosen).first() if chosen is not None else None
    if seat is None:
        return panel_response(request, text, error=_("Choose a person."))
    try:
        name_legal_reader(access=access, draft=found, seat=seat)
    except Refused as refusal:
        return panel_response(request, text, error=str(refusal))
    return panel_response(request, text, done=_("The person is a legal reader of this draft now."))


@member_required
@require_POST
def end_reader(request: HttpRequest, reader: UUID) -> HttpResponse:
    """End the naming."""
    access, found = to_legal_reader(request, reader)
    end_legal_reader(access=access, reader=found)
    text = _text_shown(request, found.draft)
    return panel_response(request, text, done=_("The person is no longer a legal reader of this draft."))


def _text_shown(request: HttpRequest, draft: Draft) -> DraftText:
    """Return the text from whose page the request came."""
    wanted = request.POST.get("language", "")
    language = wanted if wanted in Language.values else draft.first_language
    text: DraftText = get_object_or_404(texts_of(draft), language=language)
    text.draft = draft
    return text
