"""Reader of single nodes of the editor's JSON, which refuses anything outside the schema."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext_lazy as _

from documents.canonical.editor_schema import LIMITS, MARKS, NODES, AttributeSpec, Spec
from documents.canonical.form import JsonValue
from documents.canonical.serialise import CanonicalError

FORMATS: Final = {
    "uuid": re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"),
    "sha256": re.compile(r"[0-9a-f]{64}"),
    "identifier": re.compile(r"[0-9A-Za-z][0-9A-Za-z_.-]{0,63}"),
}

_NODE_KEYS: Final = frozenset({"type", "attrs", "content", "marks", "text"})


def damaged(path: str) -> CanonicalError:
    """Return the error for JSON that no editor of ours writes."""
    return CanonicalError(
        "damaged", _("The text is damaged at “%(place)s”. Restore an earlier version."), path, place=path
    )


def check_size(body: JsonValue) -> None:
    """Refuse a body that is too deep, too large or not JSON.

    The depth is checked first and without recursion, so a hostile body cannot exhaust the stack.
    """
    level: list[JsonValue] = [body]
    for _depth in range(LIMITS.depth):
        below: list[JsonValue] = []
        for value in level:
            if isinstance(value, dict):
                below += value.values()
            elif isinstance(value, list):
                below += value
        level = below
        if not level:
            break
    else:
        raise CanonicalError("too_deep", _("Parts of the text stand too deep inside one another."), "content")
    try:
        size = len(json.dumps(body, ensure_ascii=False, allow_nan=False).encode("utf-8", "surrogatepass"))
    except (TypeError, ValueError):
        raise damaged("content") from None
    if size > LIMITS.body_bytes:
        raise CanonicalError("too_large", _("The text is larger than 10 MiB. Move parts of it into a file."))


def _check_attribute(spec: AttributeSpec, value: JsonValue) -> bool:
    if spec.type == "integer":
        if not isinstance(value, int) or isinstance(value, bool):
            return False
        if spec.minimum is not None and spec.maximum is not None:
            return spec.minimum <= value <= spec.maximum
    elif not isinstance(value, str):
        return False
    if spec.format and not FORMATS[spec.format].fullmatch(value):
        return False
    return not spec.values or value in spec.values


def read_attrs(raw: JsonValue, spec: Spec, name: str, path: str) -> dict[str, JsonValue]:
    """Return the attributes with their defaults; a null attribute counts as absent.

    An attribute outside the schema is refused unless it is null or a matter of appearance: it
    may be part of what the writer sees.
    """
    if not isinstance(raw or {}, dict):
        raise damaged(path)
    given = {key: value for key, value in (raw or {}).items() if value is not None}
    for key in given.keys() - spec.attrs.keys() - spec.ignored_attrs:
        raise CanonicalError(
            "unknown_attribute",
            _("“%(name)s” has a property “%(attribute)s” that an approved text cannot have. Remove it."),
            path,
            name=name,
            attribute=str(key),
        )
    for key, attribute in spec.attrs.items():
        if (key in given or attribute.required) and not _check_attribute(attribute, given.get(key)):
            raise CanonicalError(
                "bad_attribute",
                _("“%(name)s” has no valid value for “%(attribute)s”. Set it anew."),
                path,
                name=name,
                attribute=key,
            )
    return {key: given.get(key, attribute.default) for key, attribute in spec.attrs.items()}


@dataclass(frozen=True, slots=True)
class Node:
    """One node of the editor's JSON with checked attributes."""

    name: str
    attrs: Mapping[str, JsonValue]
    raw: Mapping[str, JsonValue]
    path: str
    ancestry: tuple[str, ...] = ()
    """The names of the nodes around it, the outermost first."""

    def children(self) -> Iterator["Node"]:
        """Yield the child nodes, each checked to be allowed here."""
        content = self.raw.get("content") or []
        if not isinstance(content, list):
            raise damaged(self.path)
        prefix = f"{self.path}." if self.path else ""
        for index, value in enumerate(content):
            yield read_node(value, f"{prefix}content[{index}]", (*self.ancestry, self.name))

    def marks(self) -> list[tuple[str, JsonValue]]:
        """Return the names of the marks and their raw attributes."""
        raw = self.raw.get("marks") or []
        if not isinstance(raw, list):
            raise damaged(self.path)
        if not all(isinstance(mark, dict) and isinstance(mark.get("type"), str) for mark in raw):
            raise damaged(self.path)
        return [(mark["type"], mark.get("attrs")) for mark in raw]


def read_node(value: JsonValue, path: str, ancestry: tuple[str, ...] = ()) -> Node:
    """Check one node on its own, and that it is allowed inside the last of `ancestry`."""
    if not isinstance(value, dict) or not isinstance(value.get("type"), str) or value.keys() - _NODE_KEYS:
        raise damaged(path or "doc")
    name: str = value["type"]
    if name not in NODES:
        raise CanonicalError(
            "unknown_node",
            _("The text holds “%(name)s”, which an approved text cannot have. Replace it."),
            path,
            name=name,
        )
    parent = ancestry[-1] if ancestry else ""
    if parent and name not in NODES[parent].content:
        raise CanonicalError(
            "misplaced_node",
            _("“%(name)s” cannot stand inside “%(parent)s”. Move it out."),
            path,
            name=name,
            parent=parent,
        )
    if ("text" in value) != (name == "text") or (value.get("content") and not NODES[name].content):
        raise damaged(path)
    return Node(name, read_attrs(value.get("attrs"), NODES[name], name, path), value, path, ancestry)


def mark_attrs(name: str, raw: JsonValue, path: str) -> dict[str, JsonValue]:
    """Return the checked attributes of a mark from the schema."""
    return read_attrs(raw, MARKS[name], name, path)
