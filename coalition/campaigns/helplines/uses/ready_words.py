"""Ready words about a line, in one language, to be put on a poster or into an article."""

import datetime
from collections.abc import Iterable
from itertools import groupby

from django.conf.locale import LANG_INFO
from django.utils.translation import gettext as _
from django.utils.translation import override

from coalition.accounts.enums import Language
from coalition.campaigns.helplines.enums import Cost
from coalition.campaigns.helplines.models import HelplineEntry
from coalition.campaigns.helplines.uses.channels import Channel, label_of
from coalition.core.localized_text import LocalizedText
from coalition.jobs.moments import within
from events.core.enums import Weekday
from events.core.opening_hours_text import hours_in_words


def ready_words(entry: HelplineEntry, channels: Iterable[Channel], language: str) -> str:
    """Return name, ways with their notes, hours, languages and cost of a published entry, a line each."""
    notes = {(one["kind"], one["value"]): LocalizedText(one.get("note") or {}) for one in entry.channels}
    with override(language):
        ways = []
        for one in channels:
            note = notes.get((one["kind"], one["value"]), LocalizedText()).in_language(language)
            ways.append(f"{label_of(one)} ({note})" if note else label_of(one))
        spoken = ", ".join(language_names(entry.languages))
        lines = [
            entry.name.in_language(language),
            *ways,
            "; ".join(hours_of(entry)),
            _("Languages: %(languages)s") % {"languages": spoken} if spoken else "",
            str(Cost(entry.cost).label),
        ]
    return "\n".join(line for line in lines if line)


def hours_of(entry: HelplineEntry) -> list[str]:
    """Return the hours of a usual week in the active language: neighbouring days with the same hours are one
    line; days without hours are left out."""
    if entry.is_round_the_clock:
        return [_("Day and night, every day")]
    week = [(day, _hours_on(entry, day)) for day in Weekday]
    lines = []
    for hours, group in groupby(week, key=lambda one: one[1]):
        days = [day for day, _hours in group]
        if hours:
            lines.append(f"{_days(days)}: {hours_in_words(hours)}")
    if entry.is_closed_on_holidays and lines:
        lines.append(_("closed on public holidays"))
    return lines


def language_names(codes: Iterable[str]) -> list[str]:
    """Return the names of languages as their speakers write them."""
    own = dict(Language.choices)
    return [str(own.get(code) or LANG_INFO.get(code, {}).get("name_local") or code) for code in codes]


def _hours_on(entry: HelplineEntry, day: Weekday) -> list[tuple[datetime.time, datetime.time]]:
    clock = datetime.time.fromisoformat
    rows = [one for one in entry.hours if one["weekday"] == day]
    return sorted((clock(one["opens"]), clock(one["closes"])) for one in rows)


def _days(days: list[Weekday]) -> str:
    first, last = str(days[0].label), within(str(days[-1].label))
    return first if len(days) == 1 else f"{first}–{last}"
