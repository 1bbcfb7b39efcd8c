"""Recording, restoring and retention of a text's history.

On publication the writing history is reduced to organisations, so that it is no evidence against
people. The log still contains decided suggestions, which name their authors. A rebuilt document no
longer contains what was removed from it, so its log is compacted soon after.
"""

import datetime
import hashlib
from collections.abc import Collection, Iterable, Sequence
from itertools import groupby
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from coalition.accounts.models import Organisation, User
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.jobs import scheduler
from coalition.realtime.models import LiveUpdate
from coalition.realtime.store import LATE, compact_log
from coalition.workspaces.actions import activity
from coalition.workspaces.notifications import notify as actions_notifications
from coalition.workspaces.permissions import Access
from documents.canonical.nodes import to_editor
from documents.drafts.actions.manage import save_text
from documents.drafts.actions.texts import TextContent, text_content
from documents.drafts.live.backend import marked_of, replace_content
from documents.drafts.live.projection import Author, update_text_row
from documents.drafts.live.suggestions import DecidedSuggestion, Suggestion, open_suggestions_in
from documents.drafts.models import Draft, DraftText, PointKind, Version
from documents.drafts.permissions import may_edit_text, require_that
from documents.drafts.queries import WRITING_ACTIVITIES
from documents.history.blame import attribute_points, without_people, without_person
from documents.history.models import (
    HistoryDecision,
    HistoryPart,
    HistoryPoint,
    pack_json,
    unpack_content,
    unpack_json,
)
from documents.hooks import HOOKS

GATHER: Final = "documents.gather_writing"
GATHER_DELAY: Final = LATE * 2  # a log compacts no row that other processes may still have to fetch


def record_publication(draft: Draft, texts: Collection[DraftText]) -> None:
    """Record that these texts became public, and anonymise the draft's writers."""
    for text in texts:
        record_moment(text, PointKind.PUBLISHED)
    anonymise_writers(draft)


def anonymise_writers(draft: Draft) -> None:
    """Reduce the draft's writing history to organisations, in the publishing transaction."""
    scheduler.schedule(kind=GATHER, key=str(draft.uuid), due_at=now() + GATHER_DELAY)
    for follow in HOOKS.writers_forgotten:
        follow(draft)
    texts = DraftText.objects.filter(draft=draft)
    documents = texts.order_by().values("uuid")
    LiveUpdate.objects.filter(document__in=documents, author__isnull=False).update(author=None)
    texts.update(changed_by=None)
    activity.anonymise_activity_actors(subject=draft.uuid, kinds=WRITING_ACTIVITIES)
    actions_notifications.anonymise_notification_actors(subjects=documents)
    parts = HistoryPart.objects.filter(point__text__draft=draft)
    _merge_parts(
        parts.filter(point__in=parts.filter(person__isnull=False).values("point")), "organisation_id"
    )
    decided = HistoryDecision.objects.filter(point__text__in=texts)
    known = HistoryPoint.objects.filter(text__in=texts).exclude(origins=b"")
    # Most texts have no suggestion and no worked-out authors: one query instead of two statements.
    if any(Draft.objects.filter(pk=draft.pk).values_list(Exists(decided), Exists(known)).get()):
        decided.update(person=None, by_person=None)
        for point in known.only("pk", "origins"):
            point.origins = pack_json(without_people(unpack_json(point.origins)))
            point.save(update_fields=["origins"])


def _merge_parts(parts: QuerySet[HistoryPart], *fields: str) -> None:
    """Replace these parts by one for each point and combination of `fields`, with the sum of amounts."""
    merged = list(parts.order_by().values("point_id", *fields).annotate(total=Sum("amount")))
    if merged:
        parts.delete()
        HistoryPart.objects.bulk_create(HistoryPart(amount=row.pop("total"), **row) for row in merged)


def gather_writing(key: str, _payload: dict[str, Any]) -> None:
    """Compact, as a job, the logs of a draft's texts, dropping content removed from them."""
    for document in DraftText.objects.filter(draft__uuid=key).values_list("uuid", flat=True):
        compact_log(document)


def anonymise_writer(*, person: int, uuid: UUID) -> int:
    """Reassign what this person wrote in any text to the organisation only; return the number of texts.

    Call before deleting an account. Open suggestions still contain a number of the person in the text itself,
    which then refers to nobody.
    """
    documents = set(LiveUpdate.objects.filter(author=uuid).values_list("document", flat=True))
    LiveUpdate.objects.filter(author=uuid).update(author=None)
    texts = DraftText.objects.filter(uuid__in=documents) | DraftText.objects.filter(
        points__parts__person=person
    )
    texts = texts.distinct()
    for point in HistoryPoint.objects.filter(text__in=texts).exclude(origins=b"").only("pk", "origins"):
        point.origins = pack_json(without_person(unpack_json(point.origins), person))
        point.save(update_fields=["origins"])
    return texts.count()


