"""Projection of a live document to its text's row, with authors and approved blocks.

The document is the source of truth. The row is updated within two seconds after every saved batch,
and at once by `update_text_row`. Changes left unread by a crash are read when the server starts
(`update_stale_texts`).
"""

import datetime
import json
import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypedDict
from uuid import UUID

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Count, F, Max, OuterRef, QuerySet, Subquery

from coalition.accounts.models import Organisation, User
from coalition.core.clock import now
from coalition.realtime.models import LiveUpdate
from coalition.realtime.store import LogPosition, get_log_position, rows_since, stored_document
from coalition.workspaces.models import Seat
from documents.canonical.form import Json
from documents.drafts import audit
from documents.drafts.actions.texts import TextContent, hash_for_approval, text_content
from documents.drafts.audit import notify_about_text, push_draft
from documents.drafts.live import suggestions
from documents.drafts.live.resolve import ANCHOR, walk, without_comments
from documents.drafts.models import Draft, DraftText
from documents.drafts.queries import writing_activities
from documents.hooks import HOOKS

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

# Keeps the workspace's activity short: one line while a person keeps writing.
WRITING_SESSION_GAP = datetime.timedelta(minutes=20)


class Author(NamedTuple):
    """A person, and the organisation on whose behalf they wrote."""

    person: User
    organisation: Organisation


@dataclass(frozen=True)
class Writing:
    """Writing of one person on behalf of one organisation: last time, and whether it continues
    earlier writing."""

    author: Author
    at: datetime.datetime
    continues: bool


def writings_since(text: DraftText) -> list[Writing]:
    """Return the authors since the position the row was read from, the last one last.
    The server itself does not count."""
    new = rows_since(text.uuid, LogPosition(text.read_rows, text.read_to))
    rows = new.filter(author__isnull=False).values_list("author", "organisation", "at")
    moments: dict[tuple[UUID, UUID | None], list[datetime.datetime]] = {}
    for person, organisation, at in rows:
        if person is not None:
            moments.setdefault((person, organisation), []).append(at)
    if not moments:
        return []
    people = {user.uuid: user for user in User.objects.filter(uuid__in={person for person, _ in moments})}
    organisations = {
        one.uuid: one for one in Organisation.objects.filter(uuid__in={of for _, of in moments if of})
    }
    read = LiveUpdate.objects.filter(document=text.uuid).exclude(pk__in=new.values("pk"))
    before = read.filter(author__isnull=False, at__gte=min(map(min, moments.values())) - WRITING_SESSION_GAP)
    recent = set(before.values_list("author", "organisation"))
    return [
        Writing(Author(people[key[0]], organisations[key[1]]), max(at), key in recent)
        for key, at in sorted(moments.items(), key=lambda entry: max(entry[1]))
        if key[0] in people and key[1] in organisations
    ]


def record_writing(text: DraftText, writings: Sequence[Writing], *, changed: bool, suggested: bool) -> None:
    """Write audit and activity in the projection's transaction: one entry while a person keeps writing."""
    begun = [one for one in writings if not one.continues]
    if not begun or not (changed or suggested):
        return
    writers = [one.author.person for one in begun]
    seats = Seat.objects.filter(workspace=text.draft.workspace, person__in=writers).order_by("pk")
    roles = {(seat.person_id, seat.organisation_id): seat.role for seat in seats}
    for one in begun:
        role = roles.get((one.author.person.pk, one.author.organisation.pk), "")
        by = audit.Actor(one.author.person, one.author.organisation, role, text.draft.workspace)
        if changed:
            state = {"revision": text.revision, "hash": text.content_hash}
            audit.record_document_audit(text.draft, by, "text.saved", language=text.language, **state)
        kind = "text_saved" if changed else "text_suggested"
        audit.record_document_activity(text.draft, by, kind, language=text.language)
    if changed:  # who is writing there now sees it
        earlier = writing_activities(text.draft).filter(detail__language=text.language).values("actor")
        people = User.objects.filter(pk__in=earlier).exclude(
            pk__in={one.author.person.pk for one in writings}
        )
        for one in begun:
            notify_about_text(text, "text_changed", people, *one.author)


class LogColumns(TypedDict):
    """Log of a text's document: number of rows, and the last one; None if it was never opened."""

    log_rows: int | None
    log_last: int | None


TRIES = 3

