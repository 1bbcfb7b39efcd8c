"""The spreadsheet to fill in: headings that the import recognises, and what they mean."""

import io

from django.utils.translation import gettext as _

from coalition.accounts.models import REGIONS
from coalition.campaigns.recipients.columns import template_headings
from coalition.core.localized_text import content_languages

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WIDTH = 24  # characters


def template_file(language: str) -> bytes:
    """Return an .xlsx file: an empty list with its headings, and a sheet of explanations."""
    from openpyxl import Workbook  # slow to import, and needed here only
    from openpyxl.styles import Font

    book = Workbook()
    sheet = book.active
    sheet.title = _("List")
    sheet.append(template_headings(language))
    for cell in sheet[1]:
        cell.font = Font(bold=True)
        sheet.column_dimensions[cell.column_letter].width = WIDTH
    sheet.freeze_panes = "B2"
    notes = book.create_sheet(_("Explanations"))
    notes.column_dimensions["A"].width = notes.column_dimensions["B"].width = 2 * WIDTH
    for row in _explanations():
        notes.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _explanations() -> list[list[str]]:
    languages = ", ".join(f"{code} ({name})" for code, name in content_languages())
    return [
        [_("Needed"), _("an identifier that stays the same in every list, and a name in one language")],
        [_("Languages"), languages],
        [_("Region"), _("its code or its full name:")],
        *([code, str(name)] for code, name in REGIONS.items()),
    ]
