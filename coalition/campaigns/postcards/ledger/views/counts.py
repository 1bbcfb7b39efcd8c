"""Counting the collected cards of a batch by two people, neither of whom sees the other's number first."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from coalition.accounts.naming import Viewer, display_name_for
from coalition.accounts.views.access import get_viewer
from coalition.campaigns.core.double_count import CountResult, CountState, count_result, has_two_organisations
from coalition.campaigns.postcards.ledger.actions.counts import count_cards, take_back_count
from coalition.campaigns.postcards.ledger.desk_access import batch_of, desk_context
from coalition.campaigns.postcards.ledger.enums import Stock
from coalition.campaigns.postcards.ledger.forms import CountForm
from coalition.campaigns.postcards.ledger.models import CardTally
from coalition.campaigns.postcards.ledger.permissions import (
    ONLY_COUNTERS,
    may_count_cards,
    may_take_back_counts,
)
from coalition.campaigns.postcards.ledger.queries import (
    numbers_of_batches,
    settled_tallies,
    tally_with_entries,
)
from coalition.campaigns.postcards.models import Batch
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.http.responses import flash_result, form_page
from coalition.workspaces.access import member_required
from coalition.workspaces.notifications.notify import mark_subjects_read
from coalition.workspaces.permissions import Access
from documents.drafts.permissions import require_that


@dataclass(frozen=True)
class CountLine:
    """One person's current count. `number`: None while the viewer may not know it."""

    organisation: str
    is_own: bool
    number: int | None
    way: str


@dataclass(frozen=True)
class OpenTally:
    """The count that is open now: `number` 1 before anybody has counted."""

    number: int
    result: CountResult
    lines: list[CountLine]
    own: int | None

    @property
    def waits(self) -> bool:
        return self.result.state == CountState.WAITING

    @property
    def is_overdue(self) -> bool:
        until = self.result.read_back_until
        return until is not None and now() > until

    @property
    def is_of_others(self) -> bool:
        """Whether two other people count, so that this person does not."""
        return self.own is None and len(self.lines) > 1

    @property
    def differs(self) -> bool:
        return self.result.state == CountState.DIFFERENT


def open_tally(access: Access, viewer: Viewer, batch: Batch) -> OpenTally:
    """Return where the open count of a batch stands for this person: the number of the other one only once
    both have counted, and none of theirs for a third person, who may count anew once they are taken back."""
    tally = tally_with_entries(batch)
    if tally is None or tally.settled_at is not None:
        number = tally.number + 1 if tally is not None else 1
        return OpenTally(number, count_result([]), [], None)
    return _as_seen(access, viewer, tally)


def _as_seen(access: Access, viewer: Viewer, tally: CardTally) -> OpenTally:
    entries = list(tally.entries.all())
    result = count_result(entries)
    current = [entry for entry in entries if entry.replaced_at is None]
    own = next((entry.count for entry in current if entry.person_id == access.user.pk), None)
    may_see_both = own is not None and len(current) > 1
    lines = []
    for entry in current:
        is_own = entry.person_id == access.user.pk
        shown = entry.count if is_own or may_see_both else None
        lines.append(
            CountLine(display_name_for(viewer, entry.organisation), is_own, shown, entry.get_method_display())
        )
    return OpenTally(tally.number, result, lines, own)


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def count(request: HttpRequest, batch: UUID) -> HttpResponse:
    """Give one's count, or count again while the two differ."""
    access, found = batch_of(request, batch)
    require_that(may_count_cards(access), ONLY_COUNTERS)
    mark_subjects_read(request, found.uuid)
    form = CountForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            tally = count_cards(access=access, batch=found, **form.given)
        except Refused as refusal:
            form.add_error("count", refusal.message)
        else:
            _say(request, tally)
            return redirect("campaigns:card_count", found.uuid)
    tally_now = open_tally(access, get_viewer(request), found)
    if not form.is_bound:
        form = CountForm(initial={"number": tally_now.number})
    context = desk_context(
        access,
        found.design,
        batch=found,
        form=form,
        tally=tally_now,
        settled=list(settled_tallies(found)),
        collected=numbers_of_batches([found.pk])[found.pk][Stock.COLLECTED],
        needs_two=has_two_organisations(access.workspace, found.region),
        is_open=found.closed_at is None,
        may_take_back_counts=may_take_back_counts(access),
    )
    return form_page(request, "campaigns/postcards/ledger/count.html", context)


def _say(request: HttpRequest, tally: CardTally) -> None:
    if tally.settled_at is not None:
        messages.success(request, _("Two people agree: %(count)s cards.") % {"count": tally.count})
    elif count_result(list(tally.entries.all())).state == CountState.DIFFERENT:
        messages.warning(request, _("The two counts differ. Count again, each for yourself."))
    else:
        messages.success(request, _("Your count is entered. A second person counts now."))


@member_required
@require_POST
def take_back_card_count(request: HttpRequest, batch: UUID) -> HttpResponse:
    """Take one's own count back; coordinators those of others."""
    access, found = batch_of(request, batch)
    tally = open_tally(access, get_viewer(request), found)
    is_own = tally.own is not None
    words = _("Your count is taken back.") if is_own else _("Taken back. It can be counted again.")
    with flash_result(request, words):
        take_back_count(access=access, batch=found, number=tally.number)
    return redirect("campaigns:card_count", found.uuid)