logger = logging.getLogger(__name__)


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
    query if they are current. Raises whatever `update_text_row` raises for an unreadable text."""
    texts = _with_log(draft.texts.select_related("draft__workspace", "based_on")).order_by("pk")
    return [
        text
        if text.log_rows is None or (text.log_rows, text.log_last) == (text.read_rows, text.read_to)
        else update_text_row(text.uuid)
        for text in texts
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
            locked = _lock(text)
            if _position_of(locked) == reading.position:
                return locked  # a concurrent call has read it
            same_kind = locked.draft.kind == text.draft.kind  # gaps and the hash depend on the kind
            if same_kind and get_log_position(document) == reading.position:
                return _store(locked, reading)
    with transaction.atomic():  # continuous writing: read once under the lock
        locked = _lock(_text(document)[0])
        reading = _read(locked, get_log_position(document))
        return _store(locked, reading) if reading is not None else locked


@dataclass(frozen=True)
class _Reading:
    """A live document as read: its position in the log, the whole, and the derived values."""

    position: LogPosition
    marked: Json
    words: TextContent
    open_suggestions: int
    content_hash: str
    decided: list[suggestions.DecidedSuggestion]


def _text(document: UUID) -> tuple[DraftText, LogPosition]:
    """Return the text and the position of its document's log, in one query."""
    found = _with_log(DraftText.objects.select_related("draft__workspace", "based_on")).get(uuid=document)
    return found, LogPosition(found.log_rows or 0, found.log_last or 0)


def _lock(text: DraftText) -> DraftText:
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
    marked = suggestions.doc_to_json(stored_document(text.uuid))
    words = suggestions.split_text(suggestions.reject_all(without_comments(marked)))
    return _Reading(
        position=position,
        marked=marked,
        words=words,
        open_suggestions=len(suggestions.open_suggestions_in(marked)),
        content_hash=hash_for_approval(draft=text.draft, language=text.language, words=words),
        decided=suggestions.decided_suggestions(text.marked, marked) if text.open_suggestions else [],
    )


def _position_of(text: DraftText) -> LogPosition:
    """Return the log position from which the row was read."""
    return LogPosition(text.read_rows, text.read_to)


def _store(text: DraftText, reading: _Reading) -> DraftText:
    before = text_content(text)
    changed = suggestions.normalise_marked(suggestions.join_text(before)) != suggestions.join_text(
        reading.words
    )
    marked_changed = text.marked != reading.marked and (bool(text.marked) or reading.open_suggestions > 0)
    suggested = reading.open_suggestions > text.open_suggestions
    writings = writings_since(text)
    text.marked, text.open_suggestions = reading.marked, reading.open_suggestions
    text.content_hash = reading.content_hash
    text.read_rows, text.read_to = reading.position.rows, reading.position.last
    if changed:
        _change(text, reading.words, writings)
    text.save()
    if changed or marked_changed:
        record_writing(text, writings, changed=changed, suggested=suggested)
        authors = [one.author for one in writings]
        for decided in reading.decided:  # the last of the other authors counts as having decided
            others = [author for author in authors if author.person.uuid != decided.suggestion.person]
            kind = "suggestion_accepted" if decided.accepted else "suggestion_rejected"
            if others and decided.suggestion.person is not None:
                author = User.objects.filter(uuid=decided.suggestion.person)
                notify_about_text(text, kind, author, *others[-1])
        for follow in HOOKS.text_changed:
            follow(text, before, reading.words, authors)
        for follow_decisions in HOOKS.suggestions_decided if reading.decided else ():
            follow_decisions(text, reading.decided, authors)
    # the text got its first words, or its translations became outdated
    before_revision = text.revision - 1
    if changed and (
        before_revision == 0
        or text.translations.filter(based_on_revision=before_revision, revision__gt=0).exists()
    ):
        push_draft(text.draft)
    return text


def _change(text: DraftText, words: TextContent, writings: Sequence[Writing]) -> None:
    """Apply changed words to the row."""
    if text.revision == 0 and text.based_on is not None:
        text.based_on_revision = text.based_on.revision  # a translation starts from the present source
    text.title, text.lead, text.body = words["title"], words["lead"], words["body"]
    text.revision += 1
    text.changed_at = writings[-1].at if writings else now()
    if writings:
        text.changed_by, text.changed_for = writings[-1].author
    text.draft.changed_at = text.changed_at
    text.draft.save(update_fields=["changed_at"])


APPROVED_BLOCK: Final = "approvedBlock"
_DEFAULTS: Final = {"colspan": 1, "rowspan": 1, "start": 1}  # written by browsers, not by the server


def approved_block_key(block: Json) -> str:
    """Return a key that is equal for the same version with the same words. A mark on the block
    itself and comments in it do not count as words; a suggestion inside it changes the key."""
    bare = without_comments(block)
    return json.dumps([_attrs(bare), _content(bare)], sort_keys=True, ensure_ascii=False)


def approved_blocks(node: Json) -> Iterator[Json]:
    """Yield every approved block in a node, at any depth."""
    return (one for one in walk(node) if one["type"] == APPROVED_BLOCK)


def _attrs(node: Json) -> Json:
    attrs = node.get("attrs") or {}
    return {name: value for name, value in attrs.items() if value not in (None, _DEFAULTS.get(name))}


def _content(node: Json) -> list[Any]:
    found: list[Any] = []
    for child in node.get("content") or ():
        words = child.get("text", "").replace(ANCHOR, "")
        if child["type"] != "text":
            found.append([child["type"], _attrs(child), child.get("marks") or [], _content(child)])
        elif words:
            found.append([words, child.get("marks") or []])
    return found
