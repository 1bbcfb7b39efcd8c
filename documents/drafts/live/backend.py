"""Who may open a live text, and as what: asked when a socket opens, on a kick, and every few seconds."""

from uuid import UUID

from django.contrib.sessions.backends.db import SessionStore
from django.http import Http404

from coalition.accounts.models import User
from coalition.realtime.backend import DocumentBackend, Grant, register_document_backend
from coalition.roles import Right
from coalition.workspaces.access import ACTING_FOR_KEY
from coalition.workspaces.permissions import Access, access_to
from documents.drafts.actions.texts import words_of
from documents.drafts.enums import Handling
from documents.drafts.live.guard import Watch
from documents.drafts.live.projection import catch_up, follow
from documents.drafts.live.shape import join, json_to_update
from documents.drafts.models import Draft, DraftText
from documents.drafts.permissions import may_edit_text, may_read_draft, may_suggest_in
from documents.drafts.queries import live_text_for


def open_text(user_id: int, session_key: str, document: UUID) -> Grant | None:
    """What the person may do in the text, in whose name they act in this session; None for who may not
    know that it is there."""
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
    """Whether the draft is among those that the person may read. Asked of every open socket again and again:
    the list that decides costs 18 ms, and the rule for who acts here is enough where no list of
    organisations narrows the draft; where it says no, the list decides (another seat may read)."""
    if not draft.restricted and may_read_draft(access, draft):
        return True
    return live_text_for(access.user, document) is not None


def grant_for(access: Access, draft: Draft) -> Grant:
    """The grant of somebody who may read the draft. An archived draft or workspace can only be read."""
    edits = may_edit_text(access, draft)
    person, organisation = access.user.uuid, access.organisation.uuid
    return Grant(
        author=person,
        organisation=organisation,
        may_write=edits,
        suggests_only=not edits and may_suggest_in(access, draft),
        stays_on_device=may_stay_on_device(draft),
        identity={"person": str(person), "organisation": str(organisation)},
    )


def may_stay_on_device(draft: Draft) -> bool:
    """Whether edits that are not saved yet may wait in the browser's storage. Phones are taken at the door:
    not where only some may read."""
    return not draft.restricted and not Handling(draft.handling).names_readers


def seed(document: UUID) -> bytes:
    """What a text begins with: the words that its row holds when it is opened for the first time."""
    text = DraftText.objects.filter(uuid=document).first()
    return json_to_update(join(words_of(text))) if text is not None else b""


def register() -> None:
    """Live documents are the texts of drafts."""
    register_document_backend(
        DocumentBackend(open=open_text, seed=seed, watch=Watch, written=follow, catch_up=catch_up)
    )
