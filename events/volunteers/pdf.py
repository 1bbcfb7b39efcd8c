"""PDF certificate of a volunteer's hours with confirmed attendance."""

from django.utils.translation import gettext as _

from coalition.accounts.naming import PUBLIC
from coalition.core.clock import now
from coalition.jobs.date_formats import day_in_words
from events.core.models import Event
from events.core.naming import names_for
from events.core.opening_hours_text import range_in_words
from events.core.pdf.documents import when_and_where
from events.core.pdf.typeset import typeset
from events.core.queries import text_in
from events.volunteers.facts import hours_of
from events.volunteers.models import ShiftTurn, Volunteer
from events.volunteers.presenters import ShiftDay, TurnRow, hours_worked, length_in_words


def certificate_pdf(*, volunteer: Volunteer, turns: list[ShiftTurn]) -> bytes:
    """Render A4 pages in the active language, which is the volunteer's. Organisations have their
    public names; `turns`: those with confirmed attendance."""
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
        event=None,  # it covers hours worked, whatever the state of the event
    )


# --- plan ---
# PDF of the shift plan.


def shift_plan_pdf(*, title: str, event: Event, days: list[ShiftDay], caller: str, language: str) -> bytes:
    """Render A4 pages by day, in the active language. Phone numbers appear if the rows have
    them."""
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
