"""Writes at random by one who would suggest in another's name, and what browsers show of a document.

A write is drawn without the ids that it refers to: they are chosen when it is built, of those there are then.
"""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st
from pycrdt import XmlElement, XmlFragment, XmlText

from documents.drafts.live.resolve import SUGGESTIONS
from tests.documents.drafts.live.wire import (
    ANY,
    BINARY,
    DELETED,
    DOC,
    EMBED,
    FORMAT,
    JSON,
    SKIP,
    STRING,
    TEXT,
    TYPE,
    Id,
    element,
    item,
    letters,
    marker,
    pairs,
    string,
    uint,
    value,
    values,
    written,
)
from tests.documents.drafts.live.writing import ANNA, BOLAT, HERS, HIS, identity

HIS_ID = identity(BOLAT, HIS)
OWN = f"{ANNA}.{HERS}."
PARAGRAPH, LINE, END, QUOTE, INNER, INNER_LINE = (1, 0), (1, 1), (1, 5), (1, 6), (1, 7), (1, 8)
MARKS = [
    "insertion",
    "deletion",
    "modification--AAAAAAAA",
    "insertion--AAAAAAAA",
    "comment--AAAAAAAA",
    "bold",
]
NAMES = [*MARKS, "Insertion", "__proto__", "link", "\x00insertion", ""]
KEYS = [*(f"__mark_{name}" for name in NAMES), "level", "__proto__"]


def base(*, his: bool) -> bytes:
    """A paragraph and a quote of one, each "сөз."; `his`: Bolat suggests words in a line, and a block."""
    structs = [
        item(TYPE, element("paragraph")),
        item(TYPE, uint(TEXT), parent=PARAGRAPH),
        item(STRING, letters("сөз."), parent=LINE),
        item(TYPE, element("blockquote"), left=PARAGRAPH),
        item(TYPE, element("paragraph"), parent=QUOTE),
        item(TYPE, uint(TEXT), parent=INNER),
        item(STRING, letters("сөз."), parent=INNER_LINE),
    ]
    theirs = [
        item(FORMAT, marker("insertion", f'{{"id":"{HIS_ID}"}}'), left=END),
        item(STRING, letters("енді"), left=(9, 0)),
        item(FORMAT, marker("insertion", "null"), left=(9, 4)),
        item(ANY, values(value({"id": HIS_ID})), parent=QUOTE, key="__mark_insertion"),
    ]
    return written(*[(9, 0, theirs)] if his else [], (1, 0, structs))


# --- what is written ---------------------------------------------------------------------------------------

identities = st.sampled_from(
    [
        HIS_ID,
        identity(BOLAT, HERS),
        identity(ANNA, HIS),
        identity(),
        HIS_ID.upper(),
        f"{HIS_ID}\x00",
        f"{OWN}x.{HIS_ID}",
    ]
)


@st.composite
def _quoted(draw: st.DrawFn) -> str:
    """A string of JSON, some of its letters escaped."""
    said, mask = draw(identities), draw(st.sampled_from([0, 1, 2, 0b101, -1]) | st.integers(0, 2**40))
    return (
        '"'
        + "".join(f"\\u{ord(one):04x}" if mask >> at & 1 or one < " " else one for at, one in enumerate(said))
        + '"'
    )


_FORMS = [
    '{{"id":{0}}}',
    '{{"id":{0}}}',
    '{{"\\u0069d":{0}}}',
    '{{ "id" : {0} }}',
    '{{"id":[{0}]}}',
    '{{"id":{0},"id":{1}}}',
    '{{"id":{1},"\\u0069d":{0}}}',
    '{{"__proto__":{{"id":{0}}}}}',
    '{{"attrs":{{"id":{0}}},"id":{1}}}',
    '{{"insertion":{{"id":{0}}}}}',
    "{0}",
    "[{0}]",
    "null",
    '{{"id":7}}',
    '{{"id":"\\ud800"}}',
    '{{"id":NaN}}',
]
jsons = st.builds(
    lambda form, one, other: form.format(one, other), st.sampled_from(_FORMS), _quoted(), _quoted()
)

plain = st.recursive(
    identities | st.none() | st.integers(-(2**60), 2**60) | st.floats() | st.booleans(),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(st.sampled_from(["id", "__proto__", "insertion", "type"]), inner, max_size=2)
    ),
    max_leaves=4,
)
anys = (
    st.builds(lambda one: values(value({"id": one})), identities)
    | st.builds(
        lambda one, other: values(pairs(("id", value(one)), ("id", value(other)))), identities, identities
    )
    | st.builds(lambda one: values(value({"__mark_insertion": {"id": one}})), identities)
    | st.builds(lambda some: values(*map(value, some)), st.lists(plain, max_size=2))
    | st.just(values(b"\x7a" + bytes(8)))
)
contents = st.one_of(
    st.tuples(st.just(FORMAT), st.builds(marker, st.sampled_from(NAMES), jsons)),
    st.tuples(st.just(FORMAT), st.builds(marker, st.sampled_from(MARKS), jsons)),
    st.tuples(st.just(STRING), st.sampled_from(["а", "жоқ", "🌷", "\u200b", "", "\x00"]).map(letters)),
    st.tuples(st.just(STRING), st.just(letters("бар"))),
    st.tuples(st.just(ANY), anys),
    st.tuples(
        st.just(TYPE), st.sampled_from([element("paragraph"), element("x"), uint(TEXT), uint(4), uint(1)])
    ),
    st.tuples(st.just(EMBED), jsons.map(string)),
    st.tuples(st.just(DELETED), st.integers(0, 3).map(uint)),
    st.tuples(st.just(SKIP), st.integers(0, 2).map(uint)),
    st.tuples(st.just(JSON), jsons.map(lambda one: uint(1) + string(one))),
    st.tuples(st.sampled_from([BINARY, DOC]), st.just(string("a") + value({}))),
)


