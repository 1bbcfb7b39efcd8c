"""The plan of shifts on paper."""

from django.utils.translation import gettext as _

from events.core.models.event import Event
from events.core.opening_hours_text import range_in_words
from events.core.pdf.heading import when_and_where
from events.core.pdf.typeset import typeset
from events.volunteers.presenters.desk import DayRows, TurnRow


def shift_plan_pdf(*, title: str, event: Event, days: list[DayRows], caller: str, language: str) -> bytes:
    """A4 pages day by day; the current language is the reader's. Phones stand where the rows have them."""
    return typeset(
        "shift_plan.typ",
        {
            "language": language,
            "title": title,
            "heading": _("Shift plan"),
            "below": when_and_where(range_in_words(days[0].on, days[-1].on), event, language),
            "caller": _("To call: %(person)s") % {"person": caller} if caller else "",
            "columns": [_("Hours"), _("Task"), _("Who")],
            "days": [
                {
                    "words": day.words[:1].upper() + day.words[1:],
                    "note": _("closed on this day") if day.closed else "",
                    "rows": [
                        {
                            "hours": row.hours,
                            "task": row.title,
                            "place": row.place,
                            "people": [_person(one) for one in row.people],
                            "missing": row.missing_words,
                        }
                        for row in day.rows
                    ],
                }
                for day in days
            ],
            "foot": _(
                "Names of volunteers: do not leave the plan lying about, and destroy it after the event."
            ),
        },
        event=event,
    )


def _person(row: TurnRow) -> dict[str, str]:
    return {"name": row.name, "phone": row.phone}
