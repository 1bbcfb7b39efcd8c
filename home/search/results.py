"""What was found, as the page shows it: titles and extracts with the words marked."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import formats
from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coalition.accounts.naming import PUBLIC, OrganisationMark, display_mark_for
from events.core.enums import EventKind, EventState
from events.core.queries import public_events
from home.models import FoundKind, NewsPage, SearchItem
from home.queries import public_pages
from home.search.find import SearchOutcome
from home.search.highlight import MarkedPiece, extract, mark_text
from home.search.matching import Hit
from home.search.unindexed import UnindexedItem

KINDS: dict[str, Promise] = {
    FoundKind.NEWS: gettext_lazy("News"),
    FoundKind.EVENT: gettext_lazy("Events"),
    FoundKind.PARTNER: gettext_lazy("Partners"),
    FoundKind.CAMPAIGN: gettext_lazy("Campaigns"),
    FoundKind.FACT: gettext_lazy("Facts"),
    FoundKind.PAGE: gettext_lazy("About us"),
}


@dataclass(frozen=True)
class SearchResult:
    """One line of the page."""

    url: str
    kind: str
    title: list[MarkedPiece]
    extract: list[MarkedPiece]
    note: str = ""
    date: str = ""
    iso: str = ""
    cancelled: bool = False
    mark: OrganisationMark | None = None


def build_results(found: SearchOutcome, hits: Sequence[Hit], language: str) -> list[SearchResult]:
    """The lines of these hits, in as many queries whatever their number.

    What is shown is asked for again through the lists of what is public: should the index ever be behind,
    it shows less, never more.
    """
    items = SearchItem.objects.in_bulk([hit.pk for hit in hits if hit.pk])
    notes = _notes(hits)
    results = []
    for hit in hits:
        if (thing := found.looked_at.get((hit.kind, hit.key))) is not None:
            results.append(_unindexed_result(thing, found, language))
        elif hit.pk in items and (hit.kind, hit.key) in notes:
            note, cancelled = notes[hit.kind, hit.key]
            results.append(_build_result(items[hit.pk], found, note, cancelled=cancelled))
    return results


def _notes(hits: Sequence[Hit]) -> dict[tuple[str, int], tuple[str, bool]]:
    """For what is public now: the kind in words, and whether it is cancelled."""
    keys = [hit.key for hit in hits if hit.pk]
    news = NewsPage.objects.live().public().filter(pk__in=keys).values_list("pk", "kind_label")
    pages = public_pages().public().filter(pk__in=keys).values_list("pk", flat=True)
    events = public_events().filter(pk__in=keys).order_by().values_list("pk", "kind", "state")
    return {
        **{(FoundKind.NEWS, pk): (label or _("News"), False) for pk, label in news},
        **{(kind, pk): ("", False) for pk in pages for kind in (FoundKind.CAMPAIGN, FoundKind.PAGE)},
        **{
            (FoundKind.EVENT, pk): (str(EventKind(kind).label), state == EventState.CANCELLED)
            for pk, kind, state in events
        },
    }


def _build_result(item: SearchItem, found: SearchOutcome, note: str, *, cancelled: bool) -> SearchResult:
    moment = localtime(item.moment) if item.moment else None
    return SearchResult(
        url=item.url,
        kind=item.kind,
        title=mark_text(item.title, found.terms, item.language),
        extract=extract(item.text, found.terms, item.language),
        note=note,
        date=formats.date_format(moment, "DATE_FORMAT") if moment else "",
        iso=moment.date().isoformat() if moment else "",
        cancelled=cancelled,
    )


def _unindexed_result(thing: UnindexedItem, found: SearchOutcome, language: str) -> SearchResult:
    row = thing.organisation
    return SearchResult(
        url=thing.url,
        kind=thing.kind,
        title=mark_text(thing.title, found.terms, language),
        extract=extract(thing.text, found.terms, language),
        note=thing.note,
        mark=display_mark_for(PUBLIC, row, language=language) if row is not None else None,
    )
