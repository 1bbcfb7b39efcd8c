"""The tab of the glossary's terms in a text: the editor fills it from the words that stand there."""

from typing import Any

from django.http import HttpRequest

from documents.drafts.models.draft import DraftText


def panel_context(_request: HttpRequest, _text: DraftText) -> dict[str, Any]:
    """Context of the tab."""
    return {"count": 0}
