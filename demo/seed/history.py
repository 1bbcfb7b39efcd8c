"""The demo's history: what happened when, told to the domain functions in the order of time."""

import datetime
import itertools
from collections.abc import Callable
from dataclasses import dataclass, field

from django.utils import timezone

from coalition.core.clock import as_if

DAY_BEGINS = datetime.time(9, 10)
BETWEEN = datetime.timedelta(minutes=11)


@dataclass(order=True)
class Happening:
    """One thing that happened; those of a day follow each other as they were written down."""

    day: int  # minus the days ago, so that the oldest comes first
    order: int
    do: Callable[[], object] = field(compare=False)


class History:
    """Collects what happened, then lets it happen in order, the clock turned back for each."""

    def __init__(self) -> None:
        self._happenings: list[Happening] = []
        self._count = itertools.count()
        self.begun = timezone.now()

    def add(self, days_ago: int, do: Callable[[], object]) -> None:
        """Let `do` happen so many days ago, after what was added for that day before."""
        self._happenings.append(Happening(-days_ago, next(self._count), do))

    def day(self, days_ago: int, time: datetime.time = datetime.time(18)) -> datetime.datetime:
        """A moment of that day in the site's time zone; negative: a day that is still to come."""
        date = (timezone.localtime(self.begun) - datetime.timedelta(days=days_ago)).date()
        return timezone.make_aware(datetime.datetime.combine(date, time))

    def tell(self) -> None:
        """Run everything, the oldest first. Nothing happens later than now."""
        for day, happenings in itertools.groupby(sorted(self._happenings), key=lambda one: one.day):
            moment = self.day(-day, DAY_BEGINS)
            for happening in happenings:
                with as_if(min(moment, self.begun)):
                    happening.do()
                moment += BETWEEN
