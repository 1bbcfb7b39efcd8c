"""A volunteer's certificate: the hours that somebody saw them work."""

from django.utils.translation import gettext as _

from coalition.accounts.naming import PUBLIC
from coalition.core.clock import now
from coalition.jobs.date_formats import day_in_words
from events.core.models import Event
from events.core.naming import names_for
from events.core.opening_hours_text import range_in_words
from events.core.pdf.heading import when_and_where
from events.core.pdf.typeset import typeset
from events.core.queries import text_in
from events.volunteers.facts import hours_of
from events.volunteers.models import ShiftTurn, Volunteer
from events.volunteers.presenters import DayRows, TurnRow, hours_worked, length_in_words


def certificate_pdf(*, volunteer: Volunteer, turns: list[ShiftTurn]) -> bytes:
    """One A4 page or more in the active language, which is the volunteer's. Organisations are named as
    everyone may read them; `turns`: those at which the person came."""
    event, language = volunteer.event, volunteer.language
    today = now().astimezone(event.zone_info).date()
    return typeset(
        "certificate.typ",
        {
            "language": language,
            "heading": _("Certificate of volunteer work"),
            "name": volunteer.name,
            "sentence": _("helped as a volunteer at: %(event)s") % {"event": text_in(event, language).title},
            "hours": length_in_words(hours_worked(turns)),
            "columns": [_("Day"), _("Hours"), _("Task")],
            "rows": [
                {
                    "day": day_in_words(one.shift.on),
                    "hours": hours_of(one.shift),
                    "task": one.shift.title_in(language),
                }
                for one in turns
            ],
            "by_label": _("Organisers"),
            "by": ", ".join(names_for(PUBLIC, event, language=language)),
            "sign_label": _("Name and hand of the organiser"),
            "date": day_in_words(today),
            "foot": _("The hours are those noted by the organisers on the day."),
        },
        event=None,  # it is about hours that somebody did work, whatever became of the event
    )


# --- plan ---
# The plan of shifts on paper.


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
