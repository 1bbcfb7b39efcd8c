"""What the pages of postcards at the desk show."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import get_language, gettext as _, ngettext

from coalition.accounts.models import REGIONS
from coalition.accounts.naming import OrganisationMark, Viewer, display_mark_for, display_name_for
from coalition.campaigns.core.number_ranges import number_ranges
from coalition.campaigns.core.sections import Summary
from coalition.campaigns.counters.presenters import number_in_words
from coalition.campaigns.postcards.ledger.queries import DesignTotals, totals_of_designs
from coalition.campaigns.postcards.models import Batch, CardDesign
from coalition.campaigns.postcards.permissions import may_lead_postcards, may_print_batch, may_see_scans
from coalition.campaigns.postcards.queries import counts_in
from coalition.campaigns.referrals.queries import numbers_of
from coalition.campaigns.referrals.targets import title_of
from coalition.workspaces.permissions import Access
from events.core.pdf.typeset import address_of_code


@dataclass(frozen=True)
class DesignRow:
    """One design in the list."""

    design: CardDesign
    title: str
    totals: DesignTotals
    batch_count: int
    ordered: str


def design_rows(designs: Sequence[CardDesign]) -> list[DesignRow]:
    """Return the rows of the list; the designs come from `designs_for`."""
    totals = totals_of_designs([one.pk for one in designs])
    return [
        DesignRow(
            one,
            one.publication.title,
            totals.get(one.pk, DesignTotals()),
            one.batch_count,  # type: ignore[attr-defined]  # of `designs_for`
            number_in_words(one.ordered),  # type: ignore[attr-defined]  # of `designs_for`
        )
        for one in designs
    ]


@dataclass(frozen=True)
class BatchRow:
    """One batch in the table. `opened`: how often its code was opened; None where the person may not see it,
    as with other referral codes."""

    batch: Batch
    mark: OrganisationMark
    quantity: str
    region: str
    address: str
    code_url: str
    opened: int | None
    may_close: bool
    may_print: bool


def batch_rows(access: Access, viewer: Viewer, batches: Sequence[Batch]) -> list[BatchRow]:
    """Return the rows of the table of batches, which come from `batches_of`."""
    numbers = {one.code.pk: one for one in numbers_of([batch.referral for batch in batches])}
    may_lead = may_lead_postcards(access)
    return [
        BatchRow(
            batch=one,
            mark=display_mark_for(viewer, one.organisation),
            quantity=number_in_words(one.quantity),
            region=str(REGIONS.get(one.region, "")),
            address=address_of_code(one.referral.code),
            code_url=reverse("campaigns:referral_code", args=[access.workspace.uuid, one.referral.uuid])
            if may_see_scans(access, one)
            else "",
            opened=numbers[one.referral_id].opened if may_see_scans(access, one) else None,
            may_close=may_lead,
            may_print=may_print_batch(access, one),
        )
        for one in batches
    ]


def batches_by_organisation(viewer: Viewer, batches: Sequence[Batch]) -> str:
    """Return whose these batches are: "Name: № 1–3, 7; Other name: № 4–6."."""
    numbers: dict[str, list[int]] = {}
    for batch in batches:
        numbers.setdefault(display_name_for(viewer, batch.organisation), []).append(batch.number)
    return "; ".join(f"{name}: № {number_ranges(own)}" for name, own in numbers.items()) + "."


def destination_title(design: CardDesign) -> str:
    """Return the public title of what the code leads to, "" if it is not public now."""
    return title_of(design.action, design.target, get_language() or "")


def recipient_name(design: CardDesign) -> str:
    """Return the recipient's name, "" without one."""
    recipient = design.recipient_target or design.recipient_body
    return str(recipient.name) if recipient is not None else ""


def postcards_summary(access: Access) -> Summary:
    """Return the state of the section for the page of the campaign. One query."""
    designs, batches, ordered = counts_in(access.workspace)
    if not designs:
        return Summary(
            _("There is no postcard yet."),
            next_step=_("Make a design from a published text, then order batches."),
        )
    words = ngettext("%(count)d design", "%(count)d designs", designs) % {"count": designs}
    if batches:
        words += ", " + ngettext("%(count)d batch", "%(count)d batches", batches) % {"count": batches}
        words += ", " + ngettext("%(number)s card", "%(number)s cards", ordered) % {
            "number": number_in_words(ordered)
        }
    return Summary(f"{words}.")
