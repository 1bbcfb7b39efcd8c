"""Projection of live documents into the rows of texts: words, open suggestions, hash, authors.

The document is the source of truth. The row is updated within two seconds after every saved batch,
and at once by `project`. Changes left unread by a crash are read when the server starts
(`catch_up`).
"""

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypedDict
from uuid import UUID

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Count, F, Max, OuterRef, QuerySet, Subquery

from coalition.core.clock import now
from coalition.realtime import log
from coalition.realtime.log import LogPosition
from coalition.realtime.models import LiveUpdate
from documents.canonical.form import Json
from documents.drafts import topics
from documents.drafts.actions.texts import TextContent, hash_for_approval, text_content
from documents.drafts.live.authors import Author, Writing, notify_of_decisions, record_writing, writings_since
from documents.drafts.live.resolve import without_comments
from documents.drafts.live.shape import doc_to_json, join_text, normalise_marked, split_text
from documents.drafts.live.suggestions import (
    DecidedSuggestion,
    decided_suggestions,
    open_suggestions_in,
    reject_all,
)
from documents.drafts.models import Draft, DraftText

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations


class LogColumns(TypedDict):
    """Log of a text's document: number of rows, and the last one; None if it was never opened."""

    log_rows: int | None
    log_last: int | None


type Change = Callable[[DraftText, TextContent, TextContent, tuple[Author, ...]], None]
type DecisionCallback = Callable[[DraftText, Sequence[DecidedSuggestion], tuple[Author, ...]], None]

TRIES = 3
NO_LOG = LogPosition(0, 0)  # the document was never opened

logger = logging.getLogger(__name__)
_changes: list[Change] = []
_decisions: list[DecisionCallback] = []


def register_change(callback: Change) -> None:
    """Call `callback(text, before, after, authors)` in the projection's transaction when the words
    or the marked text changed. `authors` wrote since the last projection, the last one last; empty
    if the server wrote without an author. Call from `AppConfig.ready()`."""
    _changes.append(callback)


def register_decision(callback: DecisionCallback) -> None:
    """Call `callback(text, decided, authors)` in the projection's transaction, after the changes,
    when suggestions were accepted or rejected. Call from `AppConfig.ready()`."""
    _decisions.append(callback)


def update_text_rows(documents: Iterable[UUID]) -> None:
    """Update the rows of these texts. An unreadable one does not stop the others."""
    for document in documents:
        try:
            update_text_row(document)
        except DraftText.DoesNotExist:
            logger.info("a live document has no text: %s", document)
        except (OperationalError, InterfaceError):
            raise  # database unavailable: the caller retries
        except Exception:  # one broken text must not stop the others; it is logged
            logger.exception("a text cannot be read: %s", document)


def update_draft_texts(draft: Draft) -> bool:
    """Update the rows of a draft's texts before a decision on their words.
    Return whether one was outdated; one query if none was."""
    unread = list(_unread(DraftText.objects.filter(draft=draft)))
    update_text_rows(unread)
    return bool(unread)


def read_live_texts(draft: Draft) -> list[DraftText]:
    """Update the rows of a draft's texts and return them with draft, workspace and source: one
    query if they are current. Raises whatever `project` raises for an unreadable text."""
    texts = _with_log(_with_draft(DraftText.objects.filter(draft=draft)))
    return [
        text if _log_of(text) in (NO_LOG, _position_of(text)) else update_text_row(text.uuid)
        for text in texts.order_by("pk")
    ]


def update_stale_texts() -> None:
    """Update rows that are behind their documents, after a process died in between."""
    update_text_rows(list(_unread(DraftText.objects.all())))


def _unread(texts: QuerySet[DraftText]) -> QuerySet[DraftText, UUID]:
    """Return UUIDs of texts whose document was opened and differs from the position in its row."""
    behind = _with_log(texts).exclude(log_rows=None).exclude(log_rows=F("read_rows"), log_last=F("read_to"))
    return behind.order_by("pk").values_list("uuid", flat=True)


def _with_log(texts: QuerySet[DraftText]) -> "QuerySet[WithAnnotations[DraftText, LogColumns]]":
    """Annotate the length of the documents' logs. Rows are counted, since the last id alone is not
    enough: another row may have been committed after it."""
    rows = LiveUpdate.objects.filter(document=OuterRef("uuid")).order_by().values("document")
    counted, last = rows.annotate(found=Count("pk")), rows.annotate(found=Max("pk"))
    return texts.annotate(log_rows=Subquery(counted.values("found")), log_last=Subquery(last.values("found")))


