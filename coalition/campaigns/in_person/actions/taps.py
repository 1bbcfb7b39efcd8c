"""What volunteers' phones counted: running totals, which arrive late, twice, or out of order."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coalition.campaigns.in_person.actions.opening import lock_table
from coalition.campaigns.in_person.models import Table, TableDevice
from coalition.campaigns.in_person.taking import refuse_taps
from coalition.core.errors import Refused

MOST_TAPS: Final = 20_000  # of one phone: more is no day at a table
MOST_PRESSES: Final = 1_000_000  # taps and corrections of one phone
MOST_DEVICES: Final = 60  # phones of one table
OTHER_NUMBER: Final = _(
    "The table has another number of this phone: %(known)s, not %(sent)s. Nothing was changed. Correct the"
    " number with +1 and −1: it is sent with the next press."
)


@dataclass(frozen=True)
class TapReport:
    """What a phone says: `taps` people after `sequence` presses, corrections included."""

    device: UUID
    sequence: int
    taps: int


def record_taps(*, table: Table, report: TapReport) -> TableDevice:
    """Store a phone's running total if it is newer than the one that is known; return what is known then.

    A report that was sent twice, in two tabs or out of order changes nothing, and is answered all the same
    once nothing is taken any more. Raises Refused for numbers that cannot be, another total after as many
    presses, too many phones, a table that was not opened, and taps that arrive after it was settled or too
    late (`taking.refuse_taps`).
    """
    if not (1 <= report.sequence <= MOST_PRESSES and 0 <= report.taps <= min(report.sequence, MOST_TAPS)):
        raise Refused(_("This number cannot be. Nothing was changed."))
    with transaction.atomic():
        locked = lock_table(table)
        known = TableDevice.objects.filter(table=locked, device=report.device).first()
        if known is not None and known.sequence >= report.sequence:
            if known.sequence == report.sequence and known.taps != report.taps:
                raise Refused(OTHER_NUMBER, known=known.taps, sent=report.taps)
            return known
        is_late = refuse_taps(locked)
        if known is None:
            if TableDevice.objects.filter(table=locked).count() >= MOST_DEVICES:
                raise Refused(_("Too many phones count at this table."))
            known = TableDevice(table=locked, device=report.device)
        added = report.taps - known.taps
        late = known.late_taps + added if is_late and added > 0 else known.late_taps
        known.sequence, known.taps = report.sequence, report.taps
        known.late_taps = min(late, report.taps)
        known.save()
    return known
