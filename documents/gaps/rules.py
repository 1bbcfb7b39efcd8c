"""Gaps of a holding statement: finding, filling, and checking that nothing else changed. No I/O.

Organisations approve a holding statement with its gaps, so the permitted values are part of what
they approved: a place, a date or a number under the gap's name. A value of another kind is refused;
`gap_values/` defines each kind.
"""

import copy
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coalition.core.errors import Refused
from coalition.core.quotation_marks import nest_quotes
from documents.canonical.form import Document, Gap
from documents.canonical.nodes import inlines
from documents.canonical.serialise import canonical_hash
from documents.gaps.values import example_value, is_gap_value


class InvalidGapValue(Refused):
    """Raised for a value that the gap does not permit: `gap` is its name in the language's text."""

    def __init__(self, message: str | Promise, *, language: str, gap: str, **params: object) -> None:
        super().__init__(message, **params)
        self.language, self.gap = language, gap


@dataclass(frozen=True)
class OpenGap:
    """An open gap. One name is one gap, however often it appears in the text."""

    name: str
    kind: str


def open_gaps_of(document: Document) -> list[OpenGap]:
    """Return the open gaps in the order of the text, each once."""
    return list(
        dict.fromkeys(OpenGap(one["name"], one["kind"]) for one in _gap_runs(document) if not one["value"])
    )


def validate_gap_value(gap: OpenGap, value: str, language: str) -> str:
    """Return the value without redundant spaces. Raises NotForGap unless it is of the gap's kind in
    the language."""
    found = " ".join(value.split())
    if is_gap_value(gap.kind, found, language):
        return found
    raise InvalidGapValue(
        {
            "number": _("“%(name)s” is a number: write digits and nothing else."),
            "date": _(
                "“%(name)s” is a date or time: write only that, in the language of the text, for example "
                "“%(example)s”."
            ),
            "place": _(
                "“%(name)s” is a place: write only its name, in the language of the text and without "
                "numbers, for example “%(example)s”."
            ),
        }[gap.kind],
        language=language,
        gap=gap.name,
        name=nest_quotes(gap.name),
        example=example_value(gap.kind, language),
    )


def fill_open_gaps(node: Any, values: Mapping[str, str]) -> Any:
    """Return the editor's JSON with the open gaps of these names filled."""
    if isinstance(node, list):
        return [fill_open_gaps(one, values) for one in node]
    if not isinstance(node, dict):
        return node
    attrs = node.get("attrs")
    if node.get("type") == "gap" and isinstance(attrs, dict) and not attrs.get("value"):
        return {**node, "attrs": {**attrs, "value": values.get(attrs.get("name", ""), "")}}
    return {key: fill_open_gaps(value, values) for key, value in node.items()}


def only_gaps_differ(before: Document, after: Document) -> bool:
    """Whether `after` is `before` with open gaps filled, and nothing else."""
    opened = copy.deepcopy(after)
    pairs = list(zip(_gap_runs(before), _gap_runs(opened), strict=False))
    for one, other in pairs:
        if not one["value"]:
            other["value"] = ""
    return canonical_hash(before) == canonical_hash(opened)


def filled_since(before: Document, after: Document) -> list[int]:
    """Return the positions, among all gaps from 0, of those open before and filled now."""
    pairs = zip(_gap_runs(before), _gap_runs(after), strict=False)
    return [place for place, (one, other) in enumerate(pairs) if not one["value"] and other["value"]]


def reopen_gaps(document: Document, places: Iterable[int]) -> Document:
    """Return the document with these gaps open again. Raises IndexError for a missing one."""
    opened = copy.deepcopy(document)
    gaps = _gap_runs(opened)
    for place in places:
        gaps[place]["value"] = ""
    return opened


def gap_values_at(document: Document, places: Iterable[int]) -> list[dict[str, str]]:
    """Return the values of these gaps, each name once, in the order of the text."""
    gaps = _gap_runs(document)
    found = {gaps[place]["name"]: gaps[place] for place in places}
    return [{"name": one["name"], "kind": one["kind"], "value": one["value"]} for one in found.values()]


def gap_values_named(document: Document, names: Iterable[OpenGap]) -> list[dict[str, str]]:
    """Return the values of these gaps in the document, for the record."""
    said = {one["name"]: one["value"] for one in _gap_runs(document)}
    return [{"name": gap.name, "kind": gap.kind, "value": said.get(gap.name, "")} for gap in names]


def _gap_runs(document: Document) -> list[Gap]:
    return [one for one in inlines(document["blocks"]) if one["type"] == "gap"]
