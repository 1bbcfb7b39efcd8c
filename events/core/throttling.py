"""People from outside who ask for something by a form: how many at once, how often they are written to."""

import datetime
from collections.abc import Callable

from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy as _

from coalition.core.clock import now
from coalition.core.errors import Refused

HOUR = datetime.timedelta(hours=1)
MOST_AN_HOUR = 300  # who newly asks for one event: more is not people
LINKS_A_DAY = 3


class TooMany(Refused):
    """So many ask within an hour that it is no longer people."""

    def __init__(self) -> None:
        super().__init__(_("So many have asked within an hour that we cannot take more. Try again later."))


def refuse_flood[M: Model](rows: QuerySet[M]) -> None:
    """Raise TooMany if more of the rows were written within an hour (`written_at`) than people write."""
    if rows.filter(written_at__gt=now() - HOUR).count() >= MOST_AN_HOUR:
        raise TooMany


def few_a_day(queue: Callable[[str], bool]) -> None:
    """Queue a mail under the first key of the day that is free; after the last one none goes. Whoever types
    somebody's address again and again does not fill their mailbox."""
    day = now().date().isoformat()
    for number in range(LINKS_A_DAY):
        if queue(f"{day}:{number}"):
            return
