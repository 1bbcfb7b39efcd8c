"""Comments tab of a text: read, start a thread, list the people who can be mentioned."""

import json
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coalition.accounts.models import Language
from coalition.accounts.naming import display_name_for
from coalition.accounts.views.access import get_viewer
from coalition.core.crypto import parse_uuid
from coalition.core.errors import Refused
from coalition.workspaces import visits
from coalition.workspaces.access import MemberView, current_access, member_required
from coalition.workspaces.notifications.notify import mark_subjects_read
from coalition.workspaces.permissions import Access
from coalition.workspaces.queries import seats_in
from coalition.workspaces.sentence_params import person_circle
from documents.comments import actions
from documents.comments.models import Comment, LegalReader, Thread
from documents.comments.permissions import to_comment, to_legal_reader, to_thread
from documents.comments.presenters import OPEN, build_comments_panel
from documents.comments.queries import seats_in_thread, seats_that_read
from documents.drafts.access import to_draft, to_text
from documents.drafts.models import Audience, Draft, DraftText
from documents.drafts.permissions import may_comment, may_name_legal_reader, require_that
from documents.drafts.presenters import draft_context
from documents.drafts.queries import texts_of
from documents.drafts.views import parse_json_list

PANEL_TEMPLATE = "documents/comments/_panel.html"
COMMENTS_TAB = "comments"  # the tab's name in URLs


def comments_panel_context(request: HttpRequest, text: DraftText, **after: Any) -> dict[str, Any]:
    """Return the context of the panel on a page of the text, after the access check. Notifications
    about the threads are marked as read when the panel is open, not while another tab covers it."""
    access = current_access(request)
    show = request.GET.get("show", OPEN)
    panel = build_comments_panel(access, get_viewer(request), text, show=show, **after)
    mark_subjects_read(request, *panel["own_readings"])
    if request.GET.get("side") == COMMENTS_TAB:
        _mark_threads_read(request, panel)
    return {"comments": panel, "count": panel["open_count"]}


def _mark_threads_read(request: HttpRequest, panel: dict[str, Any]) -> None:
    mark_subjects_read(request, *(card["thread"].uuid for card in panel["cards"]))


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def text_comments(request: HttpRequest, draft: UUID, language: str) -> HttpResponse:
    """List the comments on a text that the person may read: page or panel. POST starts a thread."""
    access, text = to_text(request, draft, language)
    if request.method != "POST":
        return panel_response(request, text)
    try:
        kind, _colon, reader = request.POST.get("audience", "").partition(":")
        if kind not in Audience.values:
            raise Refused(_("Choose who sees the comment."))
        thread = actions.start_thread(
            access=access,
            text=text,
            audience=Audience(kind),
            quote=request.POST.get("quote", ""),
            position=parse_json_list(request.POST.get("position", "")),
            reader=_legal_reader(text, reader) if reader else None,
            **submitted_comment(request),
        )
    except Refused as refusal:
        return panel_response(request, text, error=str(refusal), typed={None: request.POST.get("body", "")})
    response = panel_response(request, text, thread=thread, done=_("Your comment is sent."))
    event = {"thread-started": {"thread": str(thread.uuid), "audience": thread.audience}}
    response.headers["HX-Trigger"] = json.dumps(event)
    return response


def submitted_comment(request: HttpRequest) -> dict[str, Any]:
    """Return the words of a submitted comment, and the people picked from the list."""
    picked = [parse_uuid(one) for one in request.POST.getlist("chosen")[:50]]
    return {
        "body": request.POST.get("body", ""),
        "chosen": [one for one in picked if one is not None],
    }


