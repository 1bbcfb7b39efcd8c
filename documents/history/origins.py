"""Origins of words: propagated from one state of a text to the next, word by word.

Unchanged words keep their origin; new words belong to those who wrote between the two states. If
several wrote within one spell, its words belong to all of them: nobody is credited with what
another may have written.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from documents.canonical.alignment import Effort, align, opcodes
from documents.canonical.form import Document
from documents.canonical.passages import Passage, Token, passages_of, words

# (primary key of the organisation, of the person or None) of everyone who wrote in the spell
type WordAuthors = tuple[tuple[int, int | None], ...]
type PassageOrigins = list[WordAuthors]  # one entry per token


@dataclass
class Origins:
    """Authors of every token of every passage, title and lead first."""

    lines: list[PassageOrigins] = field(default_factory=list)
    added: int = 0
    removed: int = 0


def passages_with_heads(document: Document) -> list[Passage]:
    """Return title and lead as passages before those of the body."""
    heads = [Passage("title", words(document["title"])), Passage("lead", words(document["lead"]))]
    return [*heads, *passages_of(document)]


@dataclass(frozen=True)
class Contributors:
    """Authors between two states, and accepted words suggested by others."""

    authors: WordAuthors = ()
    suggested: dict[str, WordAuthors] = field(default_factory=dict)

    def of(self, tokens: Sequence[Token]) -> WordAuthors:
        """Return the authors of these added words."""
        if not self.suggested:
            return self.authors
        return self.suggested.get("".join(token.text for token in tokens).strip(), self.authors)


def initial_origins(document: Document, authors: WordAuthors) -> Origins:
    """Return origins with these authors for everything."""
    lines = [[authors] * len(passage.tokens) for passage in passages_with_heads(document)]
    return Origins(
        lines, added=sum(_count_words(passage.tokens) for passage in passages_with_heads(document))
    )


def transfer_origins(
    before: Document, lines: Sequence[PassageOrigins], after: Document, hands: Contributors
) -> Origins:
    """Return the origins of the newer words. `lines` are those of the older ones."""
    effort = Effort()
    old, new = passages_with_heads(before), passages_with_heads(after)
    found = Origins()
    for place in (0, 1):
        found.lines.append(_passage_origins(old[place], lines[place], new[place], hands, effort, found))
    at = 2
    for gone, come in align(old[2:], new[2:], effort):
        line = lines[at] if gone is not None else []
        at += gone is not None
        if come is not None:
            found.lines.append(_passage_origins(gone, line, come, hands, effort, found))
        elif gone is not None:
            found.removed += _count_words(gone.tokens)
    return found


def _passage_origins(
    old: Passage | None,
    line: PassageOrigins,
    new: Passage,
    hands: Contributors,
    effort: Effort,
    found: Origins,
) -> PassageOrigins:
    if old is None:
        found.added += _count_words(new.tokens)
        return [hands.of(new.tokens)] * len(new.tokens)
    made: PassageOrigins = []
    for equal, a_start, a_end, b_start, b_end in opcodes(old.tokens, new.tokens, effort):
        if equal:
            made += line[a_start:a_end]
        else:
            made += [hands.of(new.tokens[b_start:b_end])] * (b_end - b_start)
            found.added += _count_words(new.tokens[b_start:b_end])
            found.removed += _count_words(old.tokens[a_start:a_end])
    return made


def _count_words(tokens: Sequence[Token]) -> int:
    return sum(token.counts for token in tokens)


def origins_to_json(lines: Sequence[PassageOrigins]) -> dict[str, object]:
    """Return runs of tokens with the index of their authors in a table."""
    table: dict[WordAuthors, int] = {}
    packed = [
        [[length, table.setdefault(authors, len(table))] for authors, length in _runs(line)] for line in lines
    ]
    return {"authors": [[list(one) for one in authors] for authors in table], "lines": packed}


def origins_from_json(value: dict[str, list[list[list[int]]]]) -> list[PassageOrigins]:
    table: list[WordAuthors] = [tuple((one[0], one[1]) for one in authors) for authors in value["authors"]]
    return [[table[number] for length, number in line for _ in range(length)] for line in value["lines"]]


def without_people(value: dict[str, list[list[list[int]]]]) -> dict[str, object]:
    """Return the same reduced to organisations."""
    lines = origins_from_json(value)
    return origins_to_json([[_merge_authors(authors) for authors in line] for line in lines])


def without_person(value: dict[str, list[list[list[int]]]], person: int) -> dict[str, object]:
    """Return the same with this person's words attributed to their organisation only."""
    lines = origins_from_json(value)
    return origins_to_json([[_without(authors, person) for authors in line] for line in lines])


def _without(authors: WordAuthors, person: int) -> WordAuthors:
    return tuple(dict.fromkeys((org, None if who == person else who) for org, who in authors))


def _merge_authors(authors: WordAuthors) -> WordAuthors:
    return tuple(sorted({(organisation, None) for organisation, _person in authors}))


def _runs(line: PassageOrigins) -> Iterator[tuple[WordAuthors, int]]:
    begin = 0
    for place in range(1, len(line) + 1):
        if place == len(line) or line[place] != line[begin]:
            yield line[begin], place - begin
            begin = place
