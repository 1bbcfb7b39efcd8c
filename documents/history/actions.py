"""When a text is published, its writing history names organisations only: people are nobody's evidence.

What was written still holds the suggestions that were decided, and they name who made them. A document that
is put together anew no longer holds what was taken out of it, so its log is gathered soon after.
"""

import datetime
import hashlib
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from coalition.accounts.models import Organisation, User
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.jobs import scheduler
from coalition.realtime import log
from coalition.realtime.models import LiveUpdate
from coalition.workspaces.actions import activity
from coalition.workspaces.actions import notifications as actions_notifications
from coalition.workspaces.permissions import Access
from documents.canonical.editor import to_editor
from documents.drafts.actions.texts import Words, words_of
from documents.drafts.actions.write import save_text
from documents.drafts.enums import PointKind
from documents.drafts.live.authors import Author
from documents.drafts.live.projection import project, register_change, register_decision
from documents.drafts.live.server_edits import lost_by, marked_of
from documents.drafts.live.suggestions import Decided, Suggestion
from documents.drafts.models import Draft, DraftText, Version
from documents.drafts.permissions import may_edit_text, require_that
from documents.drafts.queries import WRITING
from documents.drafts.rendering import document_of
from documents.history.blame import work_out
from documents.history.models import HistoryDecision, HistoryPart, HistoryPoint, packed, unpacked, words_in
from documents.history.origins import without_people, without_person
from documents.hooks import HOOKS

GATHER: Final = "documents.gather_writing"
SOON: Final = log.LATE * 2  # a log gathers no row that other processes may still have to fetch


def forget_writers(draft: Draft) -> None:
    """Merge the writing history of the draft's texts to organisations, in the transaction of publishing."""
    scheduler.schedule(kind=GATHER, key=str(draft.uuid), due_at=now() + SOON)
    for follow in HOOKS.writers_forgotten:
        follow(draft)
    texts = DraftText.objects.filter(draft=draft)
    documents = texts.order_by().values("uuid")
    LiveUpdate.objects.filter(document__in=documents, author__isnull=False).update(author=None)
    texts.update(changed_by=None)
    activity.anonymise_activity_actors(subject=draft.uuid, kinds=WRITING)
    actions_notifications.anonymise_notification_actors(subjects=documents)
    _merge_parts(draft)
    decided = HistoryDecision.objects.filter(point__text__in=texts)
    known = HistoryPoint.objects.filter(text__in=texts).exclude(origins=b"")
    # Most texts had no suggestion and were not looked at: one question instead of two statements.
    if any(Draft.objects.filter(pk=draft.pk).values_list(Exists(decided), Exists(known)).get()):
        decided.update(person=None, by_person=None)
        for point in known.only("pk", "origins"):
            point.origins = packed(without_people(unpacked(point.origins)))
            point.save(update_fields=["origins"])


def gather_writing(key: str, _payload: dict[str, Any]) -> None:
    """Due work: gather what was written in a draft's texts, without what is not in them any more."""
    for document in DraftText.objects.filter(draft__uuid=key).values_list("uuid", flat=True):
        log.compact_log(document)


def forget_writer(*, person: int, uuid: UUID) -> int:
    """What this person wrote in any text is of the organisation only; returns in how many texts.

    For an account that goes: call it before it is deleted. Suggestions that are still open carry a number
    of the person in the text itself, which then leads to nobody.
    """
    documents = set(LiveUpdate.objects.filter(author=uuid).values_list("document", flat=True))
    LiveUpdate.objects.filter(author=uuid).update(author=None)
    texts = DraftText.objects.filter(uuid__in=documents) | DraftText.objects.filter(
        points__parts__person=person
    )
    texts = texts.distinct()
    for point in HistoryPoint.objects.filter(text__in=texts).exclude(origins=b"").only("pk", "origins"):
        point.origins = packed(without_person(unpacked(point.origins), person))
        point.save(update_fields=["origins"])
    return texts.count()


