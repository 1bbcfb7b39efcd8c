"""PDFs for check-in: guest list and badges."""

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from coalition.jobs.date_formats import day_in_words
from events.core.models import Event, PressGuest
from events.core.pdf.documents import when_and_where
from events.core.pdf.typeset import typeset
from events.press.registration.enums import Equipment
from events.press.registration.presenters import GuestRow

CAMERAS = (Equipment.VIDEO, Equipment.PHOTO)


def guest_list_pdf(*, title: str, event: Event, rows: Sequence[GuestRow], language: str) -> bytes:
    """Render A4 pages with one line and check box per journalist, in the active language."""
    return typeset(
        "press_list.typ",
        {
            "language": language,
            "title": title,
            "heading": f"{_('Journalists')} · {len(rows)}",
            "below": when_and_where(day_in_words(event.starts_on), event, language),
            "columns": [_("Here"), _("Outlet"), _("Name"), _("Language, equipment")],
            "rows": [
                {"came": one.came, "outlet": one.guest.outlet, "name": one.guest.name, "about": one.about}
                for one in rows
            ],
            "foot": _(
                "Names of journalists: do not leave the list lying about, and destroy it after the event."
            ),
        },
        event=event,
    )


def badges_pdf(*, title: str, event: Event, guests: Iterable[PressGuest], language: str) -> bytes:
    """Render eight badges per A4 page, in the active language."""
    return typeset(
        "press_badges.typ",
        {
            "language": language,
            "heading": _("Badges of journalists"),
            "title": title,
            "day": day_in_words(event.starts_on),
            "badges": [
                {"name": guest.name, "outlet": guest.outlet, "role": _role(guest)} for guest in guests
            ],
        },
        event=event,
    )


def _role(guest: PressGuest) -> str:
    """Return “Press” with camera equipment, so that everybody there recognises who takes
    pictures."""
    brings = [str(one.label) for one in CAMERAS if one.value in guest.equipment]
    return " · ".join([pgettext("on a badge", "Press"), *brings])
