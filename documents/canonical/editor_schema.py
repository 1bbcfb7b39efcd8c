"""The editor's schema, read from `editor_schema.json`.

The JSON file is the single source: the browser's editor is tested against it, and the reader
here enforces it. `content` lists the allowed child nodes; `ignored_attrs` concern
appearance, not words.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final


@dataclass(frozen=True, slots=True)
class Limits:
    """Size limits: lengths in Unicode characters, `body_bytes` in bytes of UTF-8 JSON."""

    title: int
    lead: int
    attribute: int
    href: int
    body_bytes: int
    depth: int
    list_levels: int


@dataclass(frozen=True, slots=True)
class AttributeSpec:
    """The constraints of one attribute of a node or mark."""

    type: str
    required: bool = False
    default: object = None
    values: tuple[object, ...] = ()
    minimum: int | None = None
    maximum: int | None = None
    format: str | None = None


@dataclass(frozen=True, slots=True)
class Spec:
    """The schema of one kind of node or mark."""

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