def _merge_parts(draft: Draft) -> None:
    parts = HistoryPart.objects.filter(point__text__draft=draft)
    rows = list(
        parts.filter(point__in=parts.filter(person__isnull=False).values("point")).order_by(
            "point", "organisation"
        )
    )
    merged = [
        HistoryPart(point_id=point, organisation_id=organisation, amount=sum(part.amount for part in some))
        for (point, organisation), some in groupby(
            rows, key=lambda part: (part.point_id, part.organisation_id)
        )
    ]
    HistoryPart.objects.filter(pk__in=[part.pk for part in rows]).delete()
    HistoryPart.objects.bulk_create(merged)


# --- record ---
# Points of a text's history: kept by themselves as people write, and before a text is changed at once.
#
# A spell of writing is a point. It ends when nobody has written for ten minutes, when another organisation
# begins while the others pause, and after an hour; it ends before a version is gone back to or a file taken
# in.


PAUSE = datetime.timedelta(minutes=10)
TURN = datetime.timedelta(seconds=20)  # of silence, after which another organisation's writing is its own
LONGEST = datetime.timedelta(hours=1)


def register() -> None:
    """Follow every text. From `AppConfig.ready()`."""
    register_change(note_change)
    register_decision(note_decisions)


def note_change(text: DraftText, before: Words, after: Words, authors: Sequence[Author]) -> None:
    """The words of the text have changed, in the transaction that says so."""
    if before == after:
        return  # only what is suggested or commented
    moment = now()
    point = _open(text)
    if point is None and not text.points.exists():
        _keep_beginning(text, before, moment)
    if point is not None and _ends(point, authors, moment):
        close(point, before, moment)
        point = None
    if point is None:
        point = HistoryPoint.objects.create(text=text, began_at=moment, at=moment)
    point.at, point.revision, point.read_to = moment, text.revision, text.read_to
    point.save(update_fields=["at", "revision", "read_to"])
    known = set(point.parts.values_list("person", "organisation"))
    fresh = {(one.person.pk, one.organisation.pk): one for one in authors}
    HistoryPart.objects.bulk_create(
        HistoryPart(point=point, person=one.person, organisation=one.organisation)
        for key, one in fresh.items()
        if key not in known
    )


def note_decisions(text: DraftText, decided: Sequence[Decided], authors: Sequence[Author]) -> None:
    """Suggestions were accepted or rejected; who decided is the last who wrote, as far as it can be told."""
    point = _open(text) or _begin(text, PointKind.AUTOMATIC)
    ids = {one.suggestion.person for one in decided if one.suggestion.person}
    people = {user.uuid: user for user in User.objects.filter(uuid__in=ids)}
    ids = {one.suggestion.organisation for one in decided if one.suggestion.organisation}
    organisations = {one.uuid: one for one in Organisation.objects.filter(uuid__in=ids)}
    rows = []
    for one in decided:
        said = one.suggestion
        others = [author for author in authors if author.person.uuid != said.person]
        by = next(reversed(others or list(authors)), None)
        rows.append(
            HistoryDecision(
                point=point,
                at=now(),
                accepted=one.accepted,
                before=said.before,
                after=said.after,
                person=people.get(said.person) if said.person else None,
                organisation=organisations.get(said.organisation) if said.organisation else None,
                by_person=by.person if by else None,
                by_organisation=by.organisation if by else None,
            )
        )
    HistoryDecision.objects.bulk_create(rows)


def begin(
    text: DraftText,
    kind: PointKind,
    *,
    from_version: int | None = None,
    from_point: datetime.datetime | None = None,
) -> HistoryPoint:
    """Keep what stands there now, before the text is changed at once; what comes is a point of this kind.

    Inside the transaction of the change, with a text whose row follows its live document. `settle` it after
    the change.
    """
    point = _open(text)
    if point is not None:
        close(point, words_of(text), now())
    elif not text.points.exists():
        _keep_beginning(text, words_of(text), now())
    return _begin(text, kind, from_version=from_version, from_point=from_point)


