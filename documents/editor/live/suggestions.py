"""Suggestions in a marked text: the words without them, the words with them, and a list of them.

Pure functions on the editor's JSON. What may change in a live document, and by whom, is `check`.
"""

from typing import Any

from documents.editor.live.marks import Origin, origin_of, suggestion_id
from documents.editor.live.resolve import resolve, without_comments
from documents.editor.live.suggestion_guard import check
from documents.editor.live.suggestion_list import Suggestion, listed

__all__ = [
    "Origin",
    "Suggestion",
    "accepted",
    "check",
    "listed",
    "origin_of",
    "rejected",
    "suggestion_id",
    "without_comments",
]

type Json = dict[str, Any]


def rejected(marked: Json) -> Json:
    """The text as it stands: no open suggestion is taken into it. Comments stay."""
    return resolve(marked, accept=False)


def accepted(marked: Json) -> Json:
    """The text as it would be with every suggestion taken in. Comments stay."""
    return resolve(marked, accept=True)
