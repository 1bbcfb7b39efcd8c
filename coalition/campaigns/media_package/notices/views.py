"""Notices at the desk: those about an item, one with its recipients, an answer, outlets to call."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _, gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from coalition.accounts.views.access import get_viewer
from coalition.campaigns.media_package.enums import AnswerWay, NoticeKind, OutletAnswer
from coalition.campaigns.media_package.models import ItemNotice, MediaItem, NoticeRecipient
from coalition.campaigns.media_package.notices.actions import (
    ONLY_PRESS,
    note_call,
    record_answer,
    send_notice,
    withdraw_item,
)
from coalition.campaigns.media_package.notices.currency import judged_item
from coalition.campaigns.media_package.notices.forms import DeskAnswerForm, initial_of
from coalition.campaigns.media_package.notices.mails import item_title
from coalition.campaigns.media_package.notices.presenters import (
    answer_rows,
    call_rows,
    notice_rows,
    open_words,
    overdue_words,
    recipient_name,
    recipient_rows,
)
from coalition.campaigns.media_package.notices.queries import (
    addresses_for,
    answer_by_way,
    calls_in,
    links_that_took,
    newer_recipient,
    newest_notice,
    notices_for,
    recipients_for,
    recipients_of,
    taken_and_removed,
)
from coalition.campaigns.media_package.permissions import may_serve_outlets, may_take_out
from coalition.campaigns.media_package.queries import given_out_among, items_for, newest_recipients
from coalition.core.errors import Refused
from coalition.http.responses import form_page
from coalition.workspaces.access import get_access, member_required
from coalition.workspaces.permissions import Access
from documents.drafts.generic_views import document_action
from documents.drafts.permissions import require_that

SEND = {"correction": NoticeKind.CORRECTION, "withdrawal": NoticeKind.WITHDRAWAL}


def _access(request: HttpRequest, workspace: UUID) -> Access:
    access = get_access(request, workspace)
    require_that(may_serve_outlets(access), ONLY_PRESS)
    return access


def _context(access: Access, **more: Any) -> dict[str, Any]:
    return {"access": access, "workspace": access.workspace, "tab": "campaign", **more}


def _load_item(request: HttpRequest, item: UUID) -> tuple[Access, MediaItem]:
    row = get_object_or_404(items_for(request.user), uuid=item)
    return _access(request, row.package.workspace.uuid), row


def _load_notice(request: HttpRequest, notice: UUID) -> tuple[Access, ItemNotice]:
    row = get_object_or_404(notices_for(request.user), uuid=notice)
    return _access(request, row.item.package.workspace.uuid), row


def _load_recipient(request: HttpRequest, recipient: UUID) -> tuple[Access, NoticeRecipient]:
    row = get_object_or_404(recipients_for(request.user), uuid=recipient)
    return _access(request, row.notice.item.package.workspace.uuid), row


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def item_notices(request: HttpRequest, item: UUID) -> HttpResponse:
    """Notices about an item; a POST sends one (`act`: correction, withdrawal, or remove: take it out too)."""
    access, row = _load_item(request, item)
    if request.method == "POST":
        try:
            notice = _send(access, row, request.POST.get("act", ""))
        except Refused as refusal:
            messages.error(request, refusal.message)
            return redirect("campaigns:media_item_notices", row.uuid)
        messages.success(request, _("Sent to everybody who took it."))
        return redirect("campaigns:media_notice", notice.uuid)
    judged = judged_item(row)
    context = _context(
        access,
        item=row,
        title=item_title(row),
        rows=notice_rows(notices_for(request.user).filter(item=row)),
        is_given=judged is not None and judged.is_given and row.removed_at is None,
        may_remove=may_take_out(access, was_given=bool(given_out_among([row]))),
        has_removed_files=bool(taken_and_removed(row)),
        outlets=links_that_took(row).count(),
        addresses=addresses_for(row).count(),
    )
    return render(request, "campaigns/media_package/notices/item.html", context)


def _send(access: Access, item: MediaItem, act: str) -> ItemNotice:
    if act == "remove":
        notice = withdraw_item(access=access, item=item)
        if notice is None:
            raise Refused(_("The item is taken out. Nobody took a file of it, so nobody was told."))
        return notice
    if act not in SEND:
        raise Refused(_("Choose what outlets are told."))
    return send_notice(access=access, item=item, kind=SEND[act])


@member_required
@require_safe
def notice_page(request: HttpRequest, notice: UUID) -> HttpResponse:
    """A notice with its recipients and their answers."""
    access, row = _load_notice(request, notice)
    newest = newest_notice(row.item)
    recipients = list(recipients_of(row))
    current = set(newest_recipients().filter(notice=row).values_list("pk", flat=True))
    still_open = sum(not one.answer for one in recipients if one.pk in current)
    context = _context(
        access,
        notice=row,
        title=item_title(row.item),
        rows=recipient_rows(recipients, current, get_viewer(request)),
        open_words=open_words(still_open, len(recipients)),
        is_closed=not current and newest is not None,
        newest=newest,
    )
    return render(request, "campaigns/media_package/notices/notice.html", context)


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def recipient_page(request: HttpRequest, recipient: UUID) -> HttpResponse:
    """One recipient; a POST records what it said by telephone, or what we saw."""
    access, row = _load_recipient(request, recipient)
    recorded = answer_by_way(row, AnswerWay.PHONE, AnswerWay.SEEN)
    form = DeskAnswerForm(request.POST if request.method == "POST" else None, initial=initial_of(recorded))
    if request.method == "POST" and form.is_valid():
        fields = form.cleaned_data
        try:
            record_answer(
                access=access,
                recipient=row,
                answer=OutletAnswer(fields["answer"]),
                way=AnswerWay(fields["way"]),
                aired_on=fields["aired_on"],
                removed_from=fields["removed_from"],
            )
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("The answer is recorded."))
            return redirect("campaigns:media_notice", row.notice.uuid)
    context = _context(
        access,
        form=form,
        title=item_title(row.notice.item),
        name=recipient_name(row, get_viewer(request)),
        answers=answer_rows(row),
        is_closed=newer_recipient(row) is not None,
        call=call_rows(access, [row], get_viewer(request))[0],
        row=row,
    )
    return form_page(request, "campaigns/media_package/notices/recipient.html", context)


@document_action(_load_recipient, back="campaigns:media_recipient", success=gettext_lazy("Noted."))
def not_reached(request: HttpRequest, access: Access, row: NoticeRecipient) -> None:
    """Note that the outlet was called and not reached."""
    note_call(access=access, recipient=row)


@member_required
@require_safe
def calls(request: HttpRequest, workspace: UUID) -> HttpResponse:
    """Outlets that have not answered for 48 hours."""
    access = _access(request, workspace)
    rows = call_rows(access, calls_in(request.user, access.workspace), get_viewer(request))
    words = overdue_words(len(rows)) if rows else ""
    return render(
        request, "campaigns/media_package/notices/calls.html", _context(access, rows=rows, words=words)
    )
