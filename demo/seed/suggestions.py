"""Suggested edits in drafts that nobody has decided on."""

from functools import partial

from coalition.core.clock import now
from demo.load import Record
from demo.seed.drafts import DraftPlan
from demo.seed.history import History
from demo.seed.workspaces import access_of
from documents.canonical.form import Json
from documents.drafts.live.backend import edit_text
from documents.drafts.live.resolve import DELETION, INSERTION, suggestion_id
from documents.models import DraftText


def plan_suggestions(draft: DraftPlan, history: History) -> None:
    """Plan the suggestions in the draft's texts."""
    for number, record in enumerate(draft.record.get("suggestions", ()), start=1):
        history.add(record["days_ago"], partial(_suggest, draft, record, number))


def _suggest(draft: DraftPlan, record: Record, number: int) -> None:
    access = access_of(draft.accounts.people[record["by"]], draft.workspace)
    text = DraftText.objects.select_related("draft").get(draft=draft.row, language=record["language"])
    identity = suggestion_id(
        person=access.user.uuid, organisation=access.organisation.uuid, at=now(), counter=number
    )
    edit_text(
        text=text,
        author=access.user,
        organisation=access.organisation,
        change=lambda marked: _suggested(marked, record, identity),
    )


def _suggested(node: Json, record: Record, identity: str) -> Json:
    """Return the text with the suggestion in the line that contains these words."""
    if "content" not in node:
        return node
    content: list[Json] = []
    for child in node["content"]:
        place = child["text"].find(record["after"] + record["instead_of"]) if "text" in child else -1
        if place < 0:
            content.append(_suggested(child, record, identity))
            continue
        begin = place + len(record["after"])
        end = begin + len(record["instead_of"])
        parts = [
            (child["text"][:begin], ""),
            (child["text"][begin:end], DELETION),
            (record["words"], INSERTION),
            (child["text"][end:], ""),
        ]
        content.extend(_part(child, words, mark, identity) for words, mark in parts if words)
    return {**node, "content": content}


def _part(child: Json, words: str, mark: str, identity: str) -> Json:
    if not mark:
        return {**child, "text": words}
    marks = [{"type": mark, "attrs": {"id": identity}}, *child.get("marks", ())]
    return {**child, "text": words, "marks": marks}
