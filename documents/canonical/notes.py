"""Numbering of the notes below a text: footnotes and sources of facts."""

from dataclasses import dataclass, field

from documents.canonical.form import Fact, FootnoteRef


@dataclass(frozen=True, slots=True)
class Reference:
    """A reference to a note. `first`: the note links back to this reference."""

    number: int
    first: bool


@dataclass(slots=True)
class Notes:
    """Notes in rendering order.

    Every footnote is a note. Facts with the same source share one.
    """

    footnotes: dict[int, str]
    words: list[str] = field(default_factory=list)
    _sources: dict[str, int] = field(default_factory=dict)

    def refer(self, one: FootnoteRef | Fact) -> Reference:
        """Assign a note number to a footnote reference or a fact."""
        if one["type"] == "footnote_ref":
            self.words.append(self.footnotes[one["number"]])
            return Reference(len(self.words), first=True)
        source = one["source"]
        known = self._sources.get(source)
        if known is not None:
            return Reference(known, first=False)
        self.words.append(source)
        self._sources[source] = len(self.words)
        return Reference(len(self.words), first=True)
