"""What a tally is called."""

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from coalition.campaigns.core.number_ranges import number_ranges
from coalition.campaigns.in_person.counting.models import Tally


def tally_title(tally: Tally) -> str:
    """Return what it is called in the active language: place and day of its table, or numbers of its sheets.
    No query after `with_counts`."""
    if tally.table is not None:
        day = date_format(tally.table.day, "DATE_FORMAT")
        return _("Table: %(place)s, %(day)s") % {"place": tally.table.place, "day": day}
    return _("Sheets %(numbers)s") % {"numbers": number_ranges(one.number for one in tally.sheets.all())}
