"""Patterns of terms, as data for the matcher in the browser (`assets/editor/glossary/matching.js`)."""

from collections.abc import Mapping
from dataclasses import dataclass

from documents.glossary.stems import pattern_of, variants


@dataclass(frozen=True)
class Pattern:
    """A way in which a term, or a word to avoid for it, stands in texts of one language."""

    term: str
    language: str
    words: tuple[tuple[str, ...], ...]
    avoid: bool = False

    def as_data(self) -> dict[str, object]:
        """What the browser gets."""
        return {
            "term": self.term,
            "language": self.language,
            "avoid": self.avoid,
            "words": [list(stems) for stems in self.words],
        }


def patterns_of(identity: str, said: Mapping[str, str], avoided: Mapping[str, str]) -> list[Pattern]:
    """The patterns of a term: `said` and `avoided` are its words by language."""
    return [
        Pattern(identity, language, tuple(tuple(stems) for stems in words), avoid)
        for avoid, by_language in ((False, said), (True, avoided))
        for language, line in by_language.items()
        for variant in variants(line)
        if (words := pattern_of(variant, language))
    ]
