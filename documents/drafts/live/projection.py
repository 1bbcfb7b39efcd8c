"""The rows of texts follow their live documents: words as they stand, open suggestions, hash, who wrote.

The document is the truth and the row is read from it: after every saved batch within two seconds, and at
once for whoever calls `project`. What a crash left unread is read when the server starts (`catch_up`).
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
from documents.drafts import topics as drafts_topics
from documents.drafts.actions.texts import Words, hash_of, words_of
from documents.drafts.live.authors import Author, Writing, tell_of, tell_of_decisions, writings_since
from documents.drafts.live.resolve import without_comments
from documents.drafts.live.shape import Json, doc_to_json, join, normal, split
from documents.drafts.live.suggestions import Decided, decided, listed, rejected
from documents.drafts.models import Draft, DraftText

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations


class Log(TypedDict):
    """Of a text: rows in the log of its document, and the last of them; None where nobody opened it."""

    log_rows: int | None
    log_last: int | None


type Change = Callable[[DraftText, Words, Words, tuple[Author, ...]], None]
type Decision = Callable[[DraftText, Sequence[Decided], tuple[Author, ...]], None]

TRIES = 3
NO_LOG = LogPosition(0, 0)  # nobody has opened the document

logger = logging.getLogger(__name__)
_changes: list[Change] = []
_decisions: list[Decision] = []


def register_change(callback: Change) -> None:
    """`callback(text, before, after, authors)` is called in the projection's transaction, when the words as
    they stand or the marked text changed. `authors` wrote since the last projection, the last one last;
    none where the server wrote in nobody's name. From `AppConfig.ready()`."""
    _changes.append(callback)


def register_decision(callback: Decision) -> None:
    """`callback(text, decided, authors)` is called in the projection's transaction, after the changes, when
    suggestions were accepted or rejected. From `AppConfig.ready()`."""
    _decisions.append(callback)


def follow(documents: Iterable[UUID]) -> None:
    """Make the rows of these texts follow. One that cannot be read does not hold up the others."""
    for document in documents:
        try:
            project(document)
        except DraftText.DoesNotExist:
            logger.info("a live document has no text: %s", document)
        except (OperationalError, InterfaceError):
            raise  # the database is away: whoever asked tries again
        except Exception:  # whatever is in one text, the others are followed; the log tells which it was
            logger.exception("a text cannot be read: %s", document)


def follow_draft(draft: Draft) -> bool:
    """Make the rows of a draft's texts follow, before something is decided on their words. Return whether one
    did not yet; where all did, that is one query."""
    unread = list(_unread(DraftText.objects.filter(draft=draft)))
    follow(unread)
    return bool(unread)


def texts_as_live(draft: Draft) -> list[DraftText]:
    """Make the rows of a draft's texts follow, and return them with draft, workspace and source: one query
    where they do already. Raises whatever `project` does for a text that cannot be read."""
    texts = _with_log(_with_draft(DraftText.objects.filter(draft=draft)))
    return [
        text if _log_of(text) in (NO_LOG, _position_of(text)) else project(text.uuid)
        for text in texts.order_by("pk")
    ]


def catch_up() -> None:
    """Make the rows follow whose documents hold more than was read: a process died in between."""
    follow(list(_unread(DraftText.objects.all())))


def _unread(texts: QuerySet[DraftText]) -> QuerySet[DraftText, UUID]:
    """UUIDs of those whose document was opened and does not go as far as its row says."""
    behind = _with_log(texts).exclude(log_rows=None).exclude(log_rows=F("read_rows"), log_last=F("read_to"))
    return behind.order_by("pk").values_list("uuid", flat=True)


def _with_log(texts: QuerySet[DraftText]) -> "QuerySet[WithAnnotations[DraftText, Log]]":
    """With how far the logs of their documents go. Counted, since the last row alone does not tell: another
    may have been committed after it."""
    rows = LiveUpdate.objects.filter(document=OuterRef("uuid")).order_by().values("document")
    counted, last = rows.annotate(found=Count("pk")), rows.annotate(found=Max("pk"))
    return texts.annotate(log_rows=Subquery(counted.values("found")), log_last=Subquery(last.values("found")))


