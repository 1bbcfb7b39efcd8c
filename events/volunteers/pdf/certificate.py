"""A volunteer's certificate: the hours that somebody saw them work."""

from django.utils.translation import gettext as _

from coalition.accounts.naming import PUBLIC
from coalition.core.clock import now
from coalition.jobs.moments import day_in_words
from events.core.naming import names_for
from events.core.pdf.typeset import typeset
from events.core.queries.texts import text_in
from events.volunteers.models import ShiftTurn, Volunteer
from events.volunteers.presenters.facts import hours_of
from events.volunteers.presenters.own_shifts import hours_in_words, hours_worked


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
            "hours": hours_in_words(hours_worked(turns)),
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
