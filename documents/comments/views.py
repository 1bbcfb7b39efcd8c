"""The tab of comments beside a text: reading them, beginning a thread, and whom one can call in it."""

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
from coalition.workspaces import undo
from coalition.workspaces.access import current_access, member_required
from coalition.workspaces.naming import person_circle
from coalition.workspaces.notifications.unread import mark_subjects_read
from coalition.workspaces.permissions import Access
from coalition.workspaces.queries import seats_in
from documents.comments.access import to_comment, to_legal_reader, to_thread
from documents.comments.actions import (
    Said,
    delete_comment,
    edit_comment,
    end_legal_reader,
    name_legal_reader,
    start_thread,
    undelete_comment,
)
from documents.comments.actions import reopen as open_again
from documents.comments.actions import reply as reply_to
from documents.comments.actions import resolve as settle
from documents.comments.models import Comment, LegalReader, Thread
from documents.comments.presenters import OPEN, Panel, panel_of
from documents.comments.queries import seats_in_thread, seats_that_read
from documents.drafts.access import to_draft, to_text
from documents.drafts.enums import Audience, Handling
from documents.drafts.models import Draft, DraftText
from documents.drafts.permissions import may_comment, may_name_legal_reader, require_that
from documents.drafts.queries import texts_of
from documents.drafts.request_values import list_sent, uuid_sent

PANEL = "documents/comments/_panel.html"
SIDE = "comments"  # the tab's word in addresses


def panel_context(request: HttpRequest, text: DraftText, **after: Any) -> dict[str, Any]:
    """Context of the panel on a page of the text, whose door has been passed. What the person was told of the
    threads is read where the panel is looked at, not where it lies behind another tab."""
    access = current_access(request)
    show = request.GET.get("show", OPEN)
    panel = panel_of(access, get_viewer(request), text, show=show, **after)
    mark_subjects_read(request, *panel.own_readings)
    if request.GET.get("side") == SIDE:
        _looked_at(request, panel)
    return {"comments": panel, "count": panel.open_count}


def _looked_at(request: HttpRequest, panel: Panel) -> None:
    mark_subjects_read(request, *(card.uuid for card in panel.cards))


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def comments(request: HttpRequest, draft: UUID, language: str) -> HttpResponse:
    """The comments on a text that the person may read: a page, or its panel. A POST begins a thread."""
    access, text = to_text(request, draft, language)
    if request.method != "POST":
        return answer(request, text)
    try:
        thread = _start(request, access, text)
    except Refused as refusal:
        return answer(request, text, error=str(refusal), typed={"new": request.POST.get("body", "")})
    said = answer(request, text, thread=thread, done=_("Your comment is sent."))
    told = {"thread-started": {"thread": str(thread.uuid), "audience": thread.audience}}
    said.headers["HX-Trigger"] = json.dumps(told)
    return said


def _start(request: HttpRequest, access: Access, text: DraftText) -> Thread:
    kind, _colon, reader = request.POST.get("audience", "").partition(":")
    if kind not in Audience.values:
        raise Refused(_("Choose who sees the comment."))
    return start_thread(
        access=access,
        text=text,
        audience=Audience(kind),
        said=said_in(request),
        quote=request.POST.get("quote", ""),
        position=list_sent(request.POST.get("position", "")),
        reader=_reader(text, reader) if reader else None,
    )


def said_in(request: HttpRequest) -> Said:
    """What a form sends: the words, and the people picked from the list."""
    picked = [uuid_sent(one) for one in request.POST.getlist("chosen")[:50]]
    return Said(request.POST.get("body", ""), chosen=[one for one in picked if one is not None])


def answer(
    request: HttpRequest,
    text: DraftText,
    *,
    thread: Thread | None = None,
    done: str = "",
    back: str = "",
    error: str = "",
    typed: dict[str, str] | None = None,
) -> HttpResponse:
    """The panel for a page that asked by script; for others a page, or after an action the way back to it.

    `back`: the address that undoes what was `done`. What could not be done answers 422 on a page of its own
    with what was `typed`; a script gets the panel, which leaves its fields as they are.
    """
    if request.headers.get("HX-Request"):
        context = panel_context(request, text, done=done, undo=back, error=error)
        return render(request, PANEL, context)
    if done:
        if back:
            undo.offer_undo(request, text=done, url=back)
        else:
            messages.success(request, done)
        return redirect(address_of(text, thread))
    context = {
        **panel_context(request, text, error=error, typed=typed or {}),
        "access": current_access(request),
        "workspace": text.draft.workspace,
        "draft": text.draft,
        "text": text,
        "handling": Handling(text.draft.handling),
    }
    _looked_at(request, context["comments"])
    status = 422 if error else 200
    return render(request, "documents/comments/page.html", context, status=status)


def address_of(text: DraftText, thread: Thread | None = None) -> str:
    """Where a thread is read: beside its text, at its card."""
    address = f"{text.get_absolute_url()}?side={SIDE}"
    if thread is None:
        return address
    shown = "&show=resolved" if thread.resolved_at is not None else ""
    return f"{address}{shown}#thread-{thread.uuid}"


