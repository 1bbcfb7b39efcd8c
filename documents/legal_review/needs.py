"""Whether a text needs a lawyer's look before it is put to organisations.

The rule is simple, so that it can be told: a text needs it if it names a person, an employer or a case, or
if somebody who edits it has marked it.

A *person* is a first and a last name, or initials; those who speak in their own name are left out (speakers
of quotations and events, officials and heads of organisations who say something; in advisories and minutes
everybody is, since these list who speaks). An *employer* is a firm with its legal form, or a house with its
own name or number beside a person. A *case* is one with its number or with the name of whom it is about.

The words are those of `identifying/`, and the list `legal` of `words/`. The rule misses things: whoever
edits marks the text then. Pure.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from documents.checklist.identifying import STRONG, Detail, Kind, of_others
from documents.checklist.lexicon import words_of
from documents.checklist.lines import Line, Reading
from documents.checklist.predicates import short
from documents.drafts.enums import TextKind

_LIST_SPEAKERS: Final = frozenset({TextKind.ADVISORY, TextKind.MINUTES})
_OWN_WORDS: Final = frozenset({"speaker", "picture", "approved"})


class Need(StrEnum):
    """Why a lawyer has to read a text."""

    MARKED = "marked"
    PERSON = "person"
    EMPLOYER = "employer"
    CASE = "case"

    @property
    def label(self) -> Promise:
        return {
            Need.MARKED: _("somebody who edits it has marked it"),
            Need.PERSON: _("it names a person"),
            Need.EMPLOYER: _("it names an employer"),
            Need.CASE: _("it names a case"),
        }[self]


@dataclass(frozen=True)
class Reason:
    """One need, and the words in which it was found first."""

    need: Need
    quote: str = ""


def reasons_of(reading: Reading, language: str, kind: TextKind) -> tuple[Reason, ...]:
    """Why the text needs a lawyer by what it says, each need once, in the order of `Need`."""
    found: dict[Need, str] = {}
    for line in reading.lines:
        for need, start in _needs(line, language):
            found.setdefault(need, short(line.text, around=start))
    if kind in _LIST_SPEAKERS:
        found.pop(Need.PERSON, None)
    return tuple(Reason(need, found[need]) for need in Need if need in found)


def added_reasons(before: Reading, after: Reading, language: str) -> tuple[Reason, ...]:
    """Why the words after need a lawyer and those before did not, line by line: `after` has the same lines,
    with something filled in."""
    found: dict[Need, str] = {}
    for line, more in zip(before.lines, after.lines, strict=True):
        there = Counter(need for need, _start in _needs(line, language))
        for need, start in _needs(more, language):
            there[need] -= 1
            if there[need] < 0:
                found.setdefault(need, short(more.text, around=start))
    return tuple(Reason(need, found[need]) for need in Need if need in found)


def _needs(line: Line, language: str) -> Iterator[tuple[Need, int]]:
    if line.kind in _OWN_WORDS:
        return
    for case in words_of(language).case.finditer(line.text):
        yield Need.CASE, case.start()
    if words_of(language).presents.search(line.text):
        return
    details = of_others(line.text, language)
    people = [one for one in details if one.kind is Kind.NAME and " " in one.words.strip()]
    for one in people:
        yield Need.PERSON, one.start
    for one in details:
        if one.kind is Kind.WORKPLACE and one.weight == STRONG and (people or _is_firm(one, language)):
            yield Need.EMPLOYER, one.start


def _is_firm(detail: Detail, language: str) -> bool:
    return bool(words_of(language).firm.search(detail.words))
