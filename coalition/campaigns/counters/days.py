"""The number of a day: written once, and the same for everybody who asks on that day."""

import datetime
from uuid import UUID

from coalition.campaigns.counters.columns import counts_of
from coalition.campaigns.counters.enums import Column
from coalition.campaigns.counters.models import CountOfDay


def count_of_day(subject: UUID, day: datetime.date) -> int:
    """Return how many supported it online when this was first called for the day: written once, whichever
    machine is first. Earlier days of the subject are deleted then."""
    rows = CountOfDay.objects.filter(subject=subject, day=day)
    if (known := rows.first()) is not None:
        return known.count
    online = next(one.count.value for one in counts_of(subject) if one.column == Column.ONLINE)
    CountOfDay.objects.bulk_create(
        [CountOfDay(subject=subject, day=day, count=online or 0)], ignore_conflicts=True
    )
    CountOfDay.objects.filter(subject=subject, day__lt=day).delete()
    return rows.get().count
