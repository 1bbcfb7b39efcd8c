"""What everybody reads of postcards: numbers of the ledger, deliveries with receipts, and the method."""

import datetime
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy, override

from coalition.campaigns.core.double_count import method_with_telephone
from coalition.campaigns.counters.presenters import number_in_words
from coalition.campaigns.postcards.ledger.queries import (
    DesignTotals,
    counts_by_telephone,
    public_deliveries,
    totals_of_designs,
)
from coalition.campaigns.postcards.models import CardDesign
from coalition.campaigns.postcards.queries import public_designs
from coalition.campaigns.referrals.targets import action_of
from coalition.core.localized_text import content_languages
from documents.drafts.models import PublicationState
from documents.files.models import StoredFile
from documents.files.public_copy import may_be_public
from documents.publication.models import Publication
from documents.publication.verification.findings import offline_row

PAGE_SECONDS: Final = 60  # how old numbers on a page that a proxy keeps are at most
METHOD = gettext_lazy(
    "The organisations enter each step in a ledger, to which is only added: a mistake is corrected by "
    "another entry. Cards are counted by two people who do not see each other’s number, of two organisations "
    "where a town has two; otherwise the second person counts by telephone. The code on a card belongs to a "
    "batch, never to a person."
)
METHOD_OF_COLUMN = gettext_lazy(
    "Cards that two people counted, each without seeing the other’s number. Cards without a second count are "
    "left out."
)


def method_for(words: str, design_pks: Collection[int]) -> str:
    """Return `METHOD` or `METHOD_OF_COLUMN`, with how many counts of these designs were read out by
    telephone. One query."""
    by_telephone, counts = counts_by_telephone(design_pks)
    return method_with_telephone(words, by_telephone=by_telephone, counts=counts)


def public_line(totals: DesignTotals) -> str:
    """Return the numbers in one line, without steps that nothing has reached yet; "" for none at all. Cards
    that came back blank are not handed out: they can be handed out again."""
    parts = [
        (totals.printed, _("%(number)s printed")),
        (totals.handed_out - totals.returned, _("%(number)s handed out")),
        (totals.collected, _("%(number)s collected")),
        (totals.posted, _("%(number)s sent by post")),
        (totals.lost, _("%(number)s lost")),
        (totals.counted, _("%(number)s counted by two")),
        (totals.delivered, _("%(number)s delivered")),
    ]
    return ", ".join(words % {"number": number_in_words(count)} for count, words in parts if count)


@dataclass(frozen=True)
class DeliveryView:
    """One delivery. `receipt_url`: of the scanned receipt, "" if there is none."""

    day: datetime.date
    recipient: str
    incoming_number: str
    number: str
    receipt_url: str


@dataclass(frozen=True)
class PostcardsView:
    """A published design in the active language.

    `title`: of its text, "" once that was withdrawn or while it is checked; `line`: "" while there is no
    number; `action_url`: where the code on the cards leads, "" if it leads nowhere now.
    """

    slug: str
    title: str
    url: str
    line: str
    deliveries: list[DeliveryView]
    method: str
    action_url: str
    action_label: str


def postcards_view(design: CardDesign, language: str) -> PostcardsView:
    """Return what everybody reads of a published design, which comes from `public_designs`."""
    totals = totals_of_designs([design.pk]).get(design.pk, DesignTotals())
    label, url = _destination(design, language)
    return PostcardsView(
        slug=design.slug,
        title=shown_title(design.publication),
        url=reverse("postcards", args=[design.slug]),
        line=public_line(totals),
        deliveries=[
            DeliveryView(
                day=one.day,
                recipient=str(one.recipient),
                incoming_number=one.incoming_number,
                number=number_in_words(one.quantity),
                receipt_url=receipt_url(design, one.receipt),
            )
            for one in public_deliveries(design)
        ],
        method=method_for(str(METHOD), [design.pk]),
        action_url=url,
        action_label=label,
    )


def shown_title(publication: Publication) -> str:
    """Return its public title, "" once it was withdrawn or while it is checked."""
    is_shown = publication.state == PublicationState.PUBLIC and offline_row(publication) is None
    return publication.title if is_shown else ""


def _destination(design: CardDesign, language: str) -> tuple[str, str]:
    """The words of the link to what the code leads to, and its path; "" each if it is not public now."""
    try:
        kind = action_of(design.action)
    except LookupError:
        return "", ""
    title = kind.title(design.target, language)
    address = kind.address(design.target, language, "") or kind.after(design.target, language)
    return (f"{kind.label}: {title}", address) if title and address else ("", "")


def receipt_url(design: CardDesign, file: StoredFile | None) -> str:
    """Return the address of the public copy of a receipt, "" if there is none."""
    if file is None or not may_be_public(file):
        return ""
    return reverse("postcards_receipt", args=[design.slug, file.uuid])


def receipt_of(design: CardDesign, uuid: str) -> StoredFile | None:
    """Return the receipt with this UUID if it belongs to a public delivery of the design."""
    files = [one.receipt for one in public_deliveries(design) if one.receipt is not None]
    return next((file for file in files if str(file.uuid) == uuid and receipt_url(design, file)), None)


def postcards_to_choose(language: str) -> list[tuple[str, str]]:
    """Return UUID and title of the published designs that an editor can put on a page, newest first."""
    with override(language):
        rows = [(str(one.uuid), shown_title(one.publication)) for one in public_designs().order_by("-pk")]
    return [row for row in rows if row[1]]


def language_switch(slug: str, language: str) -> list[dict[str, object]]:
    """The public page in each language."""
    found: list[dict[str, object]] = []
    for one, name in content_languages():
        with override(one):
            url = reverse("postcards", args=[slug])
        found.append({"code": one, "name": name, "url": url, "current": one == language})
    return found