def settle(point: HistoryPoint) -> None:
    """After the change that `begin` came before: if nothing changed, there is no point."""
    point.refresh_from_db()
    if not point.revision:
        point.delete()


def keep_moment(text: DraftText, kind: PointKind, by: Author | None = None) -> None:
    """Something happened to the text that changed none of its words as they stand: it was made public, a
    file's changes came in as suggestions. What is written after it is another spell."""
    point = _open(text)
    if point is not None:
        close(point, words_of(text), now())
    moment = now()
    made = HistoryPoint.objects.create(
        text=text,
        kind=kind,
        began_at=moment,
        at=moment,
        closed_at=moment,
        words=packed(words_of(text)),
        revision=text.revision,
        read_to=text.read_to,
    )
    if by is not None:
        HistoryPart.objects.create(point=made, person=by.person, organisation=by.organisation)
        _measure(made)


def close(point: HistoryPoint, words: Words, moment: datetime.datetime) -> None:
    """End the spell with these words; how much each of its people wrote is told by the log."""
    point.words, point.closed_at = packed(words), moment
    point.save(update_fields=["words", "closed_at"])
    _measure(point)


def _measure(point: HistoryPoint) -> None:
    """Write how much each of its people wrote since the point before."""
    before = HistoryPoint.objects.filter(text=point.text_id, pk__lt=point.pk).order_by("-pk")
    own = LiveUpdate.objects.filter(
        document=point.text.uuid,
        pk__gt=Coalesce(Subquery(before.values("read_to")[:1]), 0),
        pk__lte=point.read_to,
        author=OuterRef("person__uuid"),
        organisation=OuterRef("organisation__uuid"),
    )
    size = own.order_by().values("document").annotate(size=Sum("size")).values("size")
    parts = list(point.parts.filter(person__isnull=False).annotate(size=Coalesce(Subquery(size), 0)))
    for part in parts:
        part.amount = part.size
    HistoryPart.objects.bulk_update(parts, ["amount"])


def _open(text: DraftText) -> HistoryPoint | None:
    point = HistoryPoint.objects.filter(text=text, closed_at=None).first()
    if point is not None:
        point.text = text
    return point


def _begin(
    text: DraftText,
    kind: PointKind,
    *,
    from_version: int | None = None,
    from_point: datetime.datetime | None = None,
) -> HistoryPoint:
    moment = now()
    return HistoryPoint.objects.create(
        text=text, kind=kind, began_at=moment, at=moment, from_version=from_version, from_point=from_point
    )


def _keep_beginning(text: DraftText, words: Words, moment: datetime.datetime) -> None:
    """What a text began with: a template, the words of the time before its live document."""
    if words["title"] or words["lead"] or len(words["body"].get("content", [])) > 1:
        at = min(text.draft.created_at, moment)
        HistoryPoint.objects.create(text=text, began_at=at, at=at, closed_at=moment, words=packed(words))


def _ends(point: HistoryPoint, authors: Iterable[Author], moment: datetime.datetime) -> bool:
    if point.kind != PointKind.AUTOMATIC:
        return point.revision > 0
    silence = moment - point.at
    if silence > PAUSE or moment - point.began_at > LONGEST:
        return True
    known = set(point.parts.values_list("organisation", flat=True))
    others = {one.organisation.pk for one in authors} - known
    return bool(known and others) and silence > TURN


def suggestions_lost(source: Version | HistoryPoint) -> list[Suggestion]:
    """The open suggestions that going back to this state would take away, in text order."""
    return lost_by(marked_of(source.text), _words_of(source))


def digest_of(lost: Iterable[Suggestion]) -> str:
    """By which it is known again which suggestions somebody was told of; empty if there were none."""
    ids = sorted(one.id for one in lost)
    return hashlib.sha256("\n".join(ids).encode()).hexdigest()[:16] if ids else ""


