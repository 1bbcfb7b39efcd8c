"""Who wrote which words: carried from one state of a text to the next, word by word.

What stays keeps its origin, what comes is of those who wrote between the two states. Where several wrote
within one spell, its words are of all of them: nobody is credited with what another may have written.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from documents.canonical.alignment import Effort, align, opcodes
from documents.canonical.form import Document
from documents.canonical.passages import Passage, Token, passages_of, words

# (primary key of the organisation, of the person or None) of everyone who wrote in the spell
type Authors = tuple[tuple[int, int | None], ...]
type Line = list[Authors]  # one entry a token


@dataclass
class Origins:
    """Authors of every token of every passage, title and lead first."""

    lines: list[Line] = field(default_factory=list)
    added: int = 0
    removed: int = 0


def passages_with_heads(document: Document) -> list[Passage]:
    """Title and lead as passages before those of the body."""
    heads = [Passage("title", words(document["title"])), Passage("lead", words(document["lead"]))]
    return [*heads, *passages_of(document)]


@dataclass(frozen=True)
class Hands:
    """Who wrote between two states, and words that were suggested by others and taken in."""

    authors: Authors = ()
    suggested: dict[str, Authors] = field(default_factory=dict)

    def of(self, tokens: Sequence[Token]) -> Authors:
        """Whose these words are, which came."""
        if not self.suggested:
            return self.authors
        return self.suggested.get("".join(token.text for token in tokens).strip(), self.authors)


def first(document: Document, authors: Authors) -> Origins:
    """All of it is of these authors."""
    lines = [[authors] * len(passage.tokens) for passage in passages_with_heads(document)]
    return Origins(lines, added=sum(_count(passage.tokens) for passage in passages_with_heads(document)))


def carried(before: Document, lines: Sequence[Line], after: Document, hands: Hands) -> Origins:
    """The origins of the newer words. `lines` are those of the older ones."""
    effort = Effort()
    old, new = passages_with_heads(before), passages_with_heads(after)
    found = Origins()
    for place in (0, 1):
        found.lines.append(_line(old[place], lines[place], new[place], hands, effort, found))
    at = 2
    for gone, come in align(old[2:], new[2:], effort):
        line = lines[at] if gone is not None else []
        at += gone is not None
        if come is not None:
            found.lines.append(_line(gone, line, come, hands, effort, found))
        elif gone is not None:
            found.removed += _count(gone.tokens)
    return found


def _line(
    old: Passage | None, line: Line, new: Passage, hands: Hands, effort: Effort, found: Origins
) -> Line:
    if old is None:
        found.added += _count(new.tokens)
        return [hands.of(new.tokens)] * len(new.tokens)
    made: Line = []
    for equal, a_start, a_end, b_start, b_end in opcodes(old.tokens, new.tokens, effort):
        if equal:
            made += line[a_start:a_end]
        else:
            made += [hands.of(new.tokens[b_start:b_end])] * (b_end - b_start)
            found.added += _count(new.tokens[b_start:b_end])
            found.removed += _count(old.tokens[a_start:a_end])
    return made


def _count(tokens: Sequence[Token]) -> int:
    return sum(token.counts for token in tokens)


def to_json(lines: Sequence[Line]) -> dict[str, object]:
    """Runs of tokens with the number of their authors in a table."""
    table: dict[Authors, int] = {}
    packed = [
        [[length, table.setdefault(authors, len(table))] for authors, length in _runs(line)] for line in lines
    ]
    return {"authors": [[list(one) for one in authors] for authors in table], "lines": packed}


def from_json(value: dict[str, list[list[list[int]]]]) -> list[Line]:
    table: list[Authors] = [tuple((one[0], one[1]) for one in authors) for authors in value["authors"]]
    return [[table[number] for length, number in line for _ in range(length)] for line in value["lines"]]


def without_people(value: dict[str, list[list[list[int]]]]) -> dict[str, object]:
    """The same, of organisations only."""
    lines = from_json(value)
    return to_json([[_merged(authors) for authors in line] for line in lines])


def without_person(value: dict[str, list[list[list[int]]]], person: int) -> dict[str, object]:
    """The same, and what this person wrote is of their organisation only."""
    lines = from_json(value)
    return to_json([[_without(authors, person) for authors in line] for line in lines])


def _without(authors: Authors, person: int) -> Authors:
    return tuple(dict.fromkeys((org, None if who == person else who) for org, who in authors))


def _merged(authors: Authors) -> Authors:
    return tuple(sorted({(organisation, None) for organisation, _person in authors}))


def _runs(line: Line) -> Iterator[tuple[Authors, int]]:
    begin = 0
    for place in range(1, len(line) + 1):
        if place == len(line) or line[place] != line[begin]:
            yield line[begin], place - begin
            begin = place
