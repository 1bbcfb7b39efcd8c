"""The predicates of the rules: each looks at a sheet and gives the places that it means."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from documents.checklist.identifying import Detail, identifying
from documents.checklist.lexicon import words_of
from documents.checklist.lines import Line, unsourced
from documents.checklist.subject import Sheet
from documents.drafts.enums import TextKind

# Brackets with words in them, three or more of one sign, or letters that stand for what is to come.
PLACEHOLDER: Final = re.compile(
    r"\[[^\[\]\n]*\w[^\[\]\n]*\]|_{3,}|(?<!\w)(?:[XХ]{2,}|TK|ТБА|TBA|TBC|lorem ipsum)(?!\w)"
)
LONGEST_TITLE: Final = 110
LONGEST_LEAD: Final = 350
_SHORT: Final = 90
# Kinds that the public reads, so that somebody who needs help may read them too.
FOR_THE_PUBLIC: Final = frozenset(
    {
        TextKind.STATEMENT,
        TextKind.PRESS_RELEASE,
        TextKind.HOLDING,
        TextKind.FACT_SHEET,
        TextKind.OP_ED,
        TextKind.APPEAL,
        TextKind.CAPTION,
    }
)
WITH_LEAD: Final = frozenset({TextKind.PRESS_RELEASE, TextKind.ADVISORY})
# Where numbers claim nothing: what was said at a meeting, the wording of a law beside another.
NO_CLAIMS: Final = frozenset({TextKind.MINUTES, TextKind.COMPARATIVE_TABLE})
_WITHOUT_NUMBERS: Final = frozenset({"quotation", "quote", "speaker", "approved", "picture"})
_FAULTS_OF_OTHERS: Final = frozenset(
    {"quotation_unattributed", "picture_without_alt", "title_missing", "open_suggestions"}
)
_QUOTED: Final = re.compile(r"«([^«»]+)»|“([^“”]+)”|„([^„“]+)“")
LONG_QUOTE: Final = 7  # words; what is shorter may be a name


@dataclass(frozen=True)
class Place:
    """Where a rule found something: the block, from 1 (0 is title and lead), the words there, and what its
    sentence says of them."""

    block: int | None = None
    quote: str = ""
    params: dict[str, object] = field(default_factory=dict)


def not_written(sheet: Sheet) -> Iterator[Place]:
    if sheet.is_empty:
        yield Place()


def older(sheet: Sheet) -> Iterator[Place]:
    if sheet.is_older:
        yield Place()


def suggestions(sheet: Sheet) -> Iterator[Place]:
    if sheet.suggestions:
        yield Place(params={"count": sheet.suggestions})


def comments(sheet: Sheet) -> Iterator[Place]:
    if sheet.threads:
        yield Place(params={"count": sheet.threads})


def placeholders(sheet: Sheet) -> Iterator[Place]:
    """Every line with something to fill in. A holding statement keeps its gaps until the day."""
    for line in sheet.reading.lines:
        found = PLACEHOLDER.findall(line.text) + [
            one for note in line.footnotes for one in PLACEHOLDER.findall(note)
        ]
        if sheet.kind != TextKind.HOLDING:
            found += line.gaps
        if found:
            yield Place(line.block, short(found[0]), {"count": len(found)})


def form(sheet: Sheet) -> Iterator[Place]:
    """What else keeps the text from being approved, unless a rule of its own says it."""
    fault = sheet.fault
    if fault is not None and fault.code not in _FAULTS_OF_OTHERS:
        yield Place(fault.block, "", {"reason": fault.message})


def title_missing(sheet: Sheet) -> Iterator[Place]:
    if not sheet.is_empty and not sheet.title.strip():
        yield Place(0)


def title_long(sheet: Sheet) -> Iterator[Place]:
    if len(sheet.title) > LONGEST_TITLE:
        yield Place(0, short(sheet.title), {"length": len(sheet.title), "limit": LONGEST_TITLE})


def lead_missing(sheet: Sheet) -> Iterator[Place]:
    if not sheet.is_empty and sheet.kind in WITH_LEAD and not sheet.lead.strip():
        yield Place(0)


def lead_long(sheet: Sheet) -> Iterator[Place]:
    if len(sheet.lead) > LONGEST_LEAD:
        yield Place(0, short(sheet.lead), {"length": len(sheet.lead), "limit": LONGEST_LEAD})


def no_speaker(sheet: Sheet) -> Iterator[Place]:
    for quotation in sheet.reading.quotations:
        if not quotation.speaker:
            yield Place(quotation.block, short(quotation.words))


def unsaid(sheet: Sheet) -> Iterator[Place]:
    """Words in quotation marks or set off as a quote, beside which nobody is said to have said them."""
    words = words_of(sheet.language)
    for line in sheet.reading.lines:
        if line.kind in {"quotation", "speaker", "picture", "approved", "title"} or line.sourced:
            continue
        if line.kind == "quote":
            if not re.search(r"—\s*\w|\(\w", line.text):
                yield Place(line.block, short(line.text))
            continue
        for found in _QUOTED.finditer(line.text):
            said = next(filter(None, found.groups()))
            before = line.text[max(0, found.start() - 40) : found.start()]
            outside = line.text[: found.start()] + line.text[found.end() :]
            if len(said.split()) >= LONG_QUOTE and not (
                words.title.search(before) or words.said.search(outside)
            ):
                yield Place(line.block, short(said))


def no_alt(sheet: Sheet) -> Iterator[Place]:
    yield from _pictures(sheet, "alt")


def no_credit(sheet: Sheet) -> Iterator[Place]:
    yield from _pictures(sheet, "credit")


def _pictures(sheet: Sheet, said: str) -> Iterator[Place]:
    for picture in sheet.reading.pictures:
        own = getattr(picture, said)
        words = sheet.pictures.get(picture.file, {}).get(said, "") if own is None else own
        if not words.strip():
            yield Place(picture.block, short(picture.caption or picture.alt or ""))


def no_source(sheet: Sheet) -> Iterator[Place]:
    """Numbers that claim something. In a table a source anywhere in it counts for all its cells."""
    if sheet.kind in NO_CLAIMS:
        return
    sourced = {line.block for line in sheet.reading.lines if line.kind == "table" and line.sourced}
    for line in sheet.reading.lines:
        if line.kind in _WITHOUT_NUMBERS or line.block in sourced:
            continue
        found = unsourced(line, sheet.language)
        if found:
            numbers = ", ".join(one.words for one in found)
            yield Place(line.block, short(line.text, around=found[0].start), {"numbers": numbers})


def fact_altered(sheet: Sheet) -> Iterator[Place]:
    """Facts that say something else than the version of the register which they name."""
    for one in sheet.reading.facts:
        known = sheet.register.get(one.id)
        if known is None or (one.words, one.source) != (known.words, known.source):
            yield Place(one.block, short(one.words))


def fact_older(sheet: Sheet) -> Iterator[Place]:
    """Facts that have changed since, or are out of use."""
    for one in sheet.reading.facts:
        known = sheet.register.get(one.id)
        if known is not None and not known.is_newest:
            yield Place(one.block, short(one.words))


def survivor_known(sheet: Sheet) -> Iterator[Place]:
    """Passages that tell who a survivor is; where one alone does not, two that follow each other."""
    before: Line | None = None
    for line in sheet.reading.lines:
        found = identifying(line.text, sheet.language)
        if found:
            yield _survivor(line, found)
        elif before is not None and line.kind == before.kind != "list":
            together = f"{before.text} {line.text}"
            found = identifying(together, sheet.language, enough=4, kinds=3)
            if found:
                yield _survivor(line, found)
        before = None if found else line


def _survivor(line: Line, found: Sequence[Detail]) -> Place:
    kinds = dict.fromkeys(one.kind for one in found)
    around = min((one.start for one in found if one.words in line.text), default=0)
    return Place(line.block, short(line.text, around=around), {"details": tuple(kinds)})


def no_help(sheet: Sheet) -> Iterator[Place]:
    """A text about violence that the public reads, without a word about where help is."""
    if sheet.is_empty or sheet.kind not in FOR_THE_PUBLIC:
        return
    words, lines = words_of(sheet.language), sheet.reading.lines
    if not any(words.about.search(line.text) for line in lines):
        return
    linked = any(href.startswith("tel:") or "/help" in href for line in lines for href in line.links)
    if not linked and not any(words.given.search(line.text) for line in lines):
        yield Place()


def short(text: str, *, around: int = 0) -> str:
    """So much of the text that a person finds it again."""
    if len(text) <= _SHORT:
        return text
    begin = max(0, min(around - _SHORT // 3, len(text) - _SHORT))
    end = begin + _SHORT
    cut = text[begin:end]
    if begin:
        cut = f"…{cut.partition(' ')[2] or cut}"
    if end < len(text):
        cut = f"{cut.rpartition(' ')[0] or cut}…"
    return cut
