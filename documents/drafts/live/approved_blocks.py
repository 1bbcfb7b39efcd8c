"""Approved blocks of a live text (words approved by others), and the key that identifies each."""

import json
from collections.abc import Iterator
from typing import Any, Final

from documents.canonical.form import Json
from documents.drafts.live.resolve import ANCHOR, without_comments

APPROVED_BLOCK: Final = "approvedBlock"
_DEFAULTS: Final = {"colspan": 1, "rowspan": 1, "start": 1}  # written by browsers, not by the server


def approved_block_key(block: Json) -> str:
    """Return a key that is equal for the same version with the same words. A mark on the block
    itself and comments in it do not count as words; a suggestion inside it changes the key."""
    bare = without_comments(block)
    return json.dumps([_attrs(bare), _content(bare)], sort_keys=True, ensure_ascii=False)


def approved_blocks(node: Json) -> Iterator[Json]:
    """Yield every approved block in a node, at any depth."""
    if node["type"] == APPROVED_BLOCK:
        yield node
    for child in node.get("content") or ():
        yield from approved_blocks(child)


def _attrs(node: Json) -> Json:
    attrs = node.get("attrs") or {}
    return {name: value for name, value in attrs.items() if value not in (None, _DEFAULTS.get(name))}


def _content(node: Json) -> list[Any]:
    found: list[Any] = []
    for child in node.get("content") or ():
        words = child.get("text", "").replace(ANCHOR, "")
        if child["type"] != "text":
            found.append([child["type"], _attrs(child), child.get("marks") or [], _content(child)])
        elif words:
            found.append([words, child.get("marks") or []])
    return found
