"""Fallback venue presenter."""

from dataclasses import dataclass

from django.utils.translation import get_language

from coalition.accounts.enums import Language
from events.core.formatting import with_region
from events.core.models import Event
from events.production.fallback_venue.queries import second_place_of


@dataclass(frozen=True)
class FallbackVenue:
    """Fallback venue; `used`: the event has moved, this is its previous venue."""

    where: str
    agreed: bool
    note: str
    used: bool


def fallback_venue_of(event: Event) -> FallbackVenue | None:
    """Return the fallback venue for members who prepare the event, in the reader's language or a
    fallback."""
    row = second_place_of(event)
    if row is None:
        return None
    language = get_language() or ""
    written = [one for one in (language, *Language.values) if any(row.words.get(one, {}).values())]
    words = row.words.get(next(iter(written), ""), {})
    where = ", ".join(filter(None, [words.get("place"), words.get("address")]))
    return FallbackVenue(
        where=with_region(where, row.region) or row.online_link,
        agreed=row.agreed,
        note=row.note,
        used=row.used_at is not None,
    )
