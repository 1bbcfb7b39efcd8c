"""The form in which a text is written: what it starts from, and the words it sends."""

import json
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from coalition.refused import Refused
from documents.canonical.editor import is_plain, to_plain
from documents.domain.words import Words
from documents.enums import TextKind
from documents.forms import TextForm
from documents.models import Draft, DraftText
from documents.queries.files import pictures_for_draft

MOST_PICTURES = 200


def start(words: Words, revision: int) -> TextForm:
    """The form with these words. The text itself is drawn by the editor's own template."""
    return TextForm(initial={"title": words["title"], "lead": words["lead"], "base_revision": revision})


def words_sent(form: TextForm, beside: Words, revision: int) -> Words:
    """The words of a valid form. Raises Refused where plain paragraphs would flatten a richer text.

    `beside` are the words that the page showed, at `revision`.
    """
    sent = form.cleaned_data
    if form.is_plain and sent["base_revision"] == revision and not is_plain(beside["body"]):
        raise Refused(
            _("This text has more than plain paragraphs, so it can be edited with JavaScript only.")
        )
    return {"title": sent["title"], "lead": sent["lead"], "body": sent["editor"]}


def words_typed(form: TextForm, otherwise: Words) -> Words:
    """What a form holds that was not saved, to show it again."""
    sent = getattr(form, "cleaned_data", {})
    return {
        "title": sent.get("title", otherwise["title"]),
        "lead": sent.get("lead", otherwise["lead"]),
        "body": sent.get("editor", otherwise["body"]),
    }


def editor_context(text: DraftText, words: Words) -> dict[str, Any]:
    """What the template of the editor needs beside the form. `plain` is None for a text that has more."""
    return {
        "body": json.dumps(words["body"], ensure_ascii=False),
        "plain": plain_of(words),
        "is_holding": text.draft.kind == TextKind.HOLDING,
        "files": _pictures(text.draft),
    }


def plain_of(words: Words) -> str | None:
    """The words for a plain field, or None if they are more than plain, or no text at all."""
    try:
        return to_plain(words["body"])
    except (ValueError, AttributeError, TypeError, KeyError):  # a refused body may be anything
        return None


def _pictures(draft: Draft) -> list[dict[str, Any]]:
    rows = pictures_for_draft(draft).filter(deleted_at=None).order_by("-id")[:MOST_PICTURES]
    return [
        {
            "id": str(file.uuid),
            "name": file.name,
            "url": reverse("documents:picture", args=[file.uuid]),
            "alt": file.alt,
            "caption": file.caption,
            "credit": file.credit,
        }
        for file in rows
    ]
