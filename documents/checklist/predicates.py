"""The predicates of the rules: each checks a sheet and yields the places it applies to."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from documents.checklist.identifying import Detail, find_identifying_details
from documents.checklist.lexicon import load_checklist_words
from documents.checklist.lines import TextLine, unsourced_numbers
from documents.checklist.subject import ChecklistSubject
from documents.drafts.enums import TextKind

# Brackets with words inside, three or more underscores, or placeholder letters.
PLACEHOLDER: Final = re.compile(
    r"\[[^\[\]\n]*\w[^\[\]\n]*\]|_{3,}|(?<!\w)(?:[XХ]{2,}|TK|ТБА|TBA|TBC|lorem ipsum)(?!\w)"
)
LONGEST_TITLE: Final = 110
LONGEST_LEAD: Final = 350
_SHORT: Final = 90
# Kinds for the public, whose readers may include people who need help.
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
# Kinds whose numbers claim nothing: statements at a meeting, the wording of laws side by side.
NO_CLAIMS: Final = frozenset({TextKind.MINUTES, TextKind.COMPARATIVE_TABLE})
_WITHOUT_NUMBERS: Final = frozenset({"quotation", "quote", "speaker", "approved", "picture"})
_FAULTS_OF_OTHERS: Final = frozenset(
    {"quotation_unattributed", "picture_without_alt", "title_missing", "open_suggestions"}
)
_QUOTED: Final = re.compile(r"«([^«»]+)»|“([^“”]+)”|„([^„“]+)“")
LONG_QUOTE: Final = 7  # words; a shorter quote may be a name


@dataclass(frozen=True)
class FindingPlace:
    """The place of a finding: the block, from 1 (0 is title and lead), an excerpt, and the `params`
    of its message."""

    block: int | None = None
    quote: str = ""
    params: dict[str, object] = field(default_factory=dict)


def text_empty(sheet: ChecklistSubject) -> Iterator[FindingPlace]:
    if sheet.is_empty:
        yield FindingPlace()


def translation_outdated(sheet: ChecklistSubject) -> Iterator[FindingPlace]:
    if sheet.is_older:
        yield FindingPlace()


def suggestions_open(sheet: ChecklistSubject) -> Iterator[FindingPlace]:
    if sheet.suggestions:
        yield FindingPlace(params={"count": sheet.suggestions})


def comments_open(sheet: ChecklistSubject) -> Iterator[FindingPlace]:
    if sheet.threads:
        yield FindingPlace(params={"count": sheet.threads})


def placeholders_left(sheet: ChecklistSubject) -> Iterator[FindingPlace]:
    """Yield every line with a placeholder. A holding statement may have open gaps until the day."""
    for line in sheet.reading.lines:
        found = PLACEHOLDER.findall(line.text) + [
            one for note in line.footnotes for one in PLACEHOLDER.findall(note)
        ]
        if sheet.kind != TextKind.HOLDING:
            found += line.gaps
        if found:
            yield FindingPlace(line.block, shorten_quote(found[0]), {"count": len(found)})


def canonical_errors(sheet: ChecklistSubject) -> Iterator[FindingPlace]:
    """Yield other faults that prevent approval, unless another rule covers them."""
    fault = sheet.fault
    if fault is not None and fault.code not in _FAULTS_OF_OTHERS:
        yield FindingPlace(fault.block, "", {"reason": fault.message})


def title_missing(sheet: ChecklistSubject) -> Iterator[FindingPlace]:
    if not sheet.is_empty and not sheet.title.strip():
        yield FindingPlace(0)


def title_long(sheet: ChecklistSubject) -> Iterator[FindingPlace]:
    if len(sheet.title) > LONGEST_TITLE:
        yield FindingPlace(
            0, shorten_quote(sheet.title), {"length": len(sheet.title), "limit": LONGEST_TITLE}
        )


def lead_missing(sheet: ChecklistSubject) -> Iterator[FindingPlace]:
    if not sheet.is_empty and sheet.kind in WITH_LEAD and not sheet.lead.strip():
        yield FindingPlace(0)


def lead_long(sheet: ChecklistSubject) -> Iterator[FindingPlace]:
    if len(sheet.lead) > LONGEST_LEAD:
        yield FindingPlace(0, shorten_quote(sheet.lead), {"length": len(sheet.lead), "limit": LONGEST_LEAD})


def speaker_missing(sheet: ChecklistSubject) -> Iterator[FindingPlace]:
    for quotation in sheet.reading.quotations:
        if not quotation.speaker:
            yield FindingPlace(quotation.block, shorten_quote(quotation.words))


def quotation_unattributed(sheet: ChecklistSubject) -> Iterator[FindingPlace]:
    """Yield words in quotation marks or set off as a quote without an attribution next to them."""
    words = load_checklist_words(sheet.language)
    for line in sheet.reading.lines:
        if line.kind in {"quotation", "speaker", "picture", "approved", "title"} or line.sourced:
            continue
        if line.kind == "quote":
            if not re.search(r"—\s*\w|\(\w", line.text):
                yield FindingPlace(line.block, shorten_quote(line.text))
            continue
        for found in _QUOTED.finditer(line.text):
            said = next(filter(None, found.groups()))
            before = line.text[max(0, found.start() - 40) : found.start()]
            outside = line.text[: found.start()] + line.text[found.end() :]
            if len(said.split()) >= LONG_QUOTE and not (
                words.title.search(before) or words.said.search(outside)
            ):
                yield FindingPlace(line.block, shorten_quote(said))


def picture_alt_missing(sheet: ChecklistSubject) -> Iterator[FindingPlace]:
    yield from _pictures(sheet, "alt")


def picture_credit_missing(sheet: ChecklistSubject) -> Iterator[FindingPlace]:
    yield from _pictures(sheet, "credit")


def _pictures(sheet: ChecklistSubject, said: str) -> Iterator[FindingPlace]:
    for picture in sheet.reading.pictures:
        own = getattr(picture, said)
        words = sheet.pictures.get(picture.file, {}).get(said, "") if own is None else own
        if not words.strip():
            yield FindingPlace(picture.block, shorten_quote(picture.caption or picture.alt or ""))


def number_unsourced(sheet: ChecklistSubject) -> Iterator[FindingPlace]:
    """Yield numbers that make a claim. In a table one source covers all its cells."""
    if sheet.kind in NO_CLAIMS:
        return
    sourced = {line.block for line in sheet.reading.lines if line.kind == "table" and line.sourced}
    for line in sheet.reading.lines:
        if line.kind in _WITHOUT_NUMBERS or line.block in sourced:
            continue
        found = unsourced_numbers(line, sheet.language)
        if found:
            numbers = ", ".join(one.words for one in found)
            yield FindingPlace(
                line.block, shorten_quote(line.text, around=found[0].start), {"numbers": numbers}
            )


def fact_altered(sheet: ChecklistSubject) -> Iterator[FindingPlace]:
    """Yield facts that differ from the version of the register which they cite."""
    for one in sheet.reading.facts:
        known = sheet.register.get(one.id)
        if known is None or (one.words, one.source) != (known.words, known.source):
            yield FindingPlace(one.block, shorten_quote(one.words))


def fact_outdated(sheet: ChecklistSubject) -> Iterator[FindingPlace]:
    """Yield facts that have changed since or are out of use."""
    for one in sheet.reading.facts:
        known = sheet.register.get(one.id)
        if known is not None and not known.is_newest:
            yield FindingPlace(one.block, shorten_quote(one.words))


def survivor_identifiable(sheet: ChecklistSubject) -> Iterator[FindingPlace]:
    """Yield passages that identify a survivor, alone or together with the passage before."""
    before: TextLine | None = None
    for line in sheet.reading.lines:
        found = find_identifying_details(line.text, sheet.language)
        if found:
            yield _survivor_place(line, found)
        elif before is not None and line.kind == before.kind != "list":
            together = f"{before.text} {line.text}"
            found = find_identifying_details(together, sheet.language, enough=4, kinds=3)
            if found:
                yield _survivor_place(line, found)
        before = None if found else line


def _survivor_place(line: TextLine, found: Sequence[Detail]) -> FindingPlace:
    kinds = dict.fromkeys(one.kind for one in found)
    around = min((one.start for one in found if one.words in line.text), default=0)
    return FindingPlace(line.block, shorten_quote(line.text, around=around), {"details": tuple(kinds)})


def help_missing(sheet: ChecklistSubject) -> Iterator[FindingPlace]:
    """Yield one finding for a public text about violence that does not say where to get help."""
    if sheet.is_empty or sheet.kind not in FOR_THE_PUBLIC:
        return
    words, lines = load_checklist_words(sheet.language), sheet.reading.lines
    if not any(words.about.search(line.text) for line in lines):
        return
    linked = any(href.startswith("tel:") or "/help" in href for line in lines for href in line.links)
    if not linked and not any(words.given.search(line.text) for line in lines):
        yield FindingPlace()


def shorten_quote(text: str, *, around: int = 0) -> str:
    """Shorten the text to an excerpt by which a person can find it."""
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
