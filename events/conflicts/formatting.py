"""What is said of a conflict of dates: what is in the way, and when."""

import datetime
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from coalition.accounts.naming import Viewer, display_name_for
from coalition.accounts.regions import REGIONS
from coalition.core.quotation_marks import nest_quotes
from coalition.jobs.date_formats import day_in_words
from events.conflicts.rules import Clash, Reason
from events.core.formatting import span_in_words
from events.core.holidays import Holiday
from events.core.models import Event
from events.core.naming import hosts_of
from events.core.queries import text_in
from events.partner_calendars.models import Sitting
from events.partner_calendars.queries import PartnerBusy


@dataclass(frozen=True)
class Conflict:
    """One thing in the way, in words: what, and when. `url` leads to it where the person may open it."""

    reason: Reason
    words: str
    when: str
    url: str = ""

    @property
    def is_loud(self) -> bool:
        return self.reason.is_loud


def told(clash: Clash, viewer: Viewer, zone: ZoneInfo) -> Conflict:
    """The clash as the viewer may read it, its time in the zone."""
    other = clash.other
    when = span_in_words(other.starts_at.astimezone(zone), other.ends_at.astimezone(zone))
    thing = other.thing
    if isinstance(thing, Event):
        words = _of_event(clash, thing, viewer)
        return Conflict(clash.reasons[0], words, when, thing.get_absolute_url())
    if isinstance(thing, PartnerBusy):
        return Conflict(clash.reasons[0], _of_partner(clash, thing, viewer), when)
    assert isinstance(thing, Sitting)  # noqa: S101  the third kind of slot there is
    return Conflict(clash.reasons[0], _("%(body)s sits then.") % {"body": thing.body}, when)


def told_of_holiday(day: datetime.date, holiday: Holiday) -> Conflict:
    """The same for a public holiday."""
    words = _("A public holiday: %(holiday)s.") % {"holiday": holiday.name}
    return Conflict(Reason.HOLIDAY, words, day_in_words(day))


def _of_event(clash: Clash, event: Event, viewer: Viewer) -> str:
    shared = clash.mine.organisations & clash.other.organisations
    names = ", ".join(display_name_for(viewer, one) for one in hosts_of(event) if one.pk in shared)
    said = {
        "title": nest_quotes(text_in(event, get_language() or "").title),
        "region": REGIONS.get(event.region, ""),
        "organisations": names,
    }
    if clash.reasons[0] == Reason.ORGANISATION:
        return _("%(organisations)s: hosts “%(title)s” at the same time.") % said
    if shared:
        return _("%(region)s: “%(title)s” is there at the same time, hosted by %(organisations)s too.") % said
    return _("%(region)s: “%(title)s” is there at the same time.") % said


def _of_partner(clash: Clash, row: PartnerBusy, viewer: Viewer) -> str:
    said = {
        "organisation": display_name_for(viewer, row.organisation),
        "title": nest_quotes(row.title or ""),
        "region": REGIONS.get(row.region, ""),
    }
    if clash.reasons[0] == Reason.PLACE:
        if row.title:
            return _("%(region)s: %(organisation)s has “%(title)s” there at the same time.") % said
        return _("%(region)s: %(organisation)s is busy there at the same time.") % said
    if row.title:
        return _("%(organisation)s: has “%(title)s” in its calendar then.") % said
    return _("%(organisation)s: busy then.") % said
