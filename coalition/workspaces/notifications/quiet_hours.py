"""Quiet hours and the hour of the daily mail: times on the wall of a person's zone, as moments."""

import datetime
from zoneinfo import ZoneInfo

DAY = datetime.timedelta(days=1)


def quiet_until(
    moment: datetime.datetime,
    *,
    zone: str,
    begins: datetime.time | None,
    ends: datetime.time | None,
) -> datetime.datetime | None:
    """When the quiet hours that `moment` lies in are over; None if it lies in none.

    They begin at `begins` and end before `ends`, after midnight if that is earlier. Equal ends mean that
    there are none.
    """
    if begins is None or ends is None or begins == ends:
        return None
    local = moment.astimezone(ZoneInfo(zone))
    clock = local.time()
    over_midnight = begins > ends
    inside = (clock >= begins or clock < ends) if over_midnight else begins <= clock < ends
    if not inside:
        return None
    day = local.date() + DAY if over_midnight and clock >= begins else local.date()
    over = _at(day, ends, zone)
    # Where clocks go back, the end may come twice in a night, and the first one may be over.
    return over if over > moment else _at(day, ends.replace(fold=1), zone)


def last_hour(moment: datetime.datetime, *, zone: str, hour: int) -> datetime.datetime:
    """The last moment at or before this one at which clocks of the zone showed the hour."""
    day = moment.astimezone(ZoneInfo(zone)).date()
    found = _at(day, datetime.time(hour), zone)
    return found if found <= moment else _at(day - DAY, datetime.time(hour), zone)


def next_hour(moment: datetime.datetime, *, zone: str, hour: int) -> datetime.datetime:
    """The first moment after this one at which clocks of the zone show the hour."""
    day = moment.astimezone(ZoneInfo(zone)).date()
    found = _at(day, datetime.time(hour), zone)
    return found if found > moment else _at(day + DAY, datetime.time(hour), zone)


def _at(day: datetime.date, clock: datetime.time, zone: str) -> datetime.datetime:
    return datetime.datetime.combine(day, clock, ZoneInfo(zone)).astimezone(datetime.UTC)