@member_required
@require_safe
def people(request: HttpRequest, draft: UUID, language: str) -> JsonResponse:
    """Whom the person can call: who else would read the thread (`?thread=`, or `?audience=` of a new one)."""
    access, text = to_text(request, draft, language)
    require_that(may_comment(access, text.draft))
    viewer = get_viewer(request)
    if uuid := uuid_sent(request.GET.get("thread", "")):
        seats = seats_in_thread(to_thread(request, uuid)[1])
    else:
        kind, _colon, reader = request.GET.get("audience", "").partition(":")
        seats = seats_that_read(
            text.draft,
            audience=kind if kind in Audience.values else Audience.ORGANISATION,
            organisation=access.organisation,
            reader=_reader(text, reader) if reader else None,
        )
    found: dict[int, dict[str, object]] = {}
    for seat in seats.exclude(person=access.user):
        circle = person_circle(viewer, seat.person, seat.organisation)
        told = {"name": circle.name, "initials": circle.initials, "hue": circle.hue}
        told |= {"organisation": display_name_for(viewer, seat.organisation), "uuid": str(seat.person.uuid)}
        found.setdefault(seat.person_id, told)
    named = sorted(found.values(), key=lambda one: str(one["name"]).lower())
    return JsonResponse({"people": named}, headers={"Cache-Control": "no-store, private"})


def _reader(text: DraftText, identity: str) -> LegalReader | None:
    uuid = uuid_sent(identity)
    rows = LegalReader.objects.filter(draft=text.draft, ended_at=None)
    return rows.filter(uuid=uuid).first() if uuid is not None else None


# --- actions ---
# What is done with a thread or a comment: each by one POST, with the undo beside what was done.


@member_required
@require_safe
def thread(request: HttpRequest, thread: UUID) -> HttpResponse:
    """To the thread beside its text."""
    _access, found = to_thread(request, thread)
    return redirect(address_of(found.text, found))


@member_required
@require_POST
def reply(request: HttpRequest, thread: UUID) -> HttpResponse:
    """Answer in a thread."""
    access, found = to_thread(request, thread)
    try:
        reply_to(access=access, thread=found, said=said_in(request))
    except Refused as refusal:
        typed = {f"reply {found.uuid}": request.POST.get("body", "")}
        return answer(request, found.text, error=str(refusal), typed=typed)
    found.resolved_at = None
    return answer(request, found.text, thread=found, done=_("Your answer is sent."))


@member_required
@require_POST
def resolve(request: HttpRequest, thread: UUID) -> HttpResponse:
    """Say that a thread is done."""
    access, found = to_thread(request, thread)
    settle(access=access, thread=found)
    back = reverse("documents:reopen_thread", args=[found.uuid])
    return answer(request, found.text, done=_("The comment is resolved."), back=back)


@member_required
@require_POST
def reopen(request: HttpRequest, thread: UUID) -> HttpResponse:
    """Open a thread again."""
    access, found = to_thread(request, thread)
    found = open_again(access=access, thread=found)
    return answer(request, found.text, thread=found, done=_("The comment is open again."))


@member_required
@require_POST
def edit(request: HttpRequest, comment: UUID) -> HttpResponse:
    """Put other words in place of one's own."""
    access, found = to_comment(request, comment)
    try:
        edit_comment(access=access, comment=found, said=said_in(request))
    except Refused as refusal:
        typed = {f"edit {found.uuid}": request.POST.get("body", "")}
        return answer(request, found.thread.text, error=str(refusal), typed=typed)
    return answer(request, found.thread.text, thread=found.thread, done=_("Your comment is changed."))


@member_required
@require_POST
def delete(request: HttpRequest, comment: UUID) -> HttpResponse:
    """Take back what one wrote."""
    back = reverse("documents:undelete_comment", args=[comment])
    return _move(request, comment, delete_comment, _("Your comment is deleted."), back=back)


@member_required
@require_POST
def undelete(request: HttpRequest, comment: UUID) -> HttpResponse:
    """Bring back what one deleted."""
    return _move(request, comment, undelete_comment, _("Your comment is back."))


def _move(
    request: HttpRequest, uuid: UUID, act: Callable[..., Comment], done: str, *, back: str = ""
) -> HttpResponse:
    access, comment = to_comment(request, uuid)
    act(access=access, comment=comment)
    return answer(request, comment.thread.text, thread=comment.thread, done=done, back=back)


# --- legal readers ---
# Naming the legal readers of a draft.


@member_required
@require_POST
def name_reader(request: HttpRequest, draft: UUID) -> HttpResponse:
    """Name a member, by their seat, as a legal reader of the draft."""
    access, found = to_draft(request, draft)
    require_that(may_name_legal_reader(access, found), _("Coordinators name the legal readers of a draft."))
    text = _text_shown(request, found)
    chosen = uuid_sent(request.POST.get("seat", ""))
    seat = seats_in(access.workspace).filter(uuid=chosen).first() if chosen is not None else None
    if seat is None:
        return answer(request, text, error=_("Choose a person."))
    try:
        name_legal_reader(access=access, draft=found, seat=seat)
    except Refused as refusal:
        return answer(request, text, error=str(refusal))
    return answer(request, text, done=_("The person is a legal reader of this draft now."))


@member_required
@require_POST
def end_reader(request: HttpRequest, reader: UUID) -> HttpResponse:
    """Take it back."""
    access, found = to_legal_reader(request, reader)
    end_legal_reader(access=access, reader=found)
    text = _text_shown(request, found.draft)
    return answer(request, text, done=_("The person is no longer a legal reader of this draft."))


def _text_shown(request: HttpRequest, draft: Draft) -> DraftText:
    """The text whose page the person stands on."""
    wanted = request.POST.get("language", "")
    language = wanted if wanted in Language.values else draft.first_language
    text: DraftText = get_object_or_404(texts_of(draft), language=language)
    text.draft = draft
    return text
