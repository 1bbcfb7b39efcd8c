"""The ledger at the desk: all batches of a design, and the moves of one."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coalition.accounts.views.access import get_viewer
from coalition.campaigns.postcards.ledger.actions.deliveries import close_batch
from coalition.campaigns.postcards.ledger.actions.moves import record_lost, record_printed, reverse_move
from coalition.campaigns.postcards.ledger.desk_access import batch_of, design_of, desk_context
from coalition.campaigns.postcards.ledger.enums import Stock
from coalition.campaigns.postcards.ledger.forms import LostForm, PrintedForm
from coalition.campaigns.postcards.ledger.permissions import (
    may_count_cards,
    may_deliver_cards,
    may_record_moves,
    may_record_some,
)
from coalition.campaigns.postcards.ledger.presenters import (
    batch_rows,
    move_rows,
    table_cells,
    table_heads,
    totals_row,
)
from coalition.campaigns.postcards.ledger.queries import (
    BatchNumbers,
    deliveries_of,
    moves_of,
    numbers_of_batches,
    open_packets,
    overdue,
    recipient_of,
    scans_of,
    settled_tallies,
    usable_receipt,
)
from coalition.campaigns.postcards.models import Batch
from coalition.campaigns.postcards.permissions import may_see_scans
from coalition.core.errors import Refused
from coalition.http.responses import flash_result
from coalition.workspaces.access import member_required
from coalition.workspaces.permissions import Access
from documents.files.queries import readable_among
from events.spreadsheets.columns import csv_response


@member_required
@require_safe
def design_ledger(request: HttpRequest, design: UUID) -> HttpResponse:
    """All batches of a design with their stocks side by side, and its deliveries."""
    access, found = design_of(request, design)
    rows = batch_rows(access, get_viewer(request), found)
    deliveries = deliveries_of(found)
    readable = readable_among(access.user, [one.delivery.receipt for one in deliveries])
    context = desk_context(
        access,
        found,
        rows=rows,
        stocks=[stock.label for stock in Stock],
        totals=totals_row(rows),
        deliveries=[
            (one, recipient_of(one.delivery), usable_receipt(one.delivery), one.delivery.receipt in readable)
            for one in deliveries
        ],
        late=overdue(open_packets(found)).count(),
        may_record=may_record_some(access),
        may_deliver=may_deliver_cards(access),
        has_counted=any(row.numbers[Stock.COUNTED] and row.batch.closed_at is None for row in rows),
    )
    return render(request, "campaigns/postcards/ledger/design.html", context)


@member_required
@require_safe
def ledger_table(request: HttpRequest, design: UUID) -> HttpResponse:
    """The same as a spreadsheet table."""
    access, found = design_of(request, design)
    rows = batch_rows(access, get_viewer(request), found)
    return csv_response(table_heads(), table_cells(rows), f"postcards-{found.slug}.csv")


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def batch_ledger(request: HttpRequest, batch: UUID) -> HttpResponse:
    """The moves of a batch with the stocks after each; enter what was printed or lost."""
    access, found = batch_of(request, batch)
    numbers = numbers_of_batches([found.pk])[found.pk]
    missing = max(0, found.quantity - numbers.totals.printed)
    printed, lost = PrintedForm(initial={"quantity": missing or None}), LostForm()
    if request.method == "POST":
        form: PrintedForm
        if request.POST.get("act") == "lost":
            form = lost = LostForm(request.POST)
        else:
            form = printed = PrintedForm(request.POST)
        if form.is_valid() and _entered(request, access, found, form):
            return redirect("campaigns:card_batch", found.uuid)
    return _batch_page(request, access, found, numbers, printed=printed, lost=lost)


def _batch_page(
    request: HttpRequest,
    access: Access,
    found: Batch,
    numbers: BatchNumbers,
    *,
    printed: PrintedForm,
    lost: LostForm,
) -> HttpResponse:
    viewer = get_viewer(request)
    context = desk_context(
        access,
        found.design,
        batch=found,
        counts=[(stock.label, numbers[stock]) for stock in Stock],
        stocks=[stock.label for stock in Stock],
        rows=move_rows(access, viewer, found, moves_of(found)),
        tallies=list(settled_tallies(found)),
        scans=scans_of([found])[found.pk] if may_see_scans(access, found) else None,
        packets=open_packets(found.design).filter(batch=found).count(),
        printed=printed,
        lost=lost,
        is_open=found.closed_at is None,
        may_record=may_record_moves(access, found) and found.closed_at is None,
        may_count=may_count_cards(access) and found.closed_at is None,
        may_deliver=may_deliver_cards(access) and found.closed_at is None,
        waits_for_count=numbers[Stock.COLLECTED],
        waits_for_delivery=numbers[Stock.COUNTED],
    )
    status = 422 if printed.errors or lost.errors else 200
    return render(request, "campaigns/postcards/ledger/batch.html", context, status=status)


def _entered(request: HttpRequest, access: Access, batch: Batch, form: PrintedForm) -> bool:
    given: dict[str, Any] = dict(form.cleaned_data)
    try:
        if isinstance(form, LostForm):
            given["source"] = Stock(given["source"])
            record_lost(access=access, batch=batch, **given)
        else:
            record_printed(access=access, batch=batch, **given)
    except Refused as refusal:
        form.refuse("quantity", refusal)
        return False
    messages.success(request, _("Entered."))
    return True


@member_required
@require_POST
def undo_move(request: HttpRequest, batch: UUID, move: UUID) -> HttpResponse:
    """Undo a move by a reversing entry."""
    access, found = batch_of(request, batch)
    row = get_object_or_404(moves_of(found), uuid=move)
    with flash_result(request, _("Reversed by another entry. Both stand in the ledger.")):
        reverse_move(access=access, move=row)
    return redirect("campaigns:card_batch", found.uuid)


@member_required
@require_POST
def close(request: HttpRequest, batch: UUID) -> HttpResponse:
    """Close a batch."""
    access, found = batch_of(request, batch)
    with flash_result(request, _("The batch is closed. Its code leads on and credits nobody.")):
        close_batch(access=access, batch=found)
    return redirect("campaigns:card_batch", found.uuid)
