"""Edits of texts made by the server: restoring, importing, templates."""

import json
from collections.abc import Callable, Sequence
from difflib import SequenceMatcher

from django.db import transaction
from pycrdt import XmlFragment

from coalition.accounts.models import Organisation, User
from coalition.realtime import log, server_edits
from coalition.realtime.backend import LiveDoc
from documents.canonical.form import Json
from documents.drafts.actions.texts import TextContent, text_content
from documents.drafts.live.projection import update_text_row
from documents.drafts.live.resolve import has_marks, without_comments
from documents.drafts.live.shape import (
    HEADS,
    assemble_text,
    doc_to_json,
    fragment_of,
    join_text,
    normalise_marked,
    read_child,
    write_node,
)
from documents.drafts.live.suggestions import Suggestion, open_suggestions_in, reject_all
from documents.drafts.models import Draft, DraftText

type Change = Callable[[Json], Json]


def marked_of(text: DraftText) -> Json:
    """Return the text with its marks as saved in the database, nothing else."""
    if not log.get_log_position(text.uuid).rows:
        return normalise_marked(join_text(text_content(text)))
    return doc_to_json(log.stored_document(text.uuid))


def edit_text(
    *, text: DraftText, author: User | None, organisation: Organisation | None, change: Change
) -> DraftText:
    """Change the text on behalf of a person, or without an author; return it as it is then.

    `change` receives the marked text and returns the new one. Unchanged blocks are not touched, so
    that people can go on writing in them; the others are replaced whole. Open pages display it
    after the commit. The caller checks rights.
    """

    def apply(doc: LiveDoc) -> None:
        root = fragment_of(doc)
        with doc.transaction():
            children = [read_child(child) for child in root.children]
            replace(root, children, normalise_marked(change(assemble_text(children)))["content"])

    with transaction.atomic():
        # Lock the draft first, as everywhere else: the projection locks its row and then the text's.
        Draft.objects.select_for_update().get(pk=text.draft_id)
        server_edits.edit_on_server(
            text.uuid,
            apply,
            author=author.uuid if author else None,
            organisation=organisation.uuid if organisation else None,
        )
        return update_text_row(text.uuid)


def replace_content(marked: Json, words: TextContent) -> Json:
    """Return the marked text with other words. Unchanged blocks keep their marks."""
    before, after = marked["content"], normalise_marked(join_text(words))["content"]
    bare = [_bare(node) for node in before]
    content: list[Json] = []
    for tag, begin, end, begin_after, end_after in _opcodes(bare, after):
        content += before[begin:end] if tag == "equal" else after[begin_after:end_after]
    return {**marked, "content": content}


def suggestions_lost_by(marked: Json, words: TextContent) -> list[Suggestion]:
    """Return the open suggestions that new words would remove: those in blocks that change."""
    stay = {one.id for one in open_suggestions_in(replace_content(marked, words))}
    return [one for one in open_suggestions_in(marked) if one.id not in stay]


def _bare(node: Json) -> Json:
    """Return a block's words without suggestions, alone: where a suggestion joins it to the next
    one, they differ from the text, and the block is rewritten."""
    if not has_marks(node):
        return node
    alone = reject_all(without_comments({"type": "doc", "content": [node]}))["content"]
    return alone[0] if len(alone) == 1 or node["type"] in HEADS else {}


def replace(root: XmlFragment, before: Sequence[Json], after: Sequence[Json]) -> None:
    """Change the root's nodes from `before` to `after`, replacing as few nodes as possible."""
    for tag, begin, end, begin_after, end_after in reversed(_opcodes(before, after)):
        if tag == "equal":
            continue
        if end > begin:
            del root.children[begin:end]
        for offset, node in enumerate(after[begin_after:end_after]):
            write_node(root, begin + offset, node)


def _opcodes(before: Sequence[Json], after: Sequence[Json]) -> Sequence[tuple[str, int, int, int, int]]:
    keys = [[json.dumps(node, sort_keys=True) for node in nodes] for nodes in (before, after)]
    return SequenceMatcher(a=keys[0], b=keys[1], autojunk=False).get_opcodes()