@dataclass(frozen=True)
class Struct:
    """`place`: left, right, both, child, attribute or root; `at`: which of the ids that there are then."""

    kind: int
    content: bytes
    place: str
    at: tuple[int, int]
    key: str


@dataclass(frozen=True)
class Write:
    """One update. `ahead`: how far its first change is from where the replica's changes end; `late`: it comes
    after the writes that follow; `suggests`: the right it is written with."""

    replica: int
    structs: list[Struct]
    deletes: list[tuple[int, int, int]]
    ahead: int
    late: bool
    suggests: bool


structs = st.builds(
    lambda content, place, at, key: Struct(*content, place, at, key),
    contents,
    st.sampled_from(["left", "left", "left", "both", "right", "child", "attribute", "attribute", "root"]),
    st.tuples(st.integers(0, 40), st.integers(0, 40)),
    st.sampled_from(KEYS) | st.just("__mark_insertion"),
)
writes = st.lists(
    st.builds(
        Write,
        st.sampled_from([7, 7, 7, 8]),
        st.lists(structs, min_size=1, max_size=3),
        st.lists(st.tuples(st.sampled_from([1, 7, 9]), st.integers(0, 12), st.integers(1, 3)), max_size=1),
        st.sampled_from([0, 0, 0, 0, 0, 0, -1, -2, 1]),
        st.sampled_from([False, False, False, True]),
        st.sampled_from([False, False, True]),
    ),
    min_size=1,
    max_size=5,
)


def built(write: Write, state: dict[int, int]) -> bytes:
    """The update, where the document has so much of each replica."""
    clock = first = max(0, state.get(write.replica, 0) + write.ahead)
    ids = [(replica, at) for replica, end in sorted(state.items()) for at in range(min(end, 20))]
    made = []
    for one in write.structs:
        if one.kind == SKIP:
            made.append(bytes([SKIP]) + one.content)
            continue
        there: list[Id] = [*ids, *((write.replica, at) for at in range(first, clock))]
        left, right = there[one.at[0] % len(there)], there[one.at[1] % len(there)]
        match one.place:
            case "left":
                made.append(item(one.kind, one.content, left=left))
            case "right":
                made.append(item(one.kind, one.content, right=right))
            case "both":
                made.append(item(one.kind, one.content, left=left, right=right))
            case "child":
                made.append(item(one.kind, one.content, parent=left))
            case "attribute":
                parent = (PARAGRAPH, QUOTE, INNER, left)[one.at[1] % 4]
                made.append(item(one.kind, one.content, parent=parent, key=one.key))
            case _:
                made.append(item(one.kind, one.content))
        clock += 3 if one.content == letters("бар") else 1
    return written((write.replica, first, made), deletes=write.deletes)


# --- what browsers show ------------------------------------------------------------------------------------


@dataclass
class Shown:
    """The ids of all suggestions, with how many letters stand under each insertion; and what is no text."""

    ids: set[str] = field(default_factory=set)
    inserted: Counter[str] = field(default_factory=Counter)
    odd: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, doc: Any) -> "Shown":
        shown = cls()
        with doc.transaction():
            shown._nodes(doc.get("text", type=XmlFragment))
        return shown

    def _nodes(self, parent: XmlFragment | XmlElement) -> None:
        nodes = list(parent.children)
        if len(nodes) != len(parent.children):
            self.odd.append("no node among nodes")
        for node in nodes:
            if isinstance(node, XmlText):
                self._line(node)
                continue
            for name, held in node.attributes:
                if name == "__proto__":
                    self.odd.append("prototype")
                elif name.startswith("__mark_"):
                    self._mark(name.removeprefix("__mark_"), held, 0)
            self._nodes(node)

    def _line(self, line: XmlText) -> None:
        for said, marks in line.diff():
            if not isinstance(said, str):
                self.odd.append("embedded")
            for name, held in (marks or {}).items():
                if name == "__proto__":
                    self.odd.append("prototype")
                self._mark(name, held, len(said) if isinstance(said, str) else 1)

    def _mark(self, name: str, held: Any, letters: int) -> None:
        base = name[:-10] if len(name) >= 10 and name[-10:-8] == "--" else name
        if base not in SUGGESTIONS:
            return
        if isinstance(held, dict) and "__proto__" in held:
            self.odd.append("prototype")
        whose = _said(held.get("id") if isinstance(held, dict) else None)
        self.ids.add(whose)
        if base == "insertion":
            self.inserted[whose] += letters

    def forged(self, before: "Shown") -> str:
        """Why this is no document that Anna could make of the one before, or ""."""
        if self.odd:
            return self.odd[0]
        for whose in self.ids:
            if not whose.startswith(OWN) and whose not in before.ids:
                return f"in the name of {whose!r}"
            if not whose.startswith(OWN) and self.inserted[whose] > before.inserted[whose]:
                return f"more in the name of {whose!r}"
        return ""

    def also(self, other: "Shown") -> "Shown":
        """What was shown at any time: it may come back by undo."""
        return Shown(self.ids | other.ids, self.inserted | other.inserted)


def _said(value: Any) -> str:
    """As JavaScript makes words of a value."""
    match value:
        case None:
            return ""
        case str():
            return value
        case list():
            return ",".join(map(_said, value))
    return f"<{value}>"
