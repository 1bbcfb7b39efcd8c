"""Putting the register's newer words of a fact into a text, as an edit of whoever presses."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.workspaces.rules import Access
from documents.drafts.models.draft import Draft, DraftText
from documents.drafts.permissions import may_edit_text, may_suggest_in, require_that
from documents.editor.live.marks import DELETION, INSERTION, SUGGESTIONS, in_order, suggestion_id
from documents.editor.live.server_edits import edit_text
from documents.facts.inline import Run, run_of
from documents.facts.models import FactVersion

type Json = dict[str, Any]


def renew_fact(*, access: Access, text: DraftText, version: UUID) -> DraftText:
    """Put the newest words of a fact in the place of those of `version`, everywhere in the text.

    For who may only suggest, as a suggestion. What stands in an approved block stays: others approved it.
    Raises NotAllowed; Refused if there is nothing newer in the language of the text.
    """
    with transaction.atomic():
        draft = Draft.objects.select_for_update().get(pk=text.draft_id)
        edits = may_edit_text(access, draft)
        require_that(edits or may_suggest_in(access, draft))
        run = _newest(version, text.language)
        identity = "" if edits else _identity(access)

        def change(marked: Json) -> Json:
            return _renewed(marked, str(version), run, identity)

        return edit_text(text=text, author=access.user, organisation=access.organisation, change=change)


def _newest(version: UUID, language: str) -> Run:
    found = FactVersion.objects.filter(uuid=version).select_related("fact__current").first()
    newest = found.fact.current if found is not None and found.fact.retired_at is None else None
    if found is None or newest is None or newest.pk == found.pk:
        raise Refused(_("The register has no newer words of this fact."))
    words = newest.words.filter(language=language).first()
    if words is None:
        raise Refused(_("The newer words of this fact are not there in this language yet."))
    return run_of(newest, words)


def _identity(access: Access) -> str:
    person, organisation = access.user.uuid, access.organisation.uuid
    return suggestion_id(person=person, organisation=organisation, at=now(), counter=1)


def _renewed(node: Json, version: str, run: Run, identity: str) -> Json:
    if "content" not in node or node["type"] == "approvedBlock":
        return node
    content: list[Json] = []
    for child in node["content"]:
        is_it = child["type"] == "fact" and (child.get("attrs") or {}).get("id") == version
        if is_it:
            content += _exchanged(child, run, identity)
        else:
            content.append(_renewed(child, version, run, identity))
    return {**node, "content": content}


def _exchanged(node: Json, run: Run, identity: str) -> list[Json]:
    """The node with the newer words; or taken out and put in, where that is only suggested."""
    marks = node.get("marks") or []
    if not identity:
        return [{**node, "attrs": dict(run)}]
    if any(mark["type"] in SUGGESTIONS for mark in marks):
        return [node]  # somebody has suggested something here already
    out, put = ({"type": kind, "attrs": {"id": identity}} for kind in (DELETION, INSERTION))
    return [
        {**node, "marks": in_order([*marks, out])},
        {**node, "attrs": dict(run), "marks": in_order([*marks, put])},
    ]
