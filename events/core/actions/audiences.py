"""When those come who come earlier than the public."""

import datetime
from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coalition.core.errors import Refused
from coalition.workspaces.rules import Access
from events.core import audit
from events.core.actions import times as core_times
from events.core.enums import Audience
from events.core.locking import hold, refuse_cancelled
from events.core.models.event import Event
from events.core.models.opening_hours import AudienceTime
from events.core.permissions import may_change, require_that


def set_audience_times(*, access: Access, event: Event, times: Mapping[Audience, datetime.time]) -> Event:
    """Set when the event begins for each audience, on the day of the event. Those not given come with all.

    Raises NotAllowed without the right, Refused in words if the event is cancelled or lasts whole days, or
    if an audience would come only after its end.
    """
    with transaction.atomic():
        locked = hold(event)
        require_that(may_change(access, locked))
        refuse_cancelled(locked)
        _check(locked, times)
        kept = {Audience(one.audience): one.begins for one in locked.audience_times.all()}
        if kept == dict(times):
            return locked
        locked.audience_times.all().delete()
        AudienceTime.objects.bulk_create(
            AudienceTime(event=locked, audience=audience, begins=begins) for audience, begins in times.items()
        )
        core_times.settle(locked)
        audit.changed(locked, access, "event.audiences_set", kind="event_audiences_set", shifts=True)
    return locked


def _check(event: Event, times: Mapping[Audience, datetime.time]) -> None:
    if times and event.starts_at_time is None:
        raise Refused(_("An event without a time of day begins for everyone alike."))
    if event.ends_on == event.starts_on and event.ends_at_time:
        late = [audience for audience, begins in times.items() if begins > event.ends_at_time]
        if late:
            raise Refused(_("%(audience)s would come after the end."), audience=late[0].label)
