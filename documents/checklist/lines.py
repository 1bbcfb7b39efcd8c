"""The text as the rules read it: lines, subject, word lists.

Read from the editor's JSON without checking whether it could be approved, since the checklist
is for unfinished texts. Unknown nodes are skipped.
"""

import re
import tomllib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final

from django.db.models import Count

from documents.canonical.form import CanonicalError, JsonValue
from documents.comments.queries import threads_for
from documents.drafts.actions.texts import document_for_approval, pictures_for_text, text_content
from documents.drafts.models import Audience, DraftText, TextKind

_FOLDER: Final = Path(__file__).parent / "words"


@cache
def load_checklist_words(language: str) -> Mapping[str, re.Pattern[str]]:
    """Return the patterns of a language, by name. Raises FileNotFoundError if it has none.

    `no_claim`: expressions with numbers that claim nothing; `source`: names a source; `about`:
    violence; `given`: a way to get help; `said`: reported speech; `title`: precedes the name of
    a thing; `case`: a court or police case; `firm`: the legal form of a firm; `presents`:
    introduces people who appear in their own name.
    """
    raw = tomllib.loads((_FOLDER / f"{language}.toml").read_text(encoding="utf-8"))
    lists = raw["help"] | raw["quotations"] | raw["legal"]
    names = ("about", "given", "said", "title", "firm", "presents")
    no_claim = "|".join(f"(?:{one})" for one in (*_NO_CLAIM, *raw["numbers"]["no_claim"]))
    return {name: _whole_word_pattern(lists[name]) for name in names} | {
        "no_claim": re.compile(no_claim, re.IGNORECASE | re.MULTILINE),
        "source": re.compile(rf"(?<!\w)(?:{'|'.join(raw['numbers']['source'])})", re.IGNORECASE),
        "case": re.compile("|".join(lists["case"])),  # a name begins with a capital letter
    }


def _whole_word_pattern(entries: list[str]) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(entries)})(?!\w)", re.IGNORECASE)


TITLE: Final = "title"
LEAD: Final = "lead"
_TEXTBLOCKS: Final = frozenset({"paragraph", "heading"})


@dataclass
class TextLine:
    """One line of text. `block` counts the blocks of the body from 1; 0 is title and lead.

    `kind`: the outermost of quotation, quote, table, list, or else heading, paragraph, title,
    lead, picture. `facts`: the spans of facts, which carry their source. `sourced`: the line has
    a footnote or a link. `gaps`: the names of open gaps.
    """

    block: int
    kind: str
    text: str
    facts: list[tuple[int, int]] = field(default_factory=list)
    footnotes: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    gaps: list[str] = field(default_factory=list)

    @property
    def sourced(self) -> bool:
        return bool(self.footnotes or self.links)


@dataclass(frozen=True)
class AttributedQuotation:
    """A quotation with its speaker and its words."""

    block: int
    speaker: str
    words: str


@dataclass(frozen=True)
class PictureInText:
    """A picture in the text; texts that are None default to those of its file."""

    block: int
    file: str
    alt: str | None
    caption: str | None
    credit: str | None


@dataclass(frozen=True)
class FactInText:
    """A fact as cited in the text: the id of its version, its words, its source."""

    block: int
    id: str
    words: str
    source: str


@dataclass
class TextReading:
    """The content of one text that the rules check."""

    lines: list[TextLine] = field(default_factory=list)
    quotations: list[AttributedQuotation] = field(default_factory=list)
    pictures: list[PictureInText] = field(default_factory=list)
    facts: list[FactInText] = field(default_factory=list)


def read_text(*, title: str, lead: str, body: JsonValue) -> TextReading:
    """Return the lines of title, lead and body in text order, with quotations and pictures."""
    head = [TextLine(0, kind, words) for kind, words in ((TITLE, title), (LEAD, lead)) if words.strip()]
    reading = TextReading(lines=head)
    for number, block in enumerate(_content(body), start=1):
        _read_block(block, number, "", reading)
    return reading


_KINDS: Final = {
    "quotation": "quotation",
    "blockquote": "quote",
    "table": "table",
    "bulletList": "list",
    "orderedList": "list",
    "heading": "heading",
    "approvedBlock": "approved",
}


