"""Who registered for an event as press: the only place where they come from."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import QuerySet

from coalition.core.tokens import hash_token
from events.core.enums import PressState
from events.core.models import PressGuest, PressRegistration
from events.core.printed_codes import tidy
from events.core.queries import public_events


@dataclass(frozen=True)
class Wanted:
    """What the list is narrowed to. `words`: of a name, an outlet or a whole code; `here`: "yes" or "no"."""

    words: str = ""
    state: str = ""
    here: str = ""

    @property
    def is_narrow(self) -> bool:
        return bool(self.words or self.state or self.here)


def public_registration(slug: str) -> PressRegistration | None:
    """That of a public event, closed or not; None if there is none."""
    rows = PressRegistration.objects.filter(event__in=public_events().order_by().values("pk"))
    return (
        rows.select_related("event", "event__organisation", "event__workspace")
        .filter(event__slug=slug)
        .first()
    )


def counted(registration: PressRegistration) -> QuerySet[PressGuest]:
    """Those whose address is proved, in the order in which they asked."""
    rows = PressGuest.objects.filter(registration=registration)
    return rows.exclude(state=PressState.UNCONFIRMED).select_related("came_by")


def confirmed_guests(registration: PressRegistration) -> list[PressGuest]:
    """Those who have a place, by outlet and name, as on paper."""
    rows = counted(registration).filter(state=PressState.CONFIRMED)
    return sorted(rows, key=lambda one: (one.outlet.casefold(), one.name.casefold()))


def press_guests(registration: PressRegistration, wanted: Wanted) -> list[PressGuest]:
    """Those whom somebody looks for. Names are sealed, so words are looked for after unsealing: one query."""
    rows = counted(registration)
    if wanted.state:
        rows = rows.filter(state=wanted.state)
    if wanted.here:
        rows = rows.filter(state=PressState.CONFIRMED, came_at__isnull=wanted.here == "no")
    words = wanted.words.strip().casefold()
    if not words:
        return list(rows)
    code = hash_token(tidy(wanted.words))
    return [
        row
        for row in rows
        if row.code_hash == code or words in row.name.casefold() or words in row.outlet.casefold()
    ]


def state_counts(registration: PressRegistration) -> Counter[str]:
    """How many stand in which state, and under "here" how many came. One query."""
    rows = counted(registration).order_by().values_list("state", "came_at")
    found = Counter(state for state, _came in rows)
    found["here"] = sum(came is not None for _state, came in rows)
    return found