# Points of a text's history: saved automatically during writing, and before a text is replaced
# at once.
#
# A spell of writing is a point. It ends after ten minutes without writing, when another
# organisation begins while the others pause, and after an hour; also before a version is
# restored or a file imported.

SPELL_PAUSE = datetime.timedelta(minutes=10)
# Of silence, after which another organisation's writing is its own.
AUTHOR_CHANGE_PAUSE = datetime.timedelta(seconds=20)
MAX_SPELL = datetime.timedelta(hours=1)


def record_change(
    text: DraftText, before: TextContent, after: TextContent, authors: Sequence[Author]
) -> None:
    """Record changed words of the text, in the transaction of the change."""
    if before == after:
        return  # only suggestions or comments changed
    moment = now()
    point = _open_point(text)
    if point is None and not text.points.exists():
        _store_first_point(text, before, moment)
    if point is not None and _point_ends(point, authors, moment):
        close_point(point, before, moment)
        point = None
    if point is None:
        point = HistoryPoint.objects.create(text=text, began_at=moment, at=moment)
    point.at, point.revision, point.read_to = moment, text.revision, text.read_to
    point.save(update_fields=["at", "revision", "read_to"])
    known = set(point.parts.values_list("person", "organisation"))
    current = {(one.person.pk, one.organisation.pk): one for one in authors}
    HistoryPart.objects.bulk_create(
        HistoryPart(point=point, person=one.person, organisation=one.organisation)
        for key, one in current.items()
        if key not in known
    )


def record_suggestion_decisions(
    text: DraftText, decided: Sequence[DecidedSuggestion], authors: Sequence[Author]
) -> None:
    """Record accepted and rejected suggestions; the last author counts as the decider, where it can
    be inferred."""
    point = _open_point(text) or _create_point(text, PointKind.AUTOMATIC)
    ids = {one.suggestion.person for one in decided if one.suggestion.person}
    people = {user.uuid: user for user in User.objects.filter(uuid__in=ids)}
    ids = {one.suggestion.organisation for one in decided if one.suggestion.organisation}
    organisations = {one.uuid: one for one in Organisation.objects.filter(uuid__in=ids)}
    rows = []
    for one in decided:
        suggestion = one.suggestion
        others = [author for author in authors if author.person.uuid != suggestion.person]
        by = next(reversed(others or list(authors)), None)
        rows.append(
            HistoryDecision(
                point=point,
                at=now(),
                accepted=one.accepted,
                before=suggestion.before,
                after=suggestion.after,
                person=people.get(suggestion.person) if suggestion.person else None,
                organisation=organisations.get(suggestion.organisation) if suggestion.organisation else None,
                by_person=by.person if by else None,
                by_organisation=by.organisation if by else None,
            )
        )
    HistoryDecision.objects.bulk_create(rows)


def record_moment(text: DraftText, kind: PointKind, by: Author | None = None) -> None:
    """Record an event that did not change the current words: publication, or import of a file's
    changes as suggestions. Later writing is another spell."""
    point = _open_point(text)
    if point is not None:
        close_point(point, text_content(text), now())
    moment = now()
    made = HistoryPoint.objects.create(
        text=text,
        kind=kind,
        began_at=moment,
        at=moment,
        closed_at=moment,
        words=pack_json(text_content(text)),
        revision=text.revision,
        read_to=text.read_to,
    )
    if by is not None:
        HistoryPart.objects.create(point=made, person=by.person, organisation=by.organisation)
        _measure_contributions(made)


def close_point(point: HistoryPoint, words: TextContent, moment: datetime.datetime) -> None:
    """End the spell with these words; the log gives how much each of its authors wrote."""
    point.words, point.closed_at = pack_json(words), moment
    point.save(update_fields=["words", "closed_at"])
    _measure_contributions(point)


def _measure_contributions(point: HistoryPoint) -> None:
    """Record how much each of its authors wrote since the previous point."""
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


def _open_point(text: DraftText) -> HistoryPoint | None:
    point = HistoryPoint.objects.filter(text=text, closed_at=None).first()
    if point is not None:
        point.text = text
    return point


def _create_point(text: DraftText, kind: PointKind) -> HistoryPoint:
    moment = now()
    return HistoryPoint.objects.create(text=text, kind=kind, began_at=moment, at=moment)


def _store_first_point(text: DraftText, words: TextContent, moment: datetime.datetime) -> None:
    """Save the initial words of a text: a template, or words from before its live document."""
    if words["title"] or words["lead"] or len(words["body"].get("content", [])) > 1:
        at = min(text.draft.created_at, moment)
        HistoryPoint.objects.create(text=text, began_at=at, at=at, closed_at=moment, words=pack_json(words))