def _read_block(block: JsonValue, number: int, kind: str, reading: TextReading) -> None:
    """Read a block recursively; the depth is limited when a text is saved."""
    name, attrs = block.get("type"), block.get("attrs") or {}
    kind = kind or _KINDS.get(name, "")
    if name in _TEXTBLOCKS:
        line = _read_line(block, number, kind or "paragraph")
        if kind != "approved":  # its facts belong to its version
            for one in _content(block):
                if one.get("type") == "fact":
                    fact = one.get("attrs") or {}
                    values = (_words(fact.get(name)) for name in ("id", "words", "source"))
                    reading.facts.append(FactInText(number, *values))
        if line.text.strip() or line.gaps:
            reading.lines.append(line)
        return
    if name == "picture":
        texts = {key: attrs.get(key) for key in ("alt", "caption", "credit")}
        reading.pictures.append(PictureInText(number, _words(attrs.get("id")), **texts))
        reading.lines += [TextLine(number, "picture", one) for one in texts.values() if one and one.strip()]
        return
    begun = len(reading.lines)
    for inner in _content(block):
        _read_block(inner, number, kind, reading)
    if name == "quotation":
        quoted = " ".join(line.text for line in reading.lines[begun:])
        speaker, role = _words(attrs.get("speaker")), _words(attrs.get("role"))
        reading.quotations.append(AttributedQuotation(number, speaker.strip(), quoted))
        reading.lines += [TextLine(number, "speaker", one) for one in (speaker, role) if one.strip()]


def _read_line(block: JsonValue, number: int, kind: str) -> TextLine:
    line = TextLine(number, kind, "")
    for one in _content(block):
        attrs = one.get("attrs") or {}
        match one.get("type"):
            case "text":
                line.text += _words(one.get("text"))
                links = [mark for mark in one.get("marks") or [] if mark.get("type") == "link"]
                line.links += [_words((mark.get("attrs") or {}).get("href")) for mark in links]
            case "fact":
                begun = len(line.text)
                line.text += _words(attrs.get("words"))
                line.facts.append((begun, len(line.text)))
            case "footnote":
                line.footnotes.append(_words(attrs.get("text")))
            case "gap":
                line.text += _words(attrs.get("value"))
                if not _words(attrs.get("value")).strip():
                    line.gaps.append(_words(attrs.get("name")))
    return line


def _content(node: JsonValue) -> list[JsonValue]:
    content = node.get("content") if isinstance(node, dict) else None
    return [one for one in content if isinstance(one, dict)] if isinstance(content, list) else []


def _words(value: JsonValue) -> str:
    return value if isinstance(value, str) else ""


# Numbers in running text without a source.
#
# A number makes a claim if it counts or measures. Dates, times, telephone numbers, addresses,
# articles of law, durations, ordinals and the numbers of rooms and versions do not: they are
# matched first, and the remaining numbers are claims. Pure; measured on the demo's texts
# (docs/kinds.md).

_SENTENCE: Final = re.compile(r"[.!?…;]\s")
_NUMBER: Final = re.compile(
    r"(?<![\w№#/@.-])\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?:[.,]\d+)?|(?<![\w№#/@.-])\d+(?:[.,]\d+)*"
)
# The same in every language.
_NO_CLAIM: Final = (
    r"\[[^\[\]\n]*\]",  # a placeholder
    r"https?://\S+|\S+@\S+\.\w+",
    r"(?<!\d)(?:19|20|21)\d\d\s?[–—-]\s?(?:(?:19|20|21)\d\d|\d\d)(?!\d)",  # years
    # A year, unless it counts something.
    r"(?<!\d)(?:19|20|21)\d\d(?![\d \u00a0]?\d)(?!\s?(?:%|пайыз|процент|теңге|тенге|адам|человек|people))",
    r"(?<!\d)\d{1,2}[.]\d{1,2}[.]\d{2,4}|(?<!\d)\d{4}-\d{2}-\d{2}",
    r"(?<!\d)\d{1,2}:\d{2}(?:\s?[–—-]\s?\d{1,2}:\d{2})?",
    r"(?:UTC|GMT)\s?[+−-]\s?\d{1,2}(?::\d{2})?|24/7",
    r"\+?\d[\d\s()\u00a0-]{8,}\d",  # telephones
    r"^\s*\d{1,2}[.)]\s",  # numbering
    r"(?:№|No\.|N)\s?[\d/-]+(?:-[IVXLCІ]+)?",
)


