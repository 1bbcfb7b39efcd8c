"""What belongs to an event that lies behind: after its last occurrence, or since it was cancelled."""

from django.db.models import Q

from coalition.core.retention import days_ago, long_ago


def is_over_since(days: float, event: str, *own: str, standing: bool = False) -> Q:
    """Rows whose event (`event`: the way to it, as "plan__event__") is over for so many days.

    One that comes again without end is never over: there a row is when the first occurrence and every moment
    of its own (names of fields; those that are empty do not count) lie so many days behind. `standing`: what
    is true of every occurrence, which is as good tomorrow as it was: `AUDIT_PERSON_MONTHS` instead of days.
    """
    old = days_ago(days)
    without_end = Q(**{f"{event}lasts_until": None, f"{event}ends_at__lt": old})
    for name in own:
        before = min(old, long_ago()) if standing else old
        without_end &= Q(**{f"{name}__lt": before}) | Q(**{name: None})
    return Q(**{f"{event}lasts_until__lt": old}) | without_end | is_cancelled_since(days, event)


def is_cancelled_since(days: float, event: str) -> Q:
    """Rows whose event was cancelled so many days ago, whenever it was to take place."""
    return Q(**{f"{event}cancelled_at__lt": days_ago(days)})
