"""The day of the site: that of its time zone, whichever zone a reader has."""

import datetime

from django.utils import timezone

from coalition.core.clock import now


def site_today() -> datetime.date:
    """Return the day now in the site's time zone."""
    return now().astimezone(timezone.get_default_timezone()).date()