def unsourced_numbers(line: TextLine, language: str) -> list[re.Match[str]]:
    """Return the numbers of the line that make a claim and have no source: a footnote or a link in the line,
    words that name one (“according to …”) in the same sentence, or a fact."""
    if line.sourced:
        return []
    words = load_checklist_words(language)
    hidden = [*line.facts, *(found.span() for found in words["no_claim"].finditer(line.text))]
    return [
        found
        for found in _NUMBER.finditer(line.text)
        if not any(start <= found.start() < end for start, end in hidden)
        and not words["source"].search(_sentence(line.text, found.start()))
    ]


def _sentence(text: str, at: int) -> str:
    ends = [found.end() for found in _SENTENCE.finditer(text)]
    begin = max((end for end in ends if end <= at), default=0)
    return text[begin : min((end for end in ends if end > at), default=len(text))]


@dataclass(frozen=True)
class RegisteredFact:
    """A version in the text's language and form; `is_newest` while it is the fact's current one."""

    words: str
    source: str
    is_newest: bool


@dataclass(frozen=True)
class ChecklistSubject:
    """The current text without open suggestions, and what is pending on it.

    `threads`: the number of open threads of the workspace, and of legal readers that the person
    may read. `pictures`: the texts of the picture files. `register`: the register's entries for
    the cited fact versions. `fault`: the reason why the text has no canonical form, if it has
    none. `looked_up`: data for rules of higher layers, by rule.
    """

    kind: TextKind
    language: str
    is_empty: bool = False
    is_older: bool = False
    title: str = ""
    lead: str = ""
    reading: TextReading = field(default_factory=TextReading)
    suggestions: int = 0
    threads: int = 0
    pictures: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    fault: CanonicalError | None = None
    register: Mapping[str, RegisteredFact] = field(default_factory=dict)
    looked_up: Mapping[str, Sequence[Any]] = field(default_factory=dict)


type RuleLookup = Callable[[DraftText, TextReading], Sequence[Any]]

_lookups: dict[str, RuleLookup] = {}


def register_lookup(name: str, lookup: RuleLookup) -> None:
    """Register the lookup of a higher layer's rule, for non-empty texts (`register_rule`)."""
    _lookups[name] = lookup


type FactLookup = Callable[[Iterable[str], str], Mapping[str, RegisteredFact]]

_fact_lookups: list[FactLookup] = []


def register_fact_lookup(lookup: FactLookup) -> None:
    """Register what returns the facts with these ids, in a language. From `ready()`."""
    _fact_lookups.append(lookup)


def checklist_subject(text: DraftText, user: object) -> ChecklistSubject:
    """Read the text for the rules, with the threads visible to the person. Needs `draft` and `based_on`
    loaded. One query, one more with pictures, four more with facts, none for an empty text."""
    return checklist_subjects([text], user)[0]


def checklist_subjects(texts: Collection[DraftText], user: object) -> list[ChecklistSubject]:
    """Read many texts, in order; threads are counted in one query for all of them."""
    threads: dict[int, int] = {}
    if written := [text for text in texts if not text.is_empty]:
        rows = threads_for(user).filter(
            text__in=written, resolved_at=None, audience__in=[Audience.WORKSPACE, Audience.LEGAL]
        )
        threads = dict(rows.order_by().values_list("text").annotate(Count("pk")))
    return [_build_subject(text, threads.get(text.pk, 0)) for text in texts]


def _build_subject(text: DraftText, threads: int) -> ChecklistSubject:
    words, kind = text_content(text), TextKind(text.draft.kind)
    if text.is_empty:
        return ChecklistSubject(kind, text.language, is_empty=True)
    pictures = pictures_for_text(text.draft, words["body"])
    fault = None
    try:
        document_for_approval(draft=text.draft, language=text.language, words=words, pictures=pictures)
    except CanonicalError as error:
        fault = error
    reading = read_text(title=text.title, lead=text.lead, body=text.body)
    facts = [one.id for one in reading.facts]
    register = {key: fact for find in _fact_lookups for key, fact in find(facts, text.language).items()}
    return ChecklistSubject(
        kind=kind,
        language=text.language,
        is_older=text.is_older,
        title=text.title,
        lead=text.lead,
        reading=reading,
        register=register,
        suggestions=text.open_suggestions,
        threads=threads,
        pictures={name: {key: str(value) for key, value in file.items()} for name, file in pictures.items()},
        fault=fault,
        looked_up={name: lookup(text, reading) for name, lookup in _lookups.items()},
    )