def _point_ends(point: HistoryPoint, authors: Iterable[Author], moment: datetime.datetime) -> bool:
    if point.kind != PointKind.AUTOMATIC:
        return point.revision > 0
    silence = moment - point.at
    if silence > SPELL_PAUSE or moment - point.began_at > MAX_SPELL:
        return True
    known = set(point.parts.values_list("organisation", flat=True))
    others = {one.organisation.pk for one in authors} - known
    return bool(known and others) and silence > AUTHOR_CHANGE_PAUSE


def suggestions_lost_by_restore(source: Version | HistoryPoint) -> list[Suggestion]:
    """Return the open suggestions that restoring this state would remove, in text order."""
    marked = marked_of(source.text)
    words = _content_of_state(source)
    stay = {one.id for one in open_suggestions_in(replace_content(marked, words))}
    return [one for one in open_suggestions_in(marked) if one.id not in stay]


def suggestions_digest(lost: Iterable[Suggestion]) -> str:
    """Return a digest of the suggestions displayed to the person; empty if there are none."""
    ids = sorted(one.id for one in lost)
    return hashlib.sha256("\n".join(ids).encode()).hexdigest()[:16] if ids else ""


def restore_state(*, access: Access, state: Version | HistoryPoint, seen: str = "") -> DraftText:
    """Restore the words of a version or a closed point in its text; open pages follow at once. The replaced
    words stay in the history.

    `seen`: the `suggestions_digest` of the suggestions that the person agreed to lose. Raises Refused if
    others would be lost, and whatever `save_text` raises.
    """
    text, words = state.text, _content_of_state(state)
    with transaction.atomic():
        draft = Draft.objects.select_for_update().get(pk=text.draft_id)
        require_that(may_edit_text(access, draft))
        row = update_text_row(text.uuid)
        # Save the current words before the text is replaced at once.
        point = _open_point(row)
        if point is not None:
            close_point(point, text_content(row), now())
        elif not row.points.exists():
            _store_first_point(row, text_content(row), now())
        point = _create_point(row, PointKind.RESTORED)
        if isinstance(state, Version):
            point.from_version = state.number
        else:
            point.from_point = state.at
        point.save(update_fields=["from_version", "from_point"])
        if suggestions_digest(suggestions_lost_by_restore(state)) not in {"", seen}:
            raise Refused(_("Other suggestions would be gone than the page said. Look once more."))
        written = save_text(access=access, text=text, **words)
        point.refresh_from_db()
        if not point.revision:
            point.delete()
    return written


def _content_of_state(source: Version | HistoryPoint) -> TextContent:
    if isinstance(source, HistoryPoint):
        return unpack_content(source.words)
    document = source.document
    return {"title": document["title"], "lead": document["lead"], "body": to_editor(document)}


KEEP_ALL_FOR = datetime.timedelta(days=2)
KEEP_HOURLY_FOR = datetime.timedelta(days=30)


def maintain_histories() -> None:
    """Compute pending authors and thin out old points, as a recurring job, each text separately."""
    waiting = HistoryPoint.objects.filter(closed_at__isnull=False, origins=b"").values("text")
    for text in DraftText.objects.filter(pk__in=waiting).select_related("draft"):
        attribute_points(text)
    crowded = HistoryPoint.objects.filter(at__lt=now() - KEEP_ALL_FOR, kind=PointKind.AUTOMATIC)
    many = crowded.order_by().values("text").annotate(count=Count("pk")).filter(count__gt=1).values("text")
    for text in DraftText.objects.filter(pk__in=many).select_related("draft"):
        thin_history(text)


def thin_history(text: DraftText) -> None:
    """Merge each old point that is not the last of its hour (later: of its day) into the next one,
    with its authors and decisions."""
    moment = now()
    with transaction.atomic():
        old = HistoryPoint.objects.select_for_update().filter(
            text=text, kind=PointKind.AUTOMATIC, closed_at__isnull=False, at__lt=moment - KEEP_ALL_FOR
        )
        rows = list(old.defer("words", "origins").order_by("at", "pk"))
        for _span, some in groupby(rows, key=lambda point: _thinning_slot(point, moment)):
            *earlier, last = list(some)
            if earlier:
                ids = [point.pk for point in earlier]
                HistoryDecision.objects.filter(point__in=ids).update(point=last)
                HistoryPart.objects.filter(point__in=ids).update(point=last)
                _merge_parts(last.parts.all(), "person_id", "organisation_id")
                last.began_at = min(point.began_at for point in earlier)
                last.words_added += sum(point.words_added for point in earlier)
                last.words_removed += sum(point.words_removed for point in earlier)
                last.save(update_fields=["began_at", "words_added", "words_removed"])
                HistoryPoint.objects.filter(pk__in=ids).delete()


def _thinning_slot(point: HistoryPoint, moment: datetime.datetime) -> datetime.datetime:
    hour = point.at.replace(minute=0, second=0, microsecond=0)
    return hour if point.at > moment - KEEP_HOURLY_FOR else hour.replace(hour=0)