def update_text_row(document: UUID) -> DraftText:
    """Update the text's row from its live document now; return it with its draft and workspace.

    Raises DraftText.DoesNotExist. Reading and counting precede the transaction, which is short;
    after a concurrent write the document is read again.
    """
    for _ in range(TRIES):
        text, position = _text(document)
        reading = _read(text, position)
        if reading is None:
            return text
        with transaction.atomic():
            locked = _locked(text)
            if _position_of(locked) == reading.position:
                return locked  # a concurrent call has read it
            same_kind = locked.draft.kind == text.draft.kind  # gaps and the hash depend on the kind
            if same_kind and log.get_log_position(document) == reading.position:
                return _store(locked, reading)
    with transaction.atomic():  # continuous writing: read once under the lock
        locked = _locked(_text(document)[0])
        reading = _read(locked, log.get_log_position(document))
        return _store(locked, reading) if reading is not None else locked


@dataclass(frozen=True)
class _Reading:
    """A live document as read: its position in the log, the whole, and the derived values."""

    position: LogPosition
    marked: Json
    words: TextContent
    open_suggestions: int
    content_hash: str
    decided: list[DecidedSuggestion]


def _with_draft(texts: QuerySet[DraftText]) -> QuerySet[DraftText]:
    return texts.select_related("draft__workspace", "based_on")


def _text(document: UUID) -> tuple[DraftText, LogPosition]:
    """Return the text and the position of its document's log, in one query."""
    found = _with_log(_with_draft(DraftText.objects.all())).get(uuid=document)
    return found, _log_of(found)


def _log_of(text: "WithAnnotations[DraftText, LogColumns]") -> LogPosition:
    return LogPosition(text.log_rows or 0, text.log_last or 0)


def _locked(text: DraftText) -> DraftText:
    draft = Draft.objects.select_for_update().get(pk=text.draft_id)
    draft.workspace = text.draft.workspace
    locked = DraftText.objects.select_for_update().get(pk=text.pk)
    locked.draft, locked.based_on = draft, text.based_on
    return locked


def _read(text: DraftText, position: LogPosition) -> _Reading | None:
    """Read the document whose log ends at `position`; None if the row is current or the document
    was never opened."""
    if not position.rows or position == _position_of(text):
        return None
    marked = doc_to_json(log.stored_document(text.uuid))
    words = split_text(reject_all(without_comments(marked)))
    return _Reading(
        position=position,
        marked=marked,
        words=words,
        open_suggestions=len(open_suggestions_in(marked)),
        content_hash=hash_for_approval(draft=text.draft, language=text.language, words=words),
        decided=decided_suggestions(text.marked, marked) if text.open_suggestions else [],
    )


def _position_of(text: DraftText) -> LogPosition:
    """Return the log position from which the row was read."""
    return LogPosition(text.read_rows, text.read_to)


def _store(text: DraftText, reading: _Reading) -> DraftText:
    before = text_content(text)
    changed = normalise_marked(join_text(before)) != join_text(reading.words)
    marked_changed = text.marked != reading.marked and (bool(text.marked) or reading.open_suggestions > 0)
    suggested = reading.open_suggestions > text.open_suggestions
    written = writings_since(text)
    text.marked, text.open_suggestions = reading.marked, reading.open_suggestions
    text.content_hash = reading.content_hash
    text.read_rows, text.read_to = reading.position.rows, reading.position.last
    if changed:
        _change(text, reading.words, written)
    text.save()
    if changed or marked_changed:
        record_writing(text, written, changed=changed, suggested=suggested)
        notify_of_decisions(text, reading.decided, written)
        for callback in _changes:
            callback(text, before, reading.words, tuple(one.author for one in written))
        for decision in _decisions if reading.decided else ():
            decision(text, reading.decided, tuple(one.author for one in written))
    if changed:
        topics.push_if_states_changed(text, revision_before=text.revision - 1)
    return text


def _change(text: DraftText, words: TextContent, written: Sequence[Writing]) -> None:
    """Apply changed words to the row."""
    if text.revision == 0 and text.based_on is not None:
        text.based_on_revision = text.based_on.revision  # a translation starts from the present source
    text.title, text.lead, text.body = words["title"], words["lead"], words["body"]
    text.revision += 1
    text.changed_at = written[-1].at if written else now()
    if written:
        text.changed_by, text.changed_for = written[-1].author
    text.draft.changed_at = text.changed_at
    text.draft.save(update_fields=["changed_at"])
