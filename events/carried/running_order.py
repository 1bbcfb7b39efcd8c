"""The running order on paper."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from coalition.clock.moments import day_in_words
from events.carried.typeset import typeset
from events.models import Event
from events.pages.running_order import Table
from events.queries.texts import text_in


def running_order_pdf(*, title: str, event: Event, table: Table, language: str) -> bytes:
    """A4 pages with a line an item; the current language is the reader's."""
    place, day = text_in(event, language), day_in_words(event.starts_on)
    where = ", ".join(filter(None, [place.place, place.address]))
    return typeset(
        "running_order.typ",
        {
            "language": language,
            "title": title,
            "heading": _("Running order"),
            "below": f"{day}, {table.begins}–{table.ends}" + (f" · {where}" if where else ""),
            "columns": [_("Time"), pgettext("a length of time", "Minutes"), _("What"), _("Who"), _("Note")],
            "rows": [
                {
                    "time": row.starts,
                    "minutes": str(row.item.minutes),
                    "title": row.title,
                    "pinned": _("fixed") if row.item.pinned else "",
                    "who": row.item.who,
                    "note": row.item.note,
                }
                for row in table.rows
            ],
            "foot": _("For people who prepare the event. Do not leave it lying about."),
        },
    )
