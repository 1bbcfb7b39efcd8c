"""Deliveries of counted cards at the desk."""

from collections.abc import Container
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from coalition.campaigns.postcards.ledger.actions.deliveries import (
    BatchRefused,
    deliver_cards,
    take_back_delivery,
)
from coalition.campaigns.postcards.ledger.desk_access import design_of, desk_context
from coalition.campaigns.postcards.ledger.enums import Stock
from coalition.campaigns.postcards.ledger.forms import CardDeliveryForm, batch_field
from coalition.campaigns.postcards.ledger.models import CardDelivery
from coalition.campaigns.postcards.ledger.permissions import ONLY_COORDINATORS, may_deliver_cards
from coalition.campaigns.postcards.ledger.queries import batches_of, numbers_of_batches
from coalition.campaigns.postcards.models import Batch, CardDesign
from coalition.core.errors import Refused
from coalition.http.responses import flash_result, form_page
from coalition.workspaces.access import member_required
from documents.drafts.permissions import require_that


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, design: UUID) -> HttpResponse:
    """Note that counted cards were handed over; the stamp can close their batches at once."""
    access, found = design_of(request, design)
    require_that(may_deliver_cards(access), ONLY_COORDINATORS)
    counted = _counted(found, request.POST)
    form = CardDeliveryForm(request.POST or None, access=access, design=found, counted=counted)
    if request.method == "POST" and form.is_valid():
        try:
            deliver_cards(access=access, design=found, **form.given)
        except BatchRefused as refusal:
            form.refuse(batch_field(refusal.batch), refusal)
        except Refused as refusal:
            form.refuse(None, refusal)
        else:
            messages.success(request, _("The delivery is entered."))
            return redirect("campaigns:card_ledger", found.uuid)
    context = desk_context(access, found, form=form, counted=counted, has_recipients=bool(form.recipients))
    return form_page(request, "campaigns/postcards/ledger/delivery.html", context)


def _counted(design: CardDesign, sent: Container[str]) -> dict[Batch, int]:
    """Return open batches with cards that are counted and not delivered, and how many; also those of which a
    form was sent, whatever was entered about them meanwhile. `sent`: names of its fields."""
    batches = list(batches_of(design))
    numbers = numbers_of_batches([batch.pk for batch in batches])
    counted = {batch: numbers[batch.pk][Stock.COUNTED] for batch in batches}
    return {
        batch: count
        for batch, count in counted.items()
        if batch_field(batch) in sent or (count and batch.closed_at is None)
    }


@member_required
@require_POST
def take_back_card_delivery(request: HttpRequest, delivery: UUID) -> HttpResponse:
    """Undo a delivery that was entered by mistake."""
    row = get_object_or_404(CardDelivery.objects.select_related("design"), uuid=delivery)
    access, found = design_of(request, row.design.uuid)
    with flash_result(request, _("The delivery is taken back. Its cards are counted and not delivered.")):
        take_back_delivery(access=access, delivery=row)
    return redirect("campaigns:card_ledger", found.uuid)
