"""What the editor may contain, read from `editor_schema.json`.

The JSON file is the one place where this is written: the browser's editor is
tested against it, and the reader here obeys it. `content` lists the nodes that
may stand inside; `ignored_attrs` are matters of appearance, not of words.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final


@dataclass(frozen=True, slots=True)
class Limits:
    """Lengths count Unicode characters, `body_bytes` the JSON in UTF-8."""

    title: int
    lead: int
    attribute: int
    href: int
    body_bytes: int
    depth: int
    list_levels: int


@dataclass(frozen=True, slots=True)
class AttributeSpec:
    """How one attribute of a node or mark must look."""

    type: str
    required: bool = False
    default: object = None
    values: tuple[object, ...] = ()
    minimum: int | None = None
    maximum: int | None = None
    format: str | None = None


@dataclass(frozen=True, slots=True)
class Spec:
    """What one kind of node or mark may hold."""

    content: frozenset[str]
    attrs: dict[str, AttributeSpec]
    ignored_attrs: frozenset[str]


def _attribute(raw: dict[str, Any]) -> AttributeSpec:
    return AttributeSpec(**{**raw, "values": tuple(raw.get("values", ()))})


def _spec(raw: dict[str, Any]) -> Spec:
    return Spec(
        content=frozenset(raw.get("content", ())),
        attrs={name: _attribute(value) for name, value in raw.get("attrs", {}).items()},
        ignored_attrs=frozenset(raw.get("ignored_attrs", ())),
    )


_RAW: Final[dict[str, Any]] = json.loads(
    Path(__file__).with_name("editor_schema.json").read_text(encoding="utf-8")
)

LIMITS: Final = Limits(**_RAW["limits"])
NODES: Final = {name: _spec(raw) for name, raw in _RAW["nodes"].items()}
MARKS: Final = {name: _spec(raw) for name, raw in _RAW["marks"].items()}
IGNORED_MARKS: Final = frozenset(_RAW["ignored_marks"])
SUGGESTION_MARKS: Final = frozenset(_RAW["suggestion_marks"])
