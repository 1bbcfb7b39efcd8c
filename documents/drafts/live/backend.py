"""Access to a live text: checked when a socket opens, on a revocation, and every few seconds."""

import json
from collections.abc import Callable, Sequence
from difflib import SequenceMatcher
from uuid import UUID

from django.contrib.sessions.backends.db import SessionStore
from django.db import transaction
from django.http import Http404
from pycrdt import XmlFragment

from coalition.accounts.models import Organisation, User
from coalition.realtime.backend import DocumentBackend, Grant, LiveDoc, register_document_backend
from coalition.realtime.hub import edit_on_server
from coalition.realtime.store import get_log_position, stored_document
from coalition.roles import Right
from coalition.workspaces.access import ACTING_FOR_KEY
from coalition.workspaces.permissions import Access, access_to
from documents.canonical.form import Json
from documents.drafts.actions.texts import TextContent, text_content
from documents.drafts.live import suggestions
from documents.drafts.live.guard import WriteGuard
from documents.drafts.live.projection import update_stale_texts, update_text_row, update_text_rows
from documents.drafts.live.resolve import walk, without_comments
from documents.drafts.models import Draft, DraftText, Handling
from documents.drafts.permissions import may_edit_text, may_read_draft, may_suggest_in
from documents.drafts.queries import drafts_for


def open_text(user_id: int, session_key: str, document: UUID) -> Grant | None:
    """Return the person's grant in the text, for the organisation they act for in this session;
    None if they may not know that it exists."""
    user = User.objects.filter(pk=user_id, is_active=True).first()
    draft = Draft.objects.filter(texts__uuid=document).select_related("workspace").first()
    if user is None or draft is None:
        return None
    chosen = SessionStore(session_key or None).get(ACTING_FOR_KEY, {}).get(str(draft.workspace.uuid))
    try:
        access = access_to(user, draft.workspace.uuid, acting_for=chosen)
    except Http404:
        return None
    if not access.may(Right.SEE_DRAFTS) or not _may_read(access, draft, document):
        return None
    return grant_for(access, draft)


def _may_read(access: Access, draft: Draft, document: UUID) -> bool:
    """Whether the draft is among those that the person may read. Runs often for every open socket. The full
    query costs 18 ms; where no list of organisations narrows the draft, the rule for the current organisation
    is enough. If that refuses, the full query decides (another seat may read)."""
    if not draft.restricted and may_read_draft(access, draft):
        return True
    return DraftText.objects.filter(uuid=document, draft__in=drafts_for(access.user)).exists()


def grant_for(access: Access, draft: Draft) -> Grant:
    """Return the grant of a reader of the draft. An archived draft or workspace is read-only."""
    edits = may_edit_text(access, draft)
    person, organisation = access.user.uuid, access.organisation.uuid
    return Grant(
        author=person,
        organisation=organisation,
        may_write=edits,
        suggests_only=not edits and may_suggest_in(access, draft),
        stays_on_device=may_store_on_device(draft),
        identity={"person": str(person), "organisation": str(organisation)},
    )


def may_store_on_device(draft: Draft) -> bool:
    """Whether unsaved edits may wait in the browser's storage.
    Phones may be seized, so not for drafts with limited readers."""
    return not draft.restricted and not Handling(draft.handling).names_readers


def initial_update(document: UUID) -> bytes:
    """Return the initial update of a text: the words of its row when it is first opened."""
    text = DraftText.objects.filter(uuid=document).first()
    return suggestions.json_to_update(suggestions.join_text(text_content(text))) if text is not None else b""


def register_live_backend() -> None:
    """Register the texts of drafts as live documents."""
    register_document_backend(
        DocumentBackend(
            open=open_text,
            seed=initial_update,
            guard=WriteGuard,
            written=update_text_rows,
            catch_up=update_stale_texts,
        )
    )


type Change = Callable[[Json], Json]


def marked_of(text: DraftText) -> Json:
    """Return the text with its marks as saved in the database, nothing else."""
    if not get_log_position(text.uuid).rows:
        return suggestions.normalise_marked(suggestions.join_text(text_content(text)))
    return suggestions.doc_to_json(stored_document(text.uuid))


def edit_text(
    *, text: DraftText, author: User | None, organisation: Organisation | None, change: Change
) -> DraftText:
    """Change the text on behalf of a person, or without an author; return it as it is then.

    `change` receives the marked text and returns the new one. Unchanged blocks are not touched, so
    that people can go on writing in them; the others are replaced whole. Open pages display it
    after the commit. The caller checks rights.
    """

    def apply(doc: LiveDoc) -> None:
        root = suggestions.fragment_of(doc)
        with doc.transaction():
            children = [suggestions.read_child(child) for child in root.children]
            replace(
                root,
                children,
                suggestions.normalise_marked(change(suggestions.assemble_text(children)))["content"],
            )

    with transaction.atomic():
        # Lock the draft first, as everywhere else: the projection locks its row and then the text's.
        Draft.objects.select_for_update().get(pk=text.draft_id)
        edit_on_server(
            text.uuid,
            apply,
            author=author.uuid if author else None,
            organisation=organisation.uuid if organisation else None,
        )
        return update_text_row(text.uuid)


def replace_content(marked: Json, words: TextContent) -> Json:
    """Return the marked text with other words. Unchanged blocks keep their marks."""
    before, after = marked["content"], suggestions.normalise_marked(suggestions.join_text(words))["content"]
    bare = [_bare(node) for node in before]
    content: list[Json] = []
    for tag, begin, end, begin_after, end_after in _opcodes(bare, after):
        content += before[begin:end] if tag == "equal" else after[begin_after:end_after]
    return {**marked, "content": content}


def _bare(node: Json) -> Json:
    """Return a block's words without suggestions, alone: where a suggestion joins it to the next
    one, they differ from the text, and the block is rewritten."""
    if not any(one.get("marks") for one in walk(node)):
        return node
    alone = suggestions.reject_all(without_comments({"type": "doc", "content": [node]}))["content"]
    return alone[0] if len(alone) == 1 or node["type"] in suggestions.HEADS else {}


def replace(root: XmlFragment, before: Sequence[Json], after: Sequence[Json]) -> None:
    """Change the root's nodes from `before` to `after`, replacing as few nodes as possible."""
    for tag, begin, end, begin_after, end_after in reversed(_opcodes(before, after)):
        if tag == "equal":
            continue
        if end > begin:
            del root.children[begin:end]
        for offset, node in enumerate(after[begin_after:end_after]):
            suggestions.write_node(root, begin + offset, node)


def _opcodes(before: Sequence[Json], after: Sequence[Json]) -> Sequence[tuple[str, int, int, int, int]]:
    keys = [[json.dumps(node, sort_keys=True) for node in nodes] for nodes in (before, after)]
    return SequenceMatcher(a=keys[0], b=keys[1], autojunk=False).get_opcodes()
