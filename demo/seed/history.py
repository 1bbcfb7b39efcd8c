"""The demo's history: planned steps, run in the order of time with the clock turned back."""

import datetime
import itertools
from collections.abc import Callable
from dataclasses import dataclass, field

from django.utils import timezone

from coalition.core.clock import freeze_clock_at

DAY_BEGINS = datetime.time(9, 10)
BETWEEN = datetime.timedelta(minutes=11)


@dataclass(order=True)
class HistoryStep:
    """One step; steps of a day run in the order in which they were added."""

    day: int  # minus the days ago, so that the oldest comes first
    order: int
    do: Callable[[], object] = field(compare=False)


class History:
    """Collects steps, then runs them in order, with the clock turned back for each."""

    def __init__(self) -> None:
        self._happenings: list[HistoryStep] = []
        self._count = itertools.count()
        self.started_at = timezone.now()

    def add(self, days_ago: int, do: Callable[[], object]) -> None:
        """Let `do` happen so many days ago, after what was added for that day before."""
        self._happenings.append(HistoryStep(-days_ago, next(self._count), do))

    def day(self, days_ago: int, time: datetime.time = datetime.time(18)) -> datetime.datetime:
        """A moment of that day in the site's time zone; negative: a day that is still to come."""
        date = (timezone.localtime(self.started_at) - datetime.timedelta(days=days_ago)).date()
        return timezone.make_aware(datetime.datetime.combine(date, time))

    def run(self) -> None:
        """Run everything, the oldest first. Nothing happens later than now."""
        for day, steps in itertools.groupby(sorted(self._happenings), key=lambda one: one.day):
            moment = self.day(-day, DAY_BEGINS)
            for step in steps:
                with freeze_clock_at(min(moment, self.started_at)):
                    step.do()
                moment += BETWEEN
