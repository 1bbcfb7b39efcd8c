"""Presenters of message guide lines: in the reader's language, or in one that the line has."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from coalition.accounts.naming import Viewer, display_name_for
from coalition.workspaces.permissions import Access
from documents.drafts.enums import Handling
from documents.facts.content import fact_line, fact_words_for
from events.core.queries import text_in
from events.press.enquiries.talking_points.enums import LineKind
from events.press.enquiries.talking_points.models import GuideLine
from events.press.permissions import may_manage_line


@dataclass(frozen=True)
class LineFact:
    """Fact of the register beside a line: text and source."""

    words: str
    source: str
    url: str


@dataclass(frozen=True)
class GuideLineRow:
    """Line row for one reader. `other_language`: code of the displayed language if the reader's is
    missing."""

    row: GuideLine
    head: str
    text: str
    language: str
    other_language: str
    facts: tuple[LineFact, ...]
    topic: str
    event: str
    owner: str
    mark: Handling
    may_change: bool


@dataclass(frozen=True)
class GuidePart:
    """Lines of one kind, with their heading."""

    kind: LineKind
    heading: str
    lines: tuple[GuideLineRow, ...]


def build_guide_parts(
    rows: Iterable[GuideLine], language: str, viewer: Viewer, access: Access | None = None
) -> list[GuidePart]:
    """Return the lines in the order of their kinds, with no queries except for titles of events.
    Without `access` the rows are read-only."""
    told = [_guide_line_row(one, language, viewer, access) for one in rows]
    return [
        GuidePart(LineKind(kind), str(LineKind(kind).several), tuple(lines))
        for kind, lines in groupby(told, key=lambda one: one.row.kind)
    ]


def strictest(rows: Sequence[GuideLine]) -> Handling:
    """Return the strictest handling mark among the lines."""
    marks = [Handling(one.handling) for one in rows]
    return Handling.ORGANISATION if Handling.ORGANISATION in marks else Handling.WORKSPACE


def _guide_line_row(one: GuideLine, language: str, viewer: Viewer, access: Access | None) -> GuideLineRow:
    read_in = one.language_for(language)
    return GuideLineRow(
        row=one,
        head=one.head.get(read_in, ""),
        text=one.text.get(read_in, ""),
        language=read_in,
        other_language=read_in if read_in != language else "",
        facts=tuple(_line_facts(one, read_in)),
        topic=str(one.get_topic_display()) if one.topic else "",
        event=text_in(one.event, language).title if one.event is not None else "",
        owner=display_name_for(viewer, one.organisation),
        mark=Handling(one.handling),
        may_change=access is not None and may_manage_line(access, one),
    )


def _line_facts(one: GuideLine, language: str) -> Iterable[LineFact]:
    """Yield the facts in use that were verified by somebody other than their author."""
    for fact in one.facts.all():
        words = fact_words_for(fact.checked, language)
        if words is not None and fact.retired_at is None:
            yield LineFact(fact_line(words), words.source, fact.get_absolute_url())
