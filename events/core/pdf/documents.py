"""The line below the title of a PDF."""

import datetime
import io
from urllib.parse import urlsplit

import segno
from django.conf import settings
from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _

from events.core.enums import EventState
from events.core.models import Event
from events.core.queries import text_in


def when_and_where(when: str, event: Event, language: str) -> str:
    """Join the given time and the place. The PDF is for people who may know the address."""
    text = text_in(event, language)
    place = ", ".join(filter(None, [text.place, text.address]))
    return " · ".join(filter(None, [when, place]))


# --- notices ---
# Notice at the head of a PDF that the event was cancelled or moved.


def change_notice(event: Event) -> str:
    """Return “Cancelled”, or the old and the new time, in the active language; empty if unchanged.

    An event moved more than once is compared with the first announcement, as on its page.
    """
    if event.state == EventState.CANCELLED:
        return _("Cancelled")
    if event.state != EventState.MOVED:
        return ""
    if event.first_told is None:
        return _("Moved to another place")
    before, now = _moment(*event.first_told), _moment(event.starts_on, event.starts_at_time)
    if before == now:
        return ""
    return _("Moved: was %(before)s, now %(now)s") % {"before": before, "now": now}


def _moment(day: datetime.date, time: datetime.time | None) -> str:
    words = formats.date_format(day, "MONTH_DAY_FORMAT")
    return f"{words}, {formats.time_format(time, 'H:i')}" if time is not None else words


# --- printed codes ---
# Printed codes as QR pictures.


def address_of_code(code: str) -> str:
    """Return the content of the picture: the whole URL, independent of language."""
    return f"{settings.SITE_URL.rstrip('/')}{reverse('printed_code', args=[code])}"


def address_in_capitals(code: str) -> str:
    """Return the same URL in capitals (`HTTPS://…/Q/…`), which QR codes encode in fewer squares.

    Schemes and hosts are case-insensitive (RFC 3986, 6.2.2.1), and `/Q/` answers as `/q/` does. Only
    for a site at the root of its host: any other path would not be found in capitals.
    """
    address = f"{settings.SITE_URL.rstrip('/')}{reverse('printed_code_in_capitals', args=[code])}"
    return address.upper() if not urlsplit(settings.SITE_URL).path.strip("/") else address_of_code(code)


def code_svg(code: str) -> bytes:
    """Return the QR picture as SVG, scalable to any size."""
    out = io.BytesIO()
    segno.make(address_of_code(code), error="m", micro=False).save(out, kind="svg", border=1)
    return out.getvalue()