def project(document: UUID) -> DraftText:
    """Make the text's row follow its live document now, and return it with its draft and workspace.

    Raises DraftText.DoesNotExist. Reading and counting go before the transaction, which is short; if
    somebody wrote meanwhile, it is read again.
    """
    for _ in range(TRIES):
        text, position = _text(document)
        reading = _read(text, position)
        if reading is None:
            return text
        with transaction.atomic():
            locked = _locked(text)
            if _position_of(locked) == reading.position:
                return locked  # somebody else read it in the same moment
            same_kind = locked.draft.kind == text.draft.kind  # which decides about gaps, and the hash
            if same_kind and log.get_log_position(document) == reading.position:
                return _store(locked, reading)
    with transaction.atomic():  # somebody writes without a pause: read once under the lock
        locked = _locked(_text(document)[0])
        reading = _read(locked, log.get_log_position(document))
        return _store(locked, reading) if reading is not None else locked


@dataclass(frozen=True)
class _Reading:
    """A live document, read: its place in the log, the whole, and what follows from it."""

    position: LogPosition
    marked: Json
    words: Words
    open_suggestions: int
    content_hash: str
    decided: list[Decided]


def _with_draft(texts: QuerySet[DraftText]) -> QuerySet[DraftText]:
    return texts.select_related("draft__workspace", "based_on")


def _text(document: UUID) -> tuple[DraftText, LogPosition]:
    """The text, and how far the log of its document goes, in one query."""
    found = _with_log(_with_draft(DraftText.objects.all())).get(uuid=document)
    return found, _log_of(found)


def _log_of(text: "WithAnnotations[DraftText, Log]") -> LogPosition:
    return LogPosition(text.log_rows or 0, text.log_last or 0)


def _locked(text: DraftText) -> DraftText:
    draft = Draft.objects.select_for_update().get(pk=text.draft_id)
    draft.workspace = text.draft.workspace
    locked = DraftText.objects.select_for_update().get(pk=text.pk)
    locked.draft, locked.based_on = draft, text.based_on
    return locked


def _read(text: DraftText, position: LogPosition) -> _Reading | None:
    """What the document says now, whose log goes as far as `position`; None if the row says it already, or
    nobody has opened it yet."""
    if not position.rows or position == _position_of(text):
        return None
    marked = doc_to_json(log.stored_document(text.uuid))
    words = split(rejected(without_comments(marked)))
    return _Reading(
        position=position,
        marked=marked,
        words=words,
        open_suggestions=len(listed(marked)),
        content_hash=hash_of(draft=text.draft, language=text.language, words=words),
        decided=decided(text.marked, marked) if text.open_suggestions else [],
    )


def _position_of(text: DraftText) -> LogPosition:
    """How far the log went when the row was read from it."""
    return LogPosition(text.read_rows, text.read_to)


def _store(text: DraftText, reading: _Reading) -> DraftText:
    before = words_of(text)
    changed = normal(join(before)) != join(reading.words)
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
        tell_of(text, written, changed=changed, suggested=suggested)
        tell_of_decisions(text, reading.decided, written)
        for callback in _changes:
            callback(text, before, reading.words, tuple(one.author for one in written))
        for decision in _decisions if reading.decided else ():
            decision(text, reading.decided, tuple(one.author for one in written))
    if changed:
        drafts_topics.tell(text, revision_before=text.revision - 1)
    return text


def _change(text: DraftText, words: Words, written: Sequence[Writing]) -> None:
    """The words as they stand are others now."""
    if text.revision == 0 and text.based_on is not None:
        text.based_on_revision = text.based_on.revision  # a translation begins from what stands there now
    text.title, text.lead, text.body = words["title"], words["lead"], words["body"]
    text.revision += 1
    text.changed_at = written[-1].at if written else now()
    if written:
        text.changed_by, text.changed_for = written[-1].author
    text.draft.changed_at = text.changed_at
    text.draft.save(update_fields=["changed_at"])
