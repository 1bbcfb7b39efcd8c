"""Why a spreadsheet, or a row of it, is not taken: words by code."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

REJECTION_MESSAGES: dict[str, Promise] = {
    "too_large": _("The file is larger than 5 MB. Divide it into several."),
    "too_many_rows": _("The file has more than 3,000 rows. Divide it into several."),
    "old_excel": _("This is an .xls file of an old Excel. Save it as .xlsx or .csv and bring it again."),
    "not_a_sheet": _("This is no spreadsheet that can be read here. Save it as .xlsx or .csv."),
    "broken": _("The file is damaged and could not be read. Save it anew as .xlsx or .csv."),
    "took_too_long": _("The file took too long to read. Keep only the sheet with the list in it."),
    "empty": _("There is nothing in this file."),
    "no_columns": _(
        "No columns were recognised. The first row has to name them, for example: outlet, name, e-mail,"
        " phone, language."
    ),
    "no_coverage_columns": _(
        "No columns were recognised. The first row has to name them, for example: outlet, date, link, reach."
    ),
    "no_day": _("There is no column for the day. Name one of them “date” in the first row."),
    "no_outlet": _("There is no column for the outlet. Name one of them “outlet” in the first row."),
    "no_way": _(
        "There is no column for an e-mail, a phone number or a messenger. Name one in the first row."
    ),
    "only_heads": _("There is nothing below the first row, which names the columns."),
}
ROW_FAULT_MESSAGES: dict[str, Promise] = {
    "formula": _("A cell holds a formula. Formulas are not worked out here: put the value in its place."),
    "no_outlet": _("The outlet is missing."),
    "no_way": _("There is no e-mail, phone number or messenger."),
    "address": _("This is no e-mail address."),
    "phone": _("This is no phone number."),
    "language": _("This language is not one of ours: Kazakh, Russian, English."),
    "kind": _("This is none of the kinds: online, television, radio, print, news agency, social networks."),
    "day": _("This is no day, for example 2026-03-03 or 03.03.2026."),
    "time": _("This is no time, for example 18:30."),
    "reach": _("The reach is a number of people."),
    "coverage_twice": _("The same stands further up in this file."),
    "twice": _("The same person stands further up in this file."),
    "too_long": _("A cell is too long for what it names."),
}