def restore(*, access: Access, version: Version, seen: str = "") -> DraftText:
    """Write the version's words into its text again; whoever has it open sees them change. What stood there
    stays in the history.

    `seen`: the `digest_of` the suggestions of which the person was told that they go. Raises Refused if
    others would go, and what `save_text` raises.
    """
    return _write(access, version, seen, from_version=version.number)


def restore_point(*, access: Access, point: HistoryPoint, seen: str = "") -> DraftText:
    """Write the words of a closed point of the history into its text again, in the same way."""
    return _write(access, point, seen, from_point=point.at)


def _words_of(source: Version | HistoryPoint) -> Words:
    if isinstance(source, HistoryPoint):
        return words_in(source.words)
    document = document_of(source)
    return {"title": document["title"], "lead": document["lead"], "body": to_editor(document)}


def _write(access: Access, state: Version | HistoryPoint, seen: str, **source: Any) -> DraftText:
    text, words = state.text, _words_of(state)
    with transaction.atomic():
        draft = Draft.objects.select_for_update().get(pk=text.draft_id)
        require_that(may_edit_text(access, draft))
        point = begin(project(text.uuid), PointKind.RESTORED, **source)
        if digest_of(suggestions_lost(state)) not in {"", seen}:
            raise Refused(_("Other suggestions would be gone than the page said. Look once more."))
        written = save_text(access=access, text=text, **words)
        settle(point)
    return written


# --- thin out ---
# Old automatic points grow few: all of two days, then one an hour, after a month one a day.


ALL_OF = datetime.timedelta(days=2)
HOURLY_OF = datetime.timedelta(days=30)


def tend_histories() -> None:
    """Recurring: work out what waits, and thin what is old. One text after the other, each by itself."""
    waiting = HistoryPoint.objects.filter(closed_at__isnull=False, origins=b"").values("text")
    for text in DraftText.objects.filter(pk__in=waiting).select_related("draft"):
        work_out(text)
    crowded = HistoryPoint.objects.filter(at__lt=now() - ALL_OF, kind=PointKind.AUTOMATIC)
    many = crowded.order_by().values("text").annotate(count=Count("pk")).filter(count__gt=1).values("text")
    for text in DraftText.objects.filter(pk__in=many).select_related("draft"):
        thin(text)


def thin(text: DraftText) -> None:
    """Let each old point that is not the last of its hour (later: of its day) go up in the next one: what was
    written and decided in it is told there."""
    moment = now()
    with transaction.atomic():
        old = HistoryPoint.objects.select_for_update().filter(
            text=text, kind=PointKind.AUTOMATIC, closed_at__isnull=False, at__lt=moment - ALL_OF
        )
        rows = list(old.defer("words", "origins").order_by("at", "pk"))
        for _span, some in groupby(rows, key=lambda point: _span_of(point, moment)):
            *going, staying = list(some)
            if going:
                _merge(going, staying)


def _span_of(point: HistoryPoint, moment: datetime.datetime) -> datetime.datetime:
    hour = point.at.replace(minute=0, second=0, microsecond=0)
    return hour if point.at > moment - HOURLY_OF else hour.replace(hour=0)


def _merge(going: Sequence[HistoryPoint], staying: HistoryPoint) -> None:
    ids = [point.pk for point in going]
    HistoryDecision.objects.filter(point__in=ids).update(point=staying)
    amounts: dict[tuple[int | None, int], int] = {}
    parts = HistoryPart.objects.filter(point__in=[*ids, staying.pk])
    for person, organisation, amount in parts.values_list("person", "organisation", "amount"):
        amounts[person, organisation] = amounts.get((person, organisation), 0) + amount
    parts.delete()
    HistoryPart.objects.bulk_create(
        HistoryPart(point=staying, person_id=person, organisation_id=organisation, amount=amount)
        for (person, organisation), amount in amounts.items()
    )
    staying.began_at = min(point.began_at for point in going)
    staying.words_added += sum(point.words_added for point in going)
    staying.words_removed += sum(point.words_removed for point in going)
    staying.save(update_fields=["began_at", "words_added", "words_removed"])
    HistoryPoint.objects.filter(pk__in=ids).delete()
