"""The PDF of a run of sheets: the words as they were published, lines to write on, number and code."""

import datetime
from pathlib import Path
from typing import Any, Final

from django.utils.formats import date_format
from django.utils.translation import gettext as _, override, pgettext

from coalition.accounts.naming import PUBLIC, display_name_for, may_see_name
from coalition.campaigns.appeals.public_queries import standing_publications
from coalition.campaigns.core.typesetting import draw_template
from coalition.campaigns.in_person.sheets.models import SheetRun
from coalition.campaigns.referrals.files import qr_svg, short_address
from coalition.core.errors import Refused
from documents.canonical.form import Document, short_hash
from documents.drafts.models import PublicationState
from documents.publication.models import PublicationText
from documents.publication.verification.findings import offline_row

TEMPLATE: Final = Path(__file__).with_name("sheet.typ")
LEAST_LINES: Final = 8  # below the words; where fewer fit, the lines have a page of their own


def run_pdf(run: SheetRun) -> bytes:
    """Return the sheets of a run. Each is one page, or words and lines on pages of their own.

    Raises Refused where the words of its version are not those that were published in its language, or are
    off the site now.
    """
    publication = standing_publications().get(pk=run.version.publication_id)
    if publication.state != PublicationState.PUBLIC or offline_row(publication) is not None:
        raise Refused(_("The text is not public now, so its sheets are not printed."))
    rows = PublicationText.objects.filter(publication=run.version.publication_id, language=run.language)
    text = rows.select_related("version").first()
    if text is None or text.hash != run.version.hashes.get(run.language):
        raise Refused(_("The text is not the one that was published. Tell the people who run this site."))
    with override(run.language):
        data = _data(run, text.document, text.hash)
    return draw_template(
        TEMPLATE, data, format="pdf", pictures={"code.svg": qr_svg(run.referral.code, border=0)}
    )


def _data(run: SheetRun, document: Document, digest: str) -> dict[str, Any]:
    organisation = run.organisation
    named = may_see_name(PUBLIC, organisation)
    name = display_name_for(PUBLIC, organisation, language=run.language) if named else ""
    return {
        "language": run.language,
        "heading": _("Support for an appeal"),
        "no_petition": _("This is not an official petition under the law."),
        "organisation": name,
        "number_label": pgettext("paper sheet", "Sheet No."),
        "address": short_address(run.referral.code),
        "title": document["title"],
        "lead": document["lead"],
        "blocks": document["blocks"],
        "pictures": document["pictures"],
        "version": _("Version %(number)s of the text, SHA-256 %(hash)s")
        % {"number": run.version.number, "hash": short_hash(digest)},
        "columns": [
            pgettext("paper sheet", "No."),
            _("Name"),
            pgettext("paper sheet", "I support it"),
            _("Town or village"),
            _("Date"),
        ],
        "notes": paper_notes(name, run.version.appeal.personal_data_until),
        "numbers": list(range(run.first_number, run.last_number + 1)),
        "least_lines": LEAST_LINES,
    }


def paper_notes(organisation: str, until: datetime.date | None) -> list[str]:
    """Return in words what happens to what people write. `organisation`: "" where it may not be named;
    `until`: the last day on which the paper exists."""
    if organisation:
        keeps = _("%(organisation)s keeps the sheet and gives it to nobody.") % {"organisation": organisation}
    else:
        keeps = _("The organisation that gave you the sheet keeps it and gives it to nobody.")
    if until is not None:
        ends = _("It is destroyed six months after the hand-over, on %(day)s at the latest.") % {
            "day": date_format(until, "DATE_FORMAT")
        }
    else:
        ends = _("It is destroyed six months after the hand-over.")
    return [
        _(
            "Only name, town or village and date: no telephone, no e-mail, no number of a document. Write on"
            " one sheet only. A line that is crossed out is not counted."
        ),
        " ".join([_("Two people count the lines; only the number leaves the paper."), keeps, ends]),
    ]
