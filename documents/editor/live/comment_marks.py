"""Putting the mark of a comment on words of a marked text."""

from collections.abc import Iterator
from typing import Any

from documents.editor.live.marks import COMMENT, in_order

type Json = dict[str, Any]

_NO_WORDS = "\ufffc"  # stands for a footnote and other things in a line


def with_comment(marked: Json, *, words: str, thread: str) -> Json:
    """The text with the thread's mark on the first place where a line says these words; the same text if
    none does."""
    mark = {"type": COMMENT, "attrs": {"id": thread}}
    made, found = _marked(marked, words, mark)
    return made if found else marked


def _marked(node: Json, words: str, mark: Json) -> tuple[Json, bool]:
    children = node.get("content") or []
    start = "".join(child.get("text", _NO_WORDS) for child in children).find(words)
    if start >= 0:
        end = start + len(words)
        return {**node, "content": list(_cut(children, start, end, mark))}, True
    for index, child in enumerate(children):
        made, found = _marked(child, words, mark)
        if found:
            return {**node, "content": [*children[:index], made, *children[index + 1 :]]}, True
    return node, False


def _cut(children: list[Json], start: int, end: int, mark: Json) -> Iterator[Json]:
    at = 0
    for child in children:
        text = child.get("text", _NO_WORDS)
        first, last = max(start - at, 0), min(end - at, len(text))
        at += len(text)
        if "text" not in child or first >= last:
            yield child
            continue
        if first:
            yield {**child, "text": text[:first]}
        marks = in_order([*(child.get("marks") or ()), mark])
        yield {**child, "text": text[first:last], "marks": marks}
        if last < len(text):
            yield {**child, "text": text[last:]}
