"""PDF of a call sheet: contacts, phone numbers in large print, check boxes, talking points."""

from django.utils.translation import gettext as _

from events.core.models import Event
from events.core.pdf.typeset import typeset
from events.press.call_sheets.presenters import CallRow
from events.press.enums import CallOutcome


def call_sheet_pdf(
    *, title: str, below: str, rows: list[CallRow], words: str, language: str, event: Event | None
) -> bytes:
    """Render A4 pages with one line per call, in the active language. `words`: what may be said.

    `event`: the subject of the calls; None if it is a publication.
    """
    return typeset(
        "call_sheet.typ",
        {
            "language": language,
            "title": title,
            "heading": _("Call sheet"),
            "below": below,
            "columns": [_("Name"), _("Phone"), _("Language"), _("Outcome")],
            "outcomes": [str(one.label) for one in CallOutcome if one != CallOutcome.OPEN],
            "rows": [
                {
                    "name": row.name,
                    "outlet": row.outlet,
                    "phone": row.phone,
                    "messenger": row.messenger,
                    "language": row.language,
                    "outcome": "" if row.call.outcome == CallOutcome.OPEN else row.outcome,
                    "again": row.again,
                    "note": row.call.note,
                }
                for row in rows
            ],
            "say": _("What may be said: it is public"),
            "words": words,
            "foot": _("Names and numbers of journalists. Do not leave it lying about."),
        },
        event=event,
    )
