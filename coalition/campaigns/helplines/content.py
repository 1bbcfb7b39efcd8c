"""The content of an entry, as words of the active language: for pages, the desk and comparisons."""

import datetime
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils import formats
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from coalition.accounts.models import region_names
from coalition.campaigns.helplines.contact import channels_of
from coalition.campaigns.helplines.enums import RunBy
from coalition.campaigns.helplines.models import HelplineEntry
from coalition.campaigns.helplines.opening import hours_lines
from coalition.core.localized_text import LocalizedText, content_languages

# Everything that an author writes and a reviewer reads.
CONTENT_FIELDS: Final = (
    "name",
    "summary",
    "run_by",
    "operator",
    "channels",
    "is_round_the_clock",
    "hours",
    "special_days",
    "is_closed_on_holidays",
    "languages",
    "regions",
    "cost",
    "is_anonymous",
    "is_recorded",
    "passed_to_police",
    "licence_until",
)
# Where somebody could write the name of an organisation.
NAMED_FIELDS: Final = ("name", "operator", "summary")
# What only a call can tell: who proposes other words for these has called.
CALLED_FIELDS: Final = (
    "channels",
    "is_round_the_clock",
    "hours",
    "special_days",
    "is_closed_on_holidays",
    "languages",
    "cost",
    "is_anonymous",
    "is_recorded",
    "passed_to_police",
)


def put_content(entry: HelplineEntry, content: Mapping[str, Any]) -> None:
    """Put the values of `CONTENT_FIELDS` into an entry, but for those that another one makes needless."""
    for name in CONTENT_FIELDS:
        setattr(entry, name, content[name])
    if entry.run_by == RunBy.ORGANISATION:
        entry.operator = LocalizedText()  # its name is that of the organisation, told by its listing
    if entry.is_round_the_clock:
        entry.hours = []


@dataclass(frozen=True)
class FieldChange:
    """One thing in which an entry differs from another one, `before`; "" for nothing."""

    label: str
    before: str
    after: str


def field_changes(
    before: HelplineEntry | None, after: HelplineEntry, today: datetime.date
) -> list[FieldChange]:
    """Return where `after` differs, field by field, texts language by language."""
    old = dict(_content_lines(before, today)) if before is not None else {}
    new = dict(_content_lines(after, today))
    labels = [*new, *(label for label in old if label not in new)]
    return [
        FieldChange(label, old.get(label, ""), new.get(label, ""))
        for label in labels
        if old.get(label, "") != new.get(label, "")
    ]


def differs(before: HelplineEntry | None, after: HelplineEntry, names: tuple[str, ...]) -> bool:
    """Whether one of these fields differs; True without an entry before."""
    return before is None or any(getattr(before, name) != getattr(after, name) for name in names)


def language_names(codes: list[str]) -> list[str]:
    """Return the names of languages, each in that language's own words as far as the settings have them."""
    known = dict(content_languages())
    return [known[code] for code in known if code in codes]


def field_label(name: str) -> str:
    """Return the name of a field in the active language."""
    return str(getattr(HelplineEntry._meta.get_field(name), "verbose_name", name))


def day_words(day: datetime.date | None) -> str:
    """Return “3 March 2026”, "" for None."""
    return formats.date_format(day, "DATE_FORMAT") if day is not None else ""


def _content_lines(entry: HelplineEntry, today: datetime.date) -> Iterator[tuple[str, str]]:
    """Yield (label, words) of everything in the entry."""
    for name in CONTENT_FIELDS:
        value = getattr(entry, name)
        label = capfirst(field_label(name))
        if isinstance(value, LocalizedText):
            yield from _localized(label, value)
        elif name in _WORDS:
            yield label, _WORDS[name](entry)
        elif name == "hours":
            yield label, "\n".join(f"{days}: {hours}" for days, hours in hours_lines(entry, today))
        elif name not in _IN_HOURS:
            yield label, str(getattr(entry, f"get_{name}_display")())


def _localized(label: str, text: LocalizedText) -> Iterator[tuple[str, str]]:
    for code, language in content_languages():
        yield _("%(field)s (%(language)s)") % {"field": label, "language": language}, text.get(code, "")


def _channel_words(entry: HelplineEntry) -> str:
    lines = []
    for one in channels_of(entry.channels):
        line = f"{one.label}: {one.value}"
        notes = ", ".join(one.note.values())
        lines.append(f"{line} ({notes})" if notes else line)
    return "\n".join(lines)


_IN_HOURS: Final = ("is_round_the_clock", "special_days", "is_closed_on_holidays")
_WORDS: Final[dict[str, Callable[[HelplineEntry], Any]]] = {
    "channels": _channel_words,
    "languages": lambda entry: ", ".join(language_names(entry.languages)),
    "regions": lambda entry: ", ".join(region_names(entry.regions)) or _("All of Kazakhstan"),
    "licence_until": lambda entry: day_words(entry.licence_until) or _("without an end"),
}
