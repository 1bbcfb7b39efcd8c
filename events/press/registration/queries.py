"""Querysets of press registrations and guests."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import QuerySet

from coalition.core.tokens import hash_token
from events.core.enums import PressState
from events.core.models import PressGuest, PressRegistration
from events.core.printed_codes import normalise_code
from events.core.queries import public_events


@dataclass(frozen=True)
class PressGuestFilter:
    """Search filters. `words`: in a name, an outlet or a whole code; `here`: "yes" or "no"."""

    words: str = ""
    state: str = ""
    here: str = ""

    @property
    def is_narrow(self) -> bool:
        return bool(self.words or self.state or self.here)


def public_registration(slug: str) -> PressRegistration | None:
    """Return the press registration of a public event, open or closed; None if there is none."""
    rows = PressRegistration.objects.filter(event__in=public_events().order_by().values("pk"))
    return (
        rows.select_related("event", "event__organisation", "event__workspace")
        .filter(event__slug=slug)
        .first()
    )


def proved_guests(registration: PressRegistration) -> QuerySet[PressGuest]:
    """Return guests with a verified address, in the order of their requests."""
    rows = PressGuest.objects.filter(registration=registration)
    return rows.exclude(state=PressState.UNCONFIRMED).select_related("came_by")


def confirmed_guests(registration: PressRegistration) -> list[PressGuest]:
    """Return the confirmed guests by outlet and name, as in the PDF list."""
    rows = proved_guests(registration).filter(state=PressState.CONFIRMED)
    return sorted(rows, key=lambda one: (one.outlet.casefold(), one.name.casefold()))


def press_guests(registration: PressRegistration, wanted: PressGuestFilter) -> list[PressGuest]:
    """Return the guests that match. Names are encrypted, so words are matched after decryption: one
    query."""
    rows = proved_guests(registration)
    if wanted.state:
        rows = rows.filter(state=wanted.state)
    if wanted.here:
        rows = rows.filter(state=PressState.CONFIRMED, came_at__isnull=wanted.here == "no")
    words = wanted.words.strip().casefold()
    if not words:
        return list(rows)
    code = hash_token(normalise_code(wanted.words))
    return [
        row
        for row in rows
        if row.code_hash == code or words in row.name.casefold() or words in row.outlet.casefold()
    ]


def state_counts(registration: PressRegistration) -> Counter[str]:
    """Count the guests by state, and those checked in under "here". One query."""
    rows = proved_guests(registration).order_by().values_list("state", "came_at")
    found = Counter(state for state, _came in rows)
    found["here"] = sum(came is not None for _state, came in rows)
    return found
