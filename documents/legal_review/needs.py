"""Whether a text needs a lawyer's review before it is submitted to organisations.

The rule is simple enough to explain: a text needs a review if it names a person, an employer
or a case, or if an editor has marked it.

A *person* is a first and a last name, or initials. People who speak in their own name are
excluded: speakers of quotations and events, and officials and heads of organisations who say
something; in advisories and minutes everybody, since these list speakers. An *employer* is a
firm with its legal form, or a house with its own name or number next to a person. A *case* is
one with its number or with the name of its subject.

The words are those of `identifying_words/`, and the list `legal` of `words/`. The rule misses
some texts; editors mark these. Pure.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from documents.checklist.identifying import STRONG, Detail, DetailKind, details_of_others
from documents.checklist.lexicon import load_checklist_words
from documents.checklist.lines import TextLine, TextReading
from documents.checklist.predicates import shorten_quote
from documents.drafts.enums import TextKind

_LIST_SPEAKERS: Final = frozenset({TextKind.ADVISORY, TextKind.MINUTES})
_OWN_WORDS: Final = frozenset({"speaker", "picture", "approved"})


class LegalNeed(StrEnum):
    """A reason for a lawyer's review."""

    MARKED = "marked"
    PERSON = "person"
    EMPLOYER = "employer"
    CASE = "case"

    @property
    def label(self) -> Promise:
        return {
            LegalNeed.MARKED: _("somebody who edits it has marked it"),
            LegalNeed.PERSON: _("it names a person"),
            LegalNeed.EMPLOYER: _("it names an employer"),
            LegalNeed.CASE: _("it names a case"),
        }[self]


@dataclass(frozen=True)
class LegalReason:
    """One need, and its first match in the text."""

    need: LegalNeed
    quote: str = ""


def legal_reasons_in(reading: TextReading, language: str, kind: TextKind) -> tuple[LegalReason, ...]:
    """Return why the content needs a lawyer's review, each need once, in the order of `LegalNeed`."""
    found: dict[LegalNeed, str] = {}
    for line in reading.lines:
        for need, start in _needs(line, language):
            found.setdefault(need, shorten_quote(line.text, around=start))
    if kind in _LIST_SPEAKERS:
        found.pop(LegalNeed.PERSON, None)
    return tuple(LegalReason(need, found[need]) for need in LegalNeed if need in found)


def added_legal_reasons(before: TextReading, after: TextReading, language: str) -> tuple[LegalReason, ...]:
    """Return the reasons that the lines `after` have and the lines `before` have not.

    Both have the same lines; `after` has something filled in.
    """
    found: dict[LegalNeed, str] = {}
    for line, more in zip(before.lines, after.lines, strict=True):
        there = Counter(need for need, _start in _needs(line, language))
        for need, start in _needs(more, language):
            there[need] -= 1
            if there[need] < 0:
                found.setdefault(need, shorten_quote(more.text, around=start))
    return tuple(LegalReason(need, found[need]) for need in LegalNeed if need in found)


def _needs(line: TextLine, language: str) -> Iterator[tuple[LegalNeed, int]]:
    if line.kind in _OWN_WORDS:
        return
    for case in load_checklist_words(language).case.finditer(line.text):
        yield LegalNeed.CASE, case.start()
    if load_checklist_words(language).presents.search(line.text):
        return
    details = details_of_others(line.text, language)
    people = [one for one in details if one.kind is DetailKind.NAME and " " in one.words.strip()]
    for one in people:
        yield LegalNeed.PERSON, one.start
    for one in details:
        if one.kind is DetailKind.WORKPLACE and one.weight == STRONG and (people or _is_firm(one, language)):
            yield LegalNeed.EMPLOYER, one.start


def _is_firm(detail: Detail, language: str) -> bool:
    return bool(load_checklist_words(language).firm.search(detail.words))
