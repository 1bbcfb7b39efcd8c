"""Lines of a message guide as a reader sees them: in their language, or in one that the line has."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from coalition.accounts.naming import Viewer, display_name_for
from coalition.workspaces.permissions import Access
from documents.drafts.enums import Handling
from documents.facts.content import line_of, words_in
from events.core.queries import text_in
from events.press.permissions import may_tend_line
from events.press.talking_points.enums import LineKind
from events.press.talking_points.models import GuideLine


@dataclass(frozen=True)
class FactShown:
    """A fact of the register beside a line: its words and who says so."""

    words: str
    source: str
    url: str


@dataclass(frozen=True)
class LineRow:
    """One line for one reader. `other_language`: the code of the language it is read in, where the reader's
    is missing."""

    row: GuideLine
    head: str
    text: str
    language: str
    other_language: str
    facts: tuple[FactShown, ...]
    topic: str
    event: str
    owner: str
    mark: Handling
    may_change: bool


@dataclass(frozen=True)
class Part:
    """All lines of one kind, under their heading."""

    kind: LineKind
    heading: str
    lines: tuple[LineRow, ...]


def parts_of(
    rows: Iterable[GuideLine], language: str, viewer: Viewer, access: Access | None = None
) -> list[Part]:
    """Lines in the order of their kinds, without a question to the database but for titles of events. Without
    `access` the reader changes none."""
    told = [_told(one, language, viewer, access) for one in rows]
    return [
        Part(LineKind(kind), str(LineKind(kind).several), tuple(lines))
        for kind, lines in groupby(told, key=lambda one: one.row.kind)
    ]


def strictest(rows: Sequence[GuideLine]) -> Handling:
    """The mark under which all of it travels."""
    marks = [Handling(one.handling) for one in rows]
    return Handling.ORGANISATION if Handling.ORGANISATION in marks else Handling.WORKSPACE


def _told(one: GuideLine, language: str, viewer: Viewer, access: Access | None) -> LineRow:
    read_in = one.language_for(language)
    return LineRow(
        row=one,
        head=one.head.get(read_in, ""),
        text=one.text.get(read_in, ""),
        language=read_in,
        other_language=read_in if read_in != language else "",
        facts=tuple(_facts(one, read_in)),
        topic=str(one.get_topic_display()) if one.topic else "",
        event=text_in(one.event, language).title if one.event is not None else "",
        owner=display_name_for(viewer, one.organisation),
        mark=Handling(one.handling),
        may_change=access is not None and may_tend_line(access, one),
    )


def _facts(one: GuideLine, language: str) -> Iterable[FactShown]:
    """What somebody else than its writer has checked, of facts in use."""
    for fact in one.facts.all():
        words = words_in(fact.checked, language)
        if words is not None and fact.retired_at is None:
            yield FactShown(line_of(words), words.source, fact.get_absolute_url())
