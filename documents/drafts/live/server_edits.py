"""Edits of texts that the server makes: what was restored, imported or begun from a template."""

import json
from collections.abc import Callable, Sequence
from difflib import SequenceMatcher

from django.db import transaction
from pycrdt import XmlFragment

from coalition.accounts.models import Organisation, User
from coalition.realtime import log, server_edits
from coalition.realtime.backend import LiveDoc
from documents.drafts.actions.texts import Words, words_of
from documents.drafts.live.projection import project
from documents.drafts.live.resolve import has_marks, without_comments
from documents.drafts.live.shape import (
    HEADS,
    Json,
    assembled,
    doc_to_json,
    fragment_of,
    join,
    normal,
    read_child,
    write_node,
)
from documents.drafts.live.suggestions import Suggestion, listed, rejected
from documents.drafts.models import Draft, DraftText

type Change = Callable[[Json], Json]


def marked_of(text: DraftText) -> Json:
    """The text with its marks as the database has it: everything that was saved, nothing else."""
    if not log.get_log_position(text.uuid).rows:
        return normal(join(words_of(text)))
    return doc_to_json(log.stored_document(text.uuid))


def edit_text(
    *, text: DraftText, author: User | None, organisation: Organisation | None, change: Change
) -> DraftText:
    """Change the text in a person's name, or in nobody's, and return it as it stands then.

    `change` is given the marked text and returns what it shall be. Blocks that stay the same are not
    touched, so that people can go on writing in them; the others are replaced whole. Whoever has the text
    open sees it after the commit. Rights are the caller's to check.
    """

    def apply(doc: LiveDoc) -> None:
        root = fragment_of(doc)
        with doc.transaction():
            children = [read_child(child) for child in root.children]
            replace(root, children, normal(change(assembled(children)))["content"])

    with transaction.atomic():
        # The draft first, as everywhere else: its row and then the text's are locked by the projection.
        Draft.objects.select_for_update().get(pk=text.draft_id)
        server_edits.edit_on_server(
            text.uuid,
            apply,
            author=author.uuid if author else None,
            organisation=organisation.uuid if organisation else None,
        )
        return project(text.uuid)


def with_words(marked: Json, words: Words) -> Json:
    """The marked text with other words. Blocks that say the same already keep what is marked in them."""
    before, after = marked["content"], normal(join(words))["content"]
    bare = [_bare(node) for node in before]
    content: list[Json] = []
    for tag, begin, end, begin_after, end_after in _opcodes(bare, after):
        content += before[begin:end] if tag == "equal" else after[begin_after:end_after]
    return {**marked, "content": content}


def lost_by(marked: Json, words: Words) -> list[Suggestion]:
    """Open suggestions that are gone when the text gets other words: they stand in blocks that change."""
    stay = {one.id for one in listed(with_words(marked, words))}
    return [one for one in listed(marked) if one.id not in stay]


def _bare(node: Json) -> Json:
    """What a block says as it stands, by itself: where a suggestion joins it to the next one, it says
    something else than the text, and is written anew."""
    if not has_marks(node):
        return node
    alone = rejected(without_comments({"type": "doc", "content": [node]}))["content"]
    return alone[0] if len(alone) == 1 or node["type"] in HEADS else {}


def replace(root: XmlFragment, before: Sequence[Json], after: Sequence[Json]) -> None:
    """Make the root's nodes say `after`, which say `before` now: the fewest nodes that do it."""
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
