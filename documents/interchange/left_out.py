"""Everything of a file that does not come in, in one list: shown before the file is taken in, and afterwards
without words of it."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from documents.interchange.reader.metadata import Found
from documents.interchange.reader.reasons import why_left_out


@dataclass
class LeftOut:
    """`counted`: what stays behind, by the codes of `reasons.py`; `told`: changes with their words, as (code,
    words)."""

    counted: Counter[str] = field(default_factory=Counter)
    told: list[tuple[str, str]] = field(default_factory=list)

    @property
    def rows(self) -> list[tuple[str, str]]:
        """(words of the change, or nothing; why it does not come in)."""
        changes = [(words.strip() or "¶", why_left_out(code, 1)) for code, words in self.told]
        return [*changes, *(("", one) for one in sentences(self.counted))]

    @property
    def report(self) -> dict[str, int]:
        """What is kept of it once the file is decided on: codes and numbers."""
        return dict(self.counted + Counter(code for code, _words in self.told))


def left_out_of(
    found: Found,
    told: Iterable[tuple[str, str]],
    *,
    margins: Iterable[str] = (),
    counts: Mapping[str, int] | None = None,
) -> LeftOut:
    """`margins`: headers and footers that we wrote ourselves. `counts`: what else stays behind, by code."""
    own = set(margins)
    foreign = sum(words not in own for words in found.margins)
    others = Counter({**(counts or {}), "margins": foreign})
    return LeftOut(Counter(found.left_out) + others, list(told))


def sentences(report: Mapping[str, int]) -> list[str]:
    """Why each kind does not come in, with its number."""
    return [words for code, count in report.items() if (words := why_left_out(code, count))]
