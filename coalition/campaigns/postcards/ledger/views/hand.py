"""Packets on a phone: given out, taken back. Without script plain forms, with script also offline."""

from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coalition.campaigns.core.days import site_today
from coalition.campaigns.postcards.ledger.actions.packets import WrongDueDay, give_packet, take_back_packet
from coalition.campaigns.postcards.ledger.desk_access import design_of, desk_context
from coalition.campaigns.postcards.ledger.forms import GiveForm, TakeBackForm
from coalition.campaigns.postcards.ledger.models import CardPacket
from coalition.campaigns.postcards.ledger.permissions import ONLY_OWN_BATCHES, may_record_some
from coalition.campaigns.postcards.ledger.phone_entries import parse_entries, write_entry
from coalition.campaigns.postcards.ledger.presenters import (
    batch_choices,
    hand_numbers,
    hand_words,
    month_names,
    packet_rows,
)
from coalition.campaigns.postcards.ledger.queries import batches_of, packets_left
from coalition.campaigns.postcards.models import CardDesign
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.workspaces.access import member_required
from coalition.workspaces.permissions import Access
from documents.drafts.permissions import require_that


def _enter(request: HttpRequest, design: UUID) -> tuple[Access, CardDesign]:
    access, found = design_of(request, design)
    require_that(may_record_some(access), ONLY_OWN_BATCHES)
    return access, found


@member_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def hand(request: HttpRequest, design: UUID) -> HttpResponse:
    """The page, and its forms where no script runs. What was entered wrongly stays in its form."""
    access, found = _enter(request, design)
    numbers = hand_numbers(access, found)
    give = GiveForm(choices=batch_choices(numbers))
    back: TakeBackForm | None = None
    packet = ""
    if request.method == "POST":
        form: GiveForm | TakeBackForm
        if request.POST.get("act") == "take_back":
            packet = request.POST.get("packet", "")
            form = back = TakeBackForm(request.POST, auto_id=f"id_%s_{packet}")
            entered = form.is_valid() and _taken_back(request, access, found, form, packet)
        else:
            form = give = GiveForm(request.POST, choices=batch_choices(numbers))
            entered = form.is_valid() and _given_out(request, access, found, form)
        if entered:
            return redirect("campaigns:card_hand", found.uuid)
    return _page(request, access, found, numbers, give=give, back=back, packet=packet)


def _page(
    request: HttpRequest,
    access: Access,
    found: CardDesign,
    numbers: dict[str, Any],
    *,
    give: GiveForm,
    back: TakeBackForm | None,
    packet: str,
) -> HttpResponse:
    rows = [
        (row, back if back is not None and row.uuid == packet else _back_form(row.uuid, row.left))
        for row in packet_rows(numbers)
    ]
    orphan = back if back is not None and packet not in {row.uuid for row, _form in rows} else None
    context = desk_context(
        access,
        found,
        give=give,
        rows=rows,
        empty_row=_back_form("", 0),
        orphan=orphan,
        numbers=numbers | {"token": get_token(request)},
        words=hand_words(),
        months=month_names(),
        key=f"{found.uuid}-{access.user.pk}",
    )
    failed = bool(give.errors or (back is not None and back.errors))
    return render(request, "campaigns/postcards/ledger/hand.html", context, status=422 if failed else 200)


def _back_form(packet: str, left: int) -> TakeBackForm:
    """An empty form of a packet; `packet` "" for the template of the script."""
    initial = {"client_id": uuid4(), "left": left}
    return TakeBackForm(initial=initial, auto_id=f"id_%s_{packet}")


def _given_out(request: HttpRequest, access: Access, design: CardDesign, form: GiveForm) -> bool:
    given = dict(form.cleaned_data)
    batch = get_object_or_404(batches_of(design), uuid=given.pop("batch"))
    try:
        made = give_packet(access=access, batch=batch, day=site_today(), **given)
    except Refused as refusal:
        form.refuse("due_on" if isinstance(refusal, WrongDueDay) else "quantity", refusal)
        return False
    messages.success(request, _("Packet %(packet)s is given out.") % {"packet": made.label})
    return True


def _taken_back(
    request: HttpRequest, access: Access, design: CardDesign, form: TakeBackForm, packet: str
) -> bool:
    rows = CardPacket.objects.filter(batch__design=design).select_related("batch")
    row = get_object_or_404(rows, uuid=_uuid_field(packet))
    try:
        take_back_packet(
            access=access,
            packet=row,
            quantities=form.quantities,
            day=site_today(),
            left_seen=form.cleaned_data["left"],
            client_id=form.cleaned_data["client_id"],
        )
    except Refused as refusal:
        form.refuse(None, refusal, left=packets_left([row.pk])[row.pk])
        return False
    messages.success(request, _("Entered for packet %(packet)s.") % {"packet": row.label})
    return True


def _uuid_field(words: str) -> UUID | None:
    field = forms.UUIDField(required=False)
    try:
        found: UUID | None = field.clean(words)
    except forms.ValidationError:
        return None
    return found


@member_required
@never_cache
@require_safe
def state(request: HttpRequest, design: UUID) -> HttpResponse:
    """The numbers for the phone, and a token: the page may be older than the session."""
    access, found = _enter(request, design)
    return JsonResponse(hand_numbers(access, found) | {"token": get_token(request)})


@member_required
@require_POST
def entries(request: HttpRequest, design: UUID) -> HttpResponse:
    """Many entries at once, in their order; what became of each (`write_entry`), and the numbers then."""
    access, found = _enter(request, design)
    try:
        sent = parse_entries(request.body, now())
    except Refused as refusal:
        return JsonResponse({"why": refusal.message}, status=422)
    answers = [write_entry(access, found, entry) for entry in sent]
    numbers = hand_numbers(access, found) | {"token": get_token(request)}
    return JsonResponse({"answers": answers, "numbers": numbers})


@require_safe
def worker(request: HttpRequest, design: UUID) -> HttpResponse:
    """The service worker that opens the page of one design without a connection. It tells of nobody and needs
    no session, since browsers look for a newer one at any time."""
    return render(
        request,
        "campaigns/postcards/ledger/hand_worker.js",
        {"uuid": design},
        content_type="text/javascript",
    )
