"""Gaps of a holding statement: which there are, what may be filled in, and that nothing else changed. Pure.

Organisations approve a holding statement with its gaps, so what may be filled is part of what they approved:
a place, a date or a number under the name that stands there. A value of another kind is refused; what each
kind may be is said in `gap_values/`.
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
from documents.canonical.serialise import canonical_hash
from documents.canonical.walk import inlines
from documents.gaps.values import example_of, fits


class NotForGap(Refused):
    """A value may not stand in the gap: `gap` is its name in the text of the language."""

    def __init__(self, message: str | Promise, *, language: str, gap: str, **params: object) -> None:
        super().__init__(message, **params)
        self.language, self.gap = language, gap


@dataclass(frozen=True)
class Open:
    """A gap that nobody has filled. One name is one gap, however often it stands in the text."""

    name: str
    kind: str


def open_gaps_of(document: Document) -> list[Open]:
    """The open gaps in the order of the text, each once."""
    return list(dict.fromkeys(Open(one["name"], one["kind"]) for one in _gaps(document) if not one["value"]))


def checked(gap: Open, value: str, language: str) -> str:
    """The value without needless spaces. Raises NotForGap unless it is of the gap's kind in the language."""
    found = " ".join(value.split())
    if fits(gap.kind, found, language):
        return found
    raise NotForGap(
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
        example=example_of(gap.kind, language),
    )


def filled(node: Any, values: Mapping[str, str]) -> Any:
    """The editor's JSON with the open gaps of these names filled."""
    if isinstance(node, list):
        return [filled(one, values) for one in node]
    if not isinstance(node, dict):
        return node
    attrs = node.get("attrs")
    if node.get("type") == "gap" and isinstance(attrs, dict) and not attrs.get("value"):
        return {**node, "attrs": {**attrs, "value": values.get(attrs.get("name", ""), "")}}
    return {key: filled(value, values) for key, value in node.items()}


def only_gaps_differ(before: Document, after: Document) -> bool:
    """Whether `after` is `before` with open gaps filled, and nothing else."""
    opened = copy.deepcopy(after)
    pairs = list(zip(_gaps(before), _gaps(opened), strict=False))
    for one, other in pairs:
        if not one["value"]:
            other["value"] = ""
    return canonical_hash(before) == canonical_hash(opened)


def filled_since(before: Document, after: Document) -> list[int]:
    """Which gaps were open before and are filled now, by their places among all gaps, the first is 0."""
    pairs = zip(_gaps(before), _gaps(after), strict=False)
    return [place for place, (one, other) in enumerate(pairs) if not one["value"] and other["value"]]


def with_open(document: Document, places: Iterable[int]) -> Document:
    """The document as it was while these gaps were open. Raises IndexError where there is none."""
    opened = copy.deepcopy(document)
    gaps = _gaps(opened)
    for place in places:
        gaps[place]["value"] = ""
    return opened


def said_in(document: Document, places: Iterable[int]) -> list[dict[str, str]]:
    """What these gaps say, each name once, in the order of the text."""
    gaps = _gaps(document)
    found = {gaps[place]["name"]: gaps[place] for place in places}
    return [{"name": one["name"], "kind": one["kind"], "value": one["value"]} for one in found.values()]


def values_in(document: Document, names: Iterable[Open]) -> list[dict[str, str]]:
    """What these gaps say in the document, for the record."""
    said = {one["name"]: one["value"] for one in _gaps(document)}
    return [{"name": gap.name, "kind": gap.kind, "value": said.get(gap.name, "")} for gap in names]


def _gaps(document: Document) -> list[Gap]:
    return [one for one in inlines(document["blocks"]) if one["type"] == "gap"]
