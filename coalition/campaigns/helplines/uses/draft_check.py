"""The checklist before approval: numbers and addresses of helplines that stand in a text.

A number of the register is found by its digits. Short ones (150) are looked for only where the line of text
speaks of a phone, since they may count something. The register is read only where something looks like a
number or an address.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coalition.campaigns.helplines.enums import EntryState
from coalition.campaigns.helplines.models import Helpline, HelplineEntry
from coalition.campaigns.helplines.uses.channels import plain_address, plain_number, plain_value
from coalition.campaigns.helplines.uses.enums import UseFlag
from coalition.campaigns.helplines.uses.flags import line_flag
from coalition.campaigns.helplines.uses.models import HelplineUse
from coalition.campaigns.helplines.uses.queries import uses_to_compare
from coalition.core.clock import now
from documents.checklist.lines import TextLine, TextReading, load_checklist_words
from documents.checklist.rules import (
    FOR_THE_PUBLIC,
    ChecklistRule,
    FindingPlace,
    RuleLevel,
    register_rule,
    shorten_quote,
)
from documents.drafts.models import DraftText

_LONG: Final = re.compile(r"\+?\d[\d\s()\u00a0\u2010-\u2015-]{4,}\d")
_SHORT: Final = re.compile(r"(?<![\d.,№/-])\d{3,6}(?![\d/]|[.,]\d)")
_ADDRESS: Final = re.compile(
    r"(?:https?://|www\.|t\.me/|wa\.me/)\S+|\S+@[\w.-]+\.\w+|(?<!\w)@\w{4,}", re.IGNORECASE
)
# Stems in all languages of the texts: what a line says that names a number to call.
_OF_PHONES: Final = re.compile(
    r"телефон|тел\.|нөмір|номер|желі|лини|қоңырау|звон|phone|\bline\b|\bcall|\bdial", re.IGNORECASE
)

NAME: Final = "helpline"
UNPLANNED: Final = _("No use of it is planned here and confirmed as staffed.")


@dataclass(frozen=True)
class _Known:
    """What the register says of one number or address. `entry`: the published one of its line, if any;
    `is_current`: that entry has it."""

    helpline: Helpline
    name: str
    entry: HelplineEntry | None
    is_current: bool


def helplines_in(text: DraftText, reading: TextReading) -> list[FindingPlace]:
    """Return the numbers and addresses of the register in a text with which something is wrong, each once.

    One query where something looks like a number, two more where it is one of the register.
    """
    found = _candidates(reading, text.language)
    known = _known_values() if found else {}
    matches = {value: line for value, line in found.items() if value in known}
    if not matches:
        return []
    lines = {known[value].helpline.pk for value in matches}
    is_for_the_public = text.draft.kind in FOR_THE_PUBLIC
    uses = list(uses_to_compare(lines, text.draft.workspace_id)) if is_for_the_public else None
    places = []
    for value, (line, words) in matches.items():
        problem = _problem(value, known[value], uses)
        if problem is not None:
            params: dict[str, object] = {"number": words, "line": known[value].name, "problem": problem}
            places.append(
                FindingPlace(
                    line.block, shorten_quote(line.text, around=max(line.text.find(words), 0)), params
                )
            )
    return places


def _problem(value: str, known: _Known, uses: list[HelplineUse] | None) -> Promise | str | None:
    moment = now()
    flag = line_flag(known.helpline, known.entry, moment)
    if not known.is_current and flag not in {UseFlag.RETIRED, UseFlag.UNPUBLISHED}:
        flag = UseFlag.CHANGED
    if flag is not None:
        return flag.label
    if uses is not None and not any(_is_confirmed(use, value, known.helpline) for use in uses):
        return UNPLANNED
    return None


def _is_confirmed(use: HelplineUse, value: str, helpline: Helpline) -> bool:
    """Whether the use carries this value of the line, and the line confirmed it or was in use before."""
    values = {plain_value(one["kind"], one["value"]) for one in use.channels}
    if use.helpline_id != helpline.pk or value not in values:
        return False
    return use.asked_at is None or use.is_confirmed(now())


def _candidates(reading: TextReading, language: str) -> dict[str, tuple[TextLine, str]]:
    """What may be a number or an address, by its plain value: the line in which it stands first, and its
    words."""
    found: dict[str, tuple[TextLine, str]] = {}
    speaks_of_help = load_checklist_words(language)["given"]
    for line in reading.lines:
        says_phone = bool(_OF_PHONES.search(line.text) or speaks_of_help.search(line.text))
        for value, words in _values_in(line, says_phone=says_phone):
            found.setdefault(value, (line, words))
    return found


def _values_in(line: TextLine, *, says_phone: bool) -> Iterator[tuple[str, str]]:
    for href in line.links:
        if href.lower().startswith("tel:"):
            yield plain_number(href[4:]), href[4:]
        else:
            yield plain_address(href), href
    for found in _LONG.finditer(line.text):
        yield plain_number(found[0]), found[0].strip()
    for found in _ADDRESS.finditer(line.text):
        yield plain_address(found[0]), found[0]
    if says_phone:
        for found in _SHORT.finditer(line.text):
            yield found[0], found[0]


def _known_values() -> dict[str, _Known]:
    """What the register has or had, by plain value; of two lines with one value the one that has it now."""
    rows = list(
        HelplineEntry.objects.filter(state__in=[EntryState.PUBLISHED, EntryState.REPLACED])
        .select_related("helpline")
        .order_by("-id")
    )
    current = {row.helpline_id: row for row in rows if row.state == EntryState.PUBLISHED}
    known: dict[str, _Known] = {}
    for row in _in_use_first(rows):
        entry = current.get(row.helpline_id)
        for channel in row.channels:
            one = _Known(row.helpline, str(row.name), entry, is_current=entry is row)
            known.setdefault(plain_value(channel["kind"], channel["value"]), one)
    return known


def _in_use_first(rows: Iterable[HelplineEntry]) -> list[HelplineEntry]:
    return sorted(
        rows, key=lambda row: row.state != EntryState.PUBLISHED or row.helpline.retired_at is not None
    )


RULE: Final = ChecklistRule(
    NAME,
    lambda sheet: iter(sheet.looked_up.get(NAME, ())),
    RuleLevel.SHOULD,
    _("Numbers of helplines are right and staffed"),
    _("%(number)s (%(line)s): %(problem)s"),
    _(
        "Take the number from the register, and plan its use under “Campaign”: then the line is asked "
        "whether it is staffed."
    ),
)


def register_helpline_checks() -> None:
    """Add the rule to the checklist."""
    register_rule(RULE, helplines_in)
