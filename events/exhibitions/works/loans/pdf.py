"""PDFs of loan agreements and condition reports."""

import datetime

from django.conf import settings
from django.utils import formats
from django.utils.translation import gettext as _

from coalition.accounts.naming import Viewer, display_name_for
from documents.files.models import private_storage
from events.core.models import Event
from events.core.pdf.typeset import typeset
from events.core.queries import text_in
from events.exhibitions.works.enums import Reproduction
from events.exhibitions.works.loans.models import ConditionReport, Loan
from events.exhibitions.works.models import Work
from events.exhibitions.works.pdf import facts_line
from events.exhibitions.works.presenters import maker_words, size_words, sum_words

type LabelledRow = tuple[str, str]


def loan_agreement_pdf(*, event: Event, work: Work, loan: Loan, viewer: Viewer, language: str) -> bytes:
    """Render the agreement in the reader's language, which is the active one."""
    text = text_in(event, language)
    borrower = display_name_for(viewer, event.organisation)
    lender = lender_name(loan, viewer)
    return typeset(
        "loan_agreement.typ",
        {
            "language": language,
            "heading": _("Loan agreement"),
            "exhibition": text.title,
            "parts": [
                {"heading": _("Who lends"), "rows": _non_empty_rows(_lender_rows(loan, lender))},
                {"heading": _("Who borrows"), "rows": _non_empty_rows([(_("Organisation"), borrower)])},
                {"heading": _("The work"), "rows": _non_empty_rows(_work_rows(work, language))},
                {"heading": _("The loan"), "rows": _non_empty_rows(_loan_rows(loan, work))},
            ],
            "terms": [
                _("The work is shown at this exhibition only, in the place that is named for it."),
                _("Both look at the work when it comes and when it goes, and write down what they see."),
                _("The borrower insures the work for the sum above, from taking it over until it is back."),
                _("The work goes back on the day above. Another day is agreed in writing."),
                _("Without the lender's word in writing nobody changes, repairs, lends or sells the work."),
            ],
            "hands": [
                (_("For the lender: name, date"), lender),
                (_("For the borrower: name, date"), borrower),
            ],
            "foot": settings.SITE_URL.removeprefix("https://"),
        },
        event=event,
    )


def condition_pdf(*, event: Event, work: Work, report: ConditionReport, language: str) -> bytes:
    """Render the report with its photographs, in the reader's language."""
    pictures = {}
    for photo in report.photos.all():
        with private_storage().open(str(photo.file.name)) as file:
            pictures[f"{photo.uuid.hex}.jpg"] = file.read()
    return typeset(
        "condition.typ",
        {
            "language": language,
            "heading": _("Condition report"),
            "exhibition": text_in(event, language).title,
            "rows": _non_empty_rows(
                [
                    *_work_rows(work, language),
                    (_("When"), f"{report.get_moment_display()}, {condition_moment_words(event, report)}"),
                    (_("Looked at by"), report.seen_by),
                ]
            ),
            "condition": _("How it looks"),
            "words": report.words,
            "hands": [(_("Handed over by"), report.handed_by), (_("Taken over by"), report.taken_by)],
            "photos": list(pictures),
            "foot": _("For people who prepare the event. Do not leave it lying about."),
        },
        pictures,
        event=event,
    )


def lender_name(loan: Loan, viewer: Viewer) -> str:
    """Return the lender's name as this person may read it."""
    return display_name_for(viewer, loan.organisation) if loan.organisation is not None else loan.lender


def condition_moment_words(event: Event, report: ConditionReport) -> str:
    """Return the time of the condition check, local to the event."""
    return formats.date_format(report.seen_at.astimezone(event.zone_info), "j E Y, H:i")


def _lender_rows(loan: Loan, name: str) -> list[LabelledRow]:
    return [(_("Name"), name), (_("Address"), loan.address), (_("Phone"), loan.phone)]


def _work_rows(work: Work, language: str) -> list[LabelledRow]:
    rows = [
        (_("Title"), work.title_in(language)),
        (_("Who made it"), maker_words(work)),
        (_("Technique, year, size"), facts_line(work, language)),
    ]
    return rows if work.technique or work.year else [*rows[:2], (_("Size"), size_words(work))]


def _loan_rows(loan: Loan, work: Work) -> list[LabelledRow]:
    return [
        (_("Lent from"), _day(loan.from_on)),
        (_("Goes back on"), _day(loan.return_on)),
        (_("Insured for"), sum_words(loan.value, loan.currency)),
        (_("Its picture may stand"), str(Reproduction(work.reproduction).label)),
    ]


def _day(day: datetime.date | None) -> str:
    return formats.date_format(day, "j E Y") if day else ""


def _non_empty_rows(rows: list[LabelledRow]) -> list[LabelledRow]:
    return [row for row in rows if row[1]]
