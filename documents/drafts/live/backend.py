"""Access to a live text: checked when a socket opens, on a revocation, and every few seconds."""

from uuid import UUID

from django.contrib.sessions.backends.db import SessionStore
from django.http import Http404

from coalition.accounts.models import User
from coalition.realtime.backend import DocumentBackend, Grant, register_document_backend
from coalition.roles import Right
from coalition.workspaces.access import ACTING_FOR_KEY
from coalition.workspaces.permissions import Access, access_to
from documents.drafts.actions.texts import text_content
from documents.drafts.enums import Handling
from documents.drafts.live.guard import WriteGuard
from documents.drafts.live.projection import update_stale_texts, update_text_rows
from documents.drafts.live.shape import join_text, json_to_update
from documents.drafts.models import Draft, DraftText
from documents.drafts.permissions import may_edit_text, may_read_draft, may_suggest_in
from documents.drafts.queries import live_text_for


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
    """Whether the draft is among those that the person may read. Runs often for every open socket.
    The full query costs 18 ms; where no list of organisations narrows the draft, the rule for the
    current organisation is enough. If that refuses, the full query decides (another seat may
    read)."""
    if not draft.restricted and may_read_draft(access, draft):
        return True
    return live_text_for(access.user, document) is not None


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
    return json_to_update(join_text(text_content(text))) if text is not None else b""


def register_live_backend() -> None:
    """Register the texts of drafts as live documents."""
    register_document_backend(
        DocumentBackend(
            open=open_text,
            seed=initial_update,
            watch=WriteGuard,
            written=update_text_rows,
            catch_up=update_stale_texts,
        )
    )
