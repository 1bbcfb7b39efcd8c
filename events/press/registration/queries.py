"""Registrations of journalists and their states."""

from collections import Counter

from django.db import models
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from coalition.core.throttling import hash_token
from events.core.enums import PressState
from events.core.models import PressGuest, PressRegistration
from events.core.printed_codes import normalise_code
from events.core.queries import public_events


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


def press_guests(
    registration: PressRegistration, *, words: str = "", state: str = "", here: str = ""
) -> list[PressGuest]:
    """Return the guests that match. `words`: in a name, an outlet or a whole code, matched after decryption;
    `here`: "yes" or "no". One query."""
    rows = proved_guests(registration)
    if state:
        rows = rows.filter(state=state)
    if here:
        rows = rows.filter(state=PressState.CONFIRMED, came_at__isnull=here == "no")
    if not words:
        return list(rows)
    code, words = hash_token(normalise_code(words)), words.casefold()
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


UNPROVED = (PressState.UNCONFIRMED, PressState.WITHDRAWN)  # must press the button in the mail
ANSWERS = (PressState.CONFIRMED, PressState.WAITING, PressState.FULL)


class CheckInResult(models.TextChoices):
    """Result of a check-in tick of a phone."""

    HERE = "here"  # recorded, and no other phone was earlier
    BEFORE = "before"  # another phone was earlier
    WITHDRAWN = "withdrawn"
    NO_PLACE = "no_place"  # the place was given to somebody else
    UNKNOWN = "unknown"
    TAKEN_BACK = "taken_back"


class Equipment(models.TextChoices):
    PHOTO = "photo", _("Photo camera")
    VIDEO = "video", _("Video camera")
    TRIPOD = "tripod", _("Tripod")
    SOUND = "sound", _("Sound recorder or microphone")
    LIGHT = "light", _("Lights")
    VAN = "van", _("Live broadcast van")
