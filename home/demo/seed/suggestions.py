"""What people suggest in the drafts and nobody has decided on."""

from functools import partial
from typing import Any

from coalition.core.clock import now
from documents.drafts.live.marks import DELETION, INSERTION, suggestion_id
from documents.drafts.live.server_edits import edit_text
from documents.models import DraftText
from home.demo.load import Record
from home.demo.seed.history import History
from home.demo.seed.rooms import acting
from home.demo.seed.texts import Desk

type Json = dict[str, Any]


def plan_suggestions(desk: Desk, history: History) -> None:
    """Add to the history what was suggested in the draft's texts."""
    for number, record in enumerate(desk.record.get("suggestions", ()), start=1):
        history.add(record["days_ago"], partial(_suggest, desk, record, number))


def _suggest(desk: Desk, record: Record, number: int) -> None:
    access = acting(desk.cast.people[record["by"]], desk.workspace)
    text = DraftText.objects.select_related("draft").get(draft=desk.begun, language=record["language"])
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
    """The text with the suggestion in the line that says these words."""
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