def panel_response(
    request: HttpRequest,
    text: DraftText,
    *,
    thread: Thread | None = None,
    done: str = "",
    undo: str = "",
    error: str = "",
    typed: Mapping[UUID | None, str] | None = None,
) -> HttpResponse:
    """Return the panel for script requests; otherwise the page, or after an action a redirect to it.

    `undo`: the URL that undoes what was `done`. A failed action responds 422 on a page of its own with what
    was `typed`; a script gets the panel, which leaves its fields as they are.
    """
    if request.headers.get("HX-Request"):
        context = comments_panel_context(request, text, done=done, undo=undo, error=error)
        return render(request, PANEL_TEMPLATE, context)
    if done:
        if undo:
            visits.offer_undo(request, text=done, url=undo)
        else:
            messages.success(request, done)
        return redirect(thread_url(text, thread))
    context = draft_context(current_access(request), text.draft) | {
        **comments_panel_context(request, text, error=error, typed=typed or {}),
        "text": text,
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
    people: dict[int, dict[str, object]] = {}
    for seat in seats.exclude(person=access.user):
        circle = person_circle(viewer, seat.person, seat.organisation)
        person = {
            "name": circle.name,
            "initials": circle.initials,
            "hue": circle.hue,
            "organisation": display_name_for(viewer, seat.organisation),
            "uuid": str(seat.person.uuid),
        }
        people.setdefault(seat.person_id, person)
    by_name = sorted(people.values(), key=lambda one: str(one["name"]).lower())
    return JsonResponse({"people": by_name}, headers={"Cache-Control": "no-store, private"})


def _legal_reader(text: DraftText, identity: str) -> LegalReader | None:
    uuid = parse_uuid(identity)
    rows = LegalReader.objects.filter(draft=text.draft, ended_at=None)
    return rows.filter(uuid=uuid).first() if uuid is not None else None


@member_required
@require_safe
def show_thread(request: HttpRequest, thread: UUID) -> HttpResponse:
    """Redirect to the thread on its text's page."""
    _access, found = to_thread(request, thread)
    return redirect(thread_url(found.text, found))


def panel_action(
    load: Callable[..., tuple[Access, Any]],
) -> Callable[[Callable[..., HttpResponse]], MemberView]:
    """Make a view of one action by POST, called with the request, the access and what `load` returned.

    After Refused it shows the panel of the text with the reason and the submitted words.
    """

    def decorate(action: Callable[..., HttpResponse]) -> MemberView:
        @member_required
        @require_POST
        @wraps(action)
        def act(request: HttpRequest, **kwargs: Any) -> HttpResponse:
            access, found = load(request, *kwargs.values())
            try:
                return action(request, access, found)
            except Refused as refusal:
                typed = {found.uuid: request.POST.get("body", "")}
                text = _text_of(request, found)
                return panel_response(request, text, error=str(refusal), typed=typed)

        return act

    return decorate


@panel_action(to_thread)
def reply_to_thread(request: HttpRequest, access: Access, thread: Thread) -> HttpResponse:
    actions.reply_in_thread(access=access, thread=thread, **submitted_comment(request))
    thread.resolved_at = None
    return panel_response(request, thread.text, thread=thread, done=_("Your answer is sent."))


@panel_action(to_thread)
def resolve_comment_thread(request: HttpRequest, access: Access, thread: Thread) -> HttpResponse:
    actions.resolve_thread(access=access, thread=thread)
    undo = reverse("documents:reopen_thread", args=[thread.uuid])
    return panel_response(request, thread.text, done=_("The comment is resolved."), undo=undo)


@panel_action(to_thread)
def reopen_comment_thread(request: HttpRequest, access: Access, thread: Thread) -> HttpResponse:
    thread = actions.reopen_thread(access=access, thread=thread)
    return panel_response(request, thread.text, thread=thread, done=_("The comment is open again."))


@panel_action(to_comment)
def change_comment(request: HttpRequest, access: Access, comment: Comment) -> HttpResponse:
    actions.edit_comment(access=access, comment=comment, **submitted_comment(request))
    thread = comment.thread
    return panel_response(request, thread.text, thread=thread, done=_("Your comment is changed."))


@panel_action(to_comment)
def remove_comment(request: HttpRequest, access: Access, comment: Comment) -> HttpResponse:
    actions.delete_comment(access=access, comment=comment)
    thread, undo = comment.thread, reverse("documents:undelete_comment", args=[comment.uuid])
    return panel_response(request, thread.text, thread=thread, done=_("Your comment is deleted."), undo=undo)


@panel_action(to_comment)
def restore_comment(request: HttpRequest, access: Access, comment: Comment) -> HttpResponse:
    actions.undelete_comment(access=access, comment=comment)
    thread = comment.thread
    return panel_response(request, thread.text, thread=thread, done=_("Your comment is back."))


@panel_action(to_draft)
def name_reader(request: HttpRequest, access: Access, draft: Draft) -> HttpResponse:
    """Name a member, by their seat, as a legal reader of the draft."""
    require_that(may_name_legal_reader(access, draft), _("Coordinators name the legal readers of a draft."))
    text, chosen = _text_of(request, draft), parse_uuid(request.POST.get("seat", ""))
    seat = seats_in(access.workspace).filter(uuid=chosen).first() if chosen is not None else None
    if seat is None:
        raise Refused(_("Choose a person."))
    actions.name_legal_reader(access=access, draft=draft, seat=seat)
    return panel_response(request, text, done=_("The person is a legal reader of this draft now."))


@panel_action(to_legal_reader)
def end_reader(request: HttpRequest, access: Access, reader: LegalReader) -> HttpResponse:
    actions.end_legal_reader(access=access, reader=reader)
    done = _("The person is no longer a legal reader of this draft.")
    return panel_response(request, _text_of(request, reader.draft), done=done)


def _text_of(request: HttpRequest, found: Thread | Comment | LegalReader | Draft) -> DraftText:
    """Return the text of a thread or comment; for a draft or its legal reader, the one from whose page the
    request came."""
    if isinstance(found, Thread):
        return found.text
    if isinstance(found, Comment):
        return found.thread.text
    draft = found.draft if isinstance(found, LegalReader) else found
    wanted = request.POST.get("language", "")
    language = wanted if wanted in Language.values else draft.first_language
    text: DraftText = get_object_or_404(texts_of(draft), language=language)
    text.draft = draft
    return text
