"""Which facts stand in which text: noted whenever the words of a text change and when a version is named."""

from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

from documents.canonical.form import Document
from documents.canonical.walk import inlines
from documents.drafts.actions.texts import Words
from documents.drafts.models.draft import DraftText, Version
from documents.editor.live.authors import Author
from documents.editor.live.projection import register_change
from documents.facts.inline import version_named
from documents.facts.models import FactUse, FactVersion


def register() -> None:
    """Follow every text."""
    register_change(note_text)


def note_text(text: DraftText, before: Words, after: Words, _authors: tuple[Author, ...]) -> None:
    """Keep which facts the text holds as it stands. Asks the database only where some stand or stood."""
    were, are = _facts_in(before["body"]), _facts_in(after["body"])
    if were == are:
        return
    FactUse.objects.filter(text=text).exclude(fact_version__uuid__in=are).delete()
    versions = FactVersion.objects.filter(uuid__in=are)
    uses = [FactUse(text=text, fact_version=version) for version in versions]
    FactUse.objects.bulk_create(uses, ignore_conflicts=True)


def note_version(version: Version, document: Document) -> None:
    """Keep which facts a version holds, for ever; approved blocks included."""
    runs = (version_named(one["id"]) for one in inlines(document["blocks"]) if one["type"] == "fact")
    named = {one for one in runs if one is not None}
    versions = FactVersion.objects.filter(uuid__in=named) if named else ()
    FactUse.objects.bulk_create(FactUse(version=version, fact_version=one) for one in versions)


def _facts_in(body: Any) -> set[UUID]:
    named = (version_named(node.get("attrs", {}).get("id")) for node in fact_nodes(body))
    return {one for one in named if one is not None}


def fact_nodes(node: Any) -> Iterator[dict[str, Any]]:
    """Every fact in the editor's JSON, in the order of the text. Without recursion: it nests without end."""
    left: list[Any] = [node]
    while left:
        one = left.pop()
        if not isinstance(one, dict):
            continue
        if one.get("type") == "fact" and isinstance(one.get("attrs"), dict):
            yield one
        content: Iterable[Any] = one["content"] if isinstance(one.get("content"), list) else ()
        left.extend(reversed(list(content)))
