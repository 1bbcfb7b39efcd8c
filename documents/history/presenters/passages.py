"""Who wrote which words, for showing: passages in runs of one origin, and whose share is how large."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from coalition.accounts.models import Organisation
from coalition.accounts.naming import Mark, Viewer, display_mark_for
from documents.canonical.passages import Passage, Token
from documents.history.blame import State
from documents.history.origins import Authors, Line, passages_with_heads


@dataclass(frozen=True)
class Run:
    """Words of one origin. `marks`: the organisations, none where nobody is known; `new`: the run begins with
    another origin than the one before, so that its signs are shown."""

    words: str
    marks: tuple[Mark, ...]
    new: bool


@dataclass(frozen=True)
class Written:
    """One passage: what it is (`title`, `heading`, `item`, …) and its runs."""

    kind: str
    runs: list[Run]


@dataclass(frozen=True)
class Share:
    """How many words of the text are an organisation's, in percent of all."""

    mark: Mark
    percent: int


def written_words(viewer: Viewer, state: State) -> tuple[list[Written], list[Share]]:
    """The text with the origin of its words, and the shares, the largest first. One query."""
    ids = {organisation for line in state.lines for authors in line for organisation, _person in authors}
    marks = {one.pk: display_mark_for(viewer, one) for one in Organisation.objects.filter(pk__in=ids)}
    counts: Counter[int] = Counter()
    passages = []
    last: Authors | None = None
    for passage, line in zip(passages_with_heads(state.document), state.lines, strict=True):
        runs = []
        for authors, some in _runs(passage.tokens, line):
            known = tuple(marks[pk] for pk in dict.fromkeys(pk for pk, _person in authors) if pk in marks)
            runs.append(Run("".join(map(_words, some)), known, new=authors != last))
            last = authors
            for pk in {pk for pk, _person in authors}:
                counts[pk] += sum(token.counts for token in some)
        if runs:
            passages.append(Written(_kind(passage), runs))
    total = sum(counts.values()) or 1
    shares = [
        Share(marks[pk], round(100 * count / total)) for pk, count in counts.most_common() if pk in marks
    ]
    return passages, shares


def _runs(tokens: Sequence[Token], line: Line) -> Iterable[tuple[Authors, list[Token]]]:
    """Spaces between words of one origin are of that origin too."""
    origins = list(line)
    for place, token in enumerate(tokens):
        if token.is_space and place:
            origins[place] = origins[place - 1]
    pairs = zip(origins, tokens, strict=True)
    return [
        (authors, [token for _a, token in some]) for authors, some in groupby(pairs, key=lambda one: one[0])
    ]


def _words(token: Token) -> str:
    return f" [{token.text}]" if token.kind in {"footnote", "file"} else token.text


def _kind(passage: Passage) -> str:
    if passage.kind in {"title", "lead"}:
        return passage.kind
    if passage.kind.startswith("heading"):
        return "heading"
    return "inside" if passage.path else "paragraph"
