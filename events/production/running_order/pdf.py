"""PDF of the running order."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from coalition.jobs.date_formats import day_in_words
from events.core.models import Event
from events.core.pdf.documents import when_and_where
from events.core.pdf.typeset import typeset
from events.production.running_order.presenters import RunningOrderTable


def running_order_pdf(*, title: str, event: Event, table: RunningOrderTable, language: str) -> bytes:
    """Render A4 pages with one line per item, in the active language."""
    day = day_in_words(event.starts_on)
    return typeset(
        "running_order.typ",
        {
            "language": language,
            "title": title,
            "heading": _("Running order"),
            "below": when_and_where(f"{day}, {table.begins}–{table.ends}", event, language),
            "outdated": table.outdated,
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
        event=event,
    )
