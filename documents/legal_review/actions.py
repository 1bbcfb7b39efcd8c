"""A lawyer's verdict on a text, and what it allows.

A text that needs a lawyer (`checklist/legal.py`, or marked by an editor) can be submitted for
approval only when its words are cleared, and published only while no lawyer objects to these words.
A verdict is bound to the hash: an edit makes it stale. *Cleared with changes* does not clear: the
changed words are reviewed once more.
"""

from collections.abc import Collection, Iterable

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coalition.audit import log
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.workspaces.notifications.notify import notify
from coalition.workspaces.permissions import Access
from documents.comments.actions import CommentGuest
from documents.comments.models import LegalReader
from documents.comments.permissions import is_reader
from documents.drafts import audit as drafts_audit
from documents.drafts.live.projection import update_text_row
from documents.drafts.models import Draft, DraftText, Verdict, Version
from documents.drafts.permissions import may_comment, may_edit_draft_settings, require_that
from documents.drafts.queries import coordinators_of
from documents.hooks import HOOKS
from documents.legal_review.models import Clearance
from documents.legal_review.queries import ReasonsByLanguage, legal_reasons, legal_states_of_texts


def record_verdict(
    *, access: Access, reader: LegalReader, text: DraftText, digest: str, verdict: Verdict, note: str = ""
) -> Clearance:
    """Record the verdict of a member who is the draft's legal reader on the text with this hash. Raises
    NotAllowed for anybody else; Refused if the text has changed, or without a note beside a verdict but
    *cleared*."""
    update_text_row(text.uuid)
    with transaction.atomic():
        draft = _lock_active_draft(text)
        row = LegalReader.objects.select_for_update(of=("self",)).get(pk=reader.pk)
        require_that(row.draft_id == draft.pk and is_reader(access, row) and may_comment(access, draft))
        return _store_clearance(draft, text, digest, verdict, note, reader=row, by=access)


def clear_as_guest(
    *,
    guest: CommentGuest,
    shown: Version | None,
    text: DraftText,
    digest: str,
    verdict: Verdict,
    note: str = "",
) -> Clearance:
    """Record the verdict of a legal reader without a seat on the version `shown` (None: the current text).
    The caller has checked the link and holds the transaction. Raises Refused as above."""
    draft = _lock_active_draft(text)
    return _store_clearance(draft, text, digest, verdict, note, guest=guest, shown=shown)


def mark_for_lawyer(*, access: Access, draft: Draft, needed: bool) -> Draft:
    """Require a lawyer for the draft whatever its words, or withdraw that: for its editors."""
    with transaction.atomic():
        locked = Draft.objects.select_for_update().get(pk=draft.pk)
        require_that(locked.archived_at is None and may_edit_draft_settings(access, locked))
        if locked.needs_lawyer != needed:
            locked.needs_lawyer = needed
            locked.save(update_fields=["needs_lawyer"])
            drafts_audit.record_document_audit(
                thing=locked, access=access, action="legal.marked", needed=needed
            )
    return locked


def reasons_for(texts: Iterable[DraftText], versions: Collection[Version]) -> ReasonsByLanguage:
    """Return why these versions need a lawyer, by the words of their texts (with their draft, as
    `read_live_texts` returns them). Slow: call it before the transaction."""
    languages = {version.language for version in versions}
    return legal_reasons(text for text in texts if text.language in languages)


def require_cleared(
    texts: Iterable[DraftText], versions: Collection[Version], reasons: ReasonsByLanguage
) -> None:
    """Raise Refused with the reason unless every version may be submitted. Call under the draft's lock."""
    languages = {version.language for version in versions}
    for state in legal_states_of_texts(texts, {code: reasons[code] for code in languages if code in reasons}):
        if state.is_free:
            continue
        raise Refused(
            {
                None: _(
                    "A lawyer has to read these words first, because %(why)s: %(language)s. Ask a legal "
                    "reader of this draft for a verdict."
                ),
                Verdict.WITH_CHANGES: _(
                    "The lawyer clears it with changes only: %(language)s. Make them, and ask for a look at "
                    "the changed words."
                ),
                Verdict.NOT_CLEARED: _("The lawyer has not cleared these words: %(language)s."),
            }[state.verdict],
            language=Version(language=state.text.language).get_language_display(),
            why=", ".join(str(reason.need.label) for reason in state.reasons),
        )


def _lock_active_draft(text: DraftText) -> Draft:
    draft = Draft.objects.select_for_update(of=("self",)).select_related("workspace").get(pk=text.draft_id)
    if draft.archived_at is not None or draft.workspace.archived_at is not None:
        raise Refused(_("This draft is in the archive: it can be read, not changed."))
    return draft


def _store_clearance(
    draft: Draft,
    text: DraftText,
    digest: str,
    verdict: Verdict,
    note: str,
    *,
    reader: LegalReader | None = None,
    by: Access | None = None,
    guest: CommentGuest | None = None,
    shown: Version | None = None,
) -> Clearance:
    """Store and audit the verdict; notify the coordinators of it, without its content."""
    note = note.strip()
    if verdict != Verdict.CLEARED and not note:
        raise Refused(_("Say what has to change, or why it is not cleared: without it nobody can act."))
    locked = DraftText.objects.select_for_update().get(pk=text.pk, draft=draft)
    current = shown.hash if shown is not None else locked.content_hash
    if not current:
        raise Refused(_("The text is not ready: a title, a description or an open suggestion is missing."))
    if current != digest:
        raise Refused(_("Somebody changed the text while you read. Look at the words as they are now."))
    made = Clearance.objects.create(
        text=locked,
        language=locked.language,
        hash=digest,
        verdict=verdict,
        note=note,
        reader=reader,
        person=by.user if by else None,
        guest=guest.uuid if guest is not None else None,
        guest_name=guest.name if guest is not None else "",
        at=now(),
    )
    log.record_audit(
        "legal.verdict",
        actor=made.person,
        organisation=by.organisation.uuid if by else None,
        role=by.role if by else "",
        target_kind="draft",
        target=draft.uuid,
        workspace=draft.workspace.uuid,
        language=made.language,
        hash=made.hash,
        verdict=made.verdict,
        **({"guest": str(guest.uuid)} if guest is not None else {}),
    )
    for follow in HOOKS.verdict_given:
        follow(draft)
    notify(
        people=coordinators_of(draft),
        kind="legal_verdict",
        workspace=draft.workspace,
        actor=made.person,
        organisation=by.organisation if by else None,
        subject_kind="draft",
        subject=draft.uuid,
        once=f"legal_verdict:{made.uuid}",
        language=made.language,
    )
    return made
