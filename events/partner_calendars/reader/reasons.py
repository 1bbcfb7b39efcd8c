"""Messages on events and calendars that were not imported: codes of the reader and of
fetching."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from coalition.core.safe_fetch import FETCH_ERROR_MESSAGES as FETCHING

FETCH: Final = "fetch_"  # prefix of the code of a FetchError

_REASON_MESSAGES: Final[dict[str, Promise]] = {
    # the calendar as a whole
    "too_large": _("The file is larger than %(limit)s MB. Ask for a smaller part of the calendar."),
    "too_many_lines": _("The file has more than %(limit)s lines. That is no calendar of a partner."),
    "not_a_calendar": _("This is not a calendar. A calendar file begins with BEGIN:VCALENDAR."),
    "no_events": _("The calendar holds no events."),
    "cut_short": _("The calendar stops in the middle: the line END:VCALENDAR is missing."),
    "too_many_events": _("Only the first %(limit)s events were read; %(more)s more were left out."),
    "took_too_long": _("Reading this took too long, so it was stopped."),
    "outside": _("%(count)s events are over or too far ahead, so they are not in the list."),
    "not_read": _("The calendar could not be read. We try again later."),
    # one event
    "broken": _("The event is broken and cannot be read."),
    "not_closed": _("The event has no end: a line END:VEVENT is missing."),
    "nested": _("The event holds parts within parts, deeper than any calendar needs."),
    "too_long": _("The event is larger than any event needs."),
    "control_characters": _("The event holds signs that no text has (NUL)."),
    "encoding": _("Letters of the event are broken: it was saved in a wrong encoding."),
    "no_start": _("The event has no start."),
    "bad_date": _("“%(value)s” is not a time that can be."),
    "ends_before_start": _("The event ends before it begins."),
    "lasts_too_long": _("The event lasts longer than two years."),
    "unknown_zone": _("The time zone “%(zone)s” is not known, so nobody can say when the event is."),
    "too_fast": _("The event comes again every second, minute or hour without end: %(rule)s"),
    "interval_zero": _("The event comes again every 0 days, which never ends: %(rule)s"),
    "count_huge": _("The event comes again %(count)s times; at most %(limit)s can be taken."),
    "until_before_start": _("The event comes again only until a day before it begins: %(rule)s"),
    "rule_unreadable": _("How the event comes again cannot be read: %(rule)s"),
    "rule_too_wide": _("The event comes again in too many ways at once: %(rule)s"),
    "rule_too_long": _("The event comes again too often since it began: %(rule)s"),
    "too_many_dates": _("The event names more than %(limit)s single dates."),
    "too_many_times": _("The event takes place more than %(limit)s times in the months ahead."),
    "too_many_in_all": _("The calendar takes place more than %(limit)s times in the months ahead."),
    "duplicate_uid": _("Another event of this calendar has the same mark (UID); the newest of them is kept."),
    "other_calendar": _("The same event is in the calendar “%(calendar)s” already."),
    "own_event": _("This is an event of ours that came back."),
    "cancelled": _("The partner cancelled this event."),
    "takes_no_time": _("The event takes no time: its owner is free."),
}


def reason_message(reason: Mapping[str, str | int]) -> str:
    """Return the reason in the active language; empty if there is none."""
    if not reason:
        return ""
    code = str(reason.get("code", ""))
    words = FETCHING.get(code.removeprefix(FETCH)) if code.startswith(FETCH) else _REASON_MESSAGES.get(code)
    if words is None:
        return _now("The event is broken and cannot be read.")
    try:
        return str(words) % reason
    except KeyError:  # stored by an older version, with fewer values
        return str(words).split("%(")[0]


def is_problem(reason: Mapping[str, str | int]) -> bool:
    """Whether something failed; otherwise it is only information."""
    return bool(reason) and reason.get("code") not in {"outside", "no_events"}


# --- rejected ---
# Reasons for rejecting an event or a whole calendar: a code and its values, translated by
# `reasons`.
#
# This module and those of the reader (`lines`, `zones`, `guard`, `read`) do not depend on Django:
# they run in a separate process, which may be stopped at any moment.


type ReasonValues = dict[str, str | int]


class SetAside(Exception):
    """One event is rejected; the others are stored."""

    def __init__(self, code: str, **values: str | int) -> None:
        self.code = code
        self.values: ReasonValues = values
        super().__init__(code)

    def as_json(self) -> ReasonValues:
        return {"code": self.code, **self.values}


class NotRead(SetAside):
    """The calendar as a whole cannot be read."""
