"""Recording, restoring and retention of a text's history.

On publication the writing history is reduced to organisations, so that it is no evidence against
people. The log still contains decided suggestions, which name their authors. A rebuilt document no
longer contains what was removed from it, so its log is compacted soon after.
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
from documents.drafts.actions.texts import TextContent, text_content
from documents.drafts.actions.write import save_text
from documents.drafts.enums import PointKind
from documents.drafts.live.authors import Author
from documents.drafts.live.projection import register_change, register_decision, update_text_row
from documents.drafts.live.server_edits import marked_of, suggestions_lost_by
from documents.drafts.live.suggestions import DecidedSuggestion, Suggestion
from documents.drafts.models import Draft, DraftText, Version
from documents.drafts.permissions import may_edit_text, require_that
from documents.drafts.presenters import version_document
from documents.drafts.queries import WRITING_ACTIVITIES
from documents.history.blame import attribute_points
from documents.history.models import (
    HistoryDecision,
    HistoryPart,
    HistoryPoint,
    pack_json,
    unpack_content,
    unpack_json,
)
from documents.history.origins import without_people, without_person
from documents.hooks import HOOKS

GATHER: Final = "documents.gather_writing"
GATHER_DELAY: Final = log.LATE * 2  # a log compacts no row that other processes may still have to fetch


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
    _merge_parts(draft)
    decided = HistoryDecision.objects.filter(point__text__in=texts)
    known = HistoryPoint.objects.filter(text__in=texts).exclude(origins=b"")
    # Most texts have no suggestion and no worked-out authors: one query instead of two statements.
    if any(Draft.objects.filter(pk=draft.pk).values_list(Exists(decided), Exists(known)).get()):
        decided.update(person=None, by_person=None)
        for point in known.only("pk", "origins"):
            point.origins = pack_json(without_people(unpack_json(point.origins)))
            point.save(update_fields=["origins"])


def gather_writing(key: str, _payload: dict[str, Any]) -> None:
    """Compact, as a job, the logs of a draft's texts, dropping content removed from them."""
    for document in DraftText.objects.filter(draft__uuid=key).values_list("uuid", flat=True):
        log.compact_log(document)


def anonymise_writer(*, person: int, uuid: UUID) -> int:
    """Reassign what this person wrote in any text to the organisation only; return the number of
    texts.

    Call before deleting an account. Open suggestions still contain a number of the person in the
    text itself, which then refers to nobody.
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
# Points of a text's history: saved automatically during writing, and before a text is replaced
# at once.
#
# A spell of writing is a point. It ends after ten minutes without writing, when another
# organisation begins while the others pause, and after an hour; also before a version is
# restored or a file imported.


SPELL_PAUSE = datetime.timedelta(minutes=10)
AUTHOR_CHANGE_PAUSE = datetime.timedelta(
    seconds=20
)  # of silence, after which another organisation's writing is its own
MAX_SPELL = datetime.timedelta(hours=1)


def register_history() -> None:
    """Register for every text. Call from `AppConfig.ready()`."""
    register_change(record_change)
    register_decision(record_suggestion_decisions)


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
    fresh = {(one.person.pk, one.organisation.pk): one for one in authors}
    HistoryPart.objects.bulk_create(
        HistoryPart(point=point, person=one.person, organisation=one.organisation)
        for key, one in fresh.items()
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


def begin_point(
    text: DraftText,
    kind: PointKind,
    *,
    from_version: int | None = None,
    from_point: datetime.datetime | None = None,
) -> HistoryPoint:
    """Save the current words before the text is replaced at once; the result is a point of this
    kind.

    Call inside the transaction of the change, with a text whose row is current. Call `settle` after
    the change.
    """
    point = _open_point(text)
    if point is not None:
        close_point(point, text_content(text), now())
    elif not text.points.exists():
        _store_first_point(text, text_content(text), now())
    return _create_point(text, kind, from_version=from_version, from_point=from_point)


def drop_point_if_unchanged(point: HistoryPoint) -> None:
    """Finish after the change that followed `begin`: drop the point if nothing changed."""
    point.refresh_from_db()
    if not point.revision:
        point.delete()


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


def _create_point(
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
    return suggestions_lost_by(marked_of(source.text), _content_of_state(source))


def suggestions_digest(lost: Iterable[Suggestion]) -> str:
    """Return a digest of the suggestions displayed to the person; empty if there are none."""
    ids = sorted(one.id for one in lost)
    return hashlib.sha256("\n".join(ids).encode()).hexdigest()[:16] if ids else ""


def restore_from_version(*, access: Access, version: Version, seen: str = "") -> DraftText:
    """Restore the version's words in its text; open pages follow at once. The replaced words stay
    in the history.

    `seen`: the `suggestions_digest` the suggestions that the person agreed to lose. Raises Refused if others
    would be lost, and whatever `save_text` raises.
    """
    return _restore_state(access, version, seen, from_version=version.number)


def restore_point(*, access: Access, point: HistoryPoint, seen: str = "") -> DraftText:
    """Restore the words of a closed history point in its text, in the same way."""
    return _restore_state(access, point, seen, from_point=point.at)


def _content_of_state(source: Version | HistoryPoint) -> TextContent:
    if isinstance(source, HistoryPoint):
        return unpack_content(source.words)
    document = version_document(source)
    return {"title": document["title"], "lead": document["lead"], "body": to_editor(document)}


def _restore_state(access: Access, state: Version | HistoryPoint, seen: str, **source: Any) -> DraftText:
    text, words = state.text, _content_of_state(state)
    with transaction.atomic():
        draft = Draft.objects.select_for_update().get(pk=text.draft_id)
        require_that(may_edit_text(access, draft))
        point = begin_point(update_text_row(text.uuid), PointKind.RESTORED, **source)
        if suggestions_digest(suggestions_lost_by_restore(state)) not in {"", seen}:
            raise Refused(_("Other suggestions would be gone than the page said. Look once more."))
        written = save_text(access=access, text=text, **words)
        drop_point_if_unchanged(point)
    return written


# --- thin out ---
# Thin out automatic points: all for two days, then hourly, after a month daily.


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
            *going, staying = list(some)
            if going:
                _merge_points(going, staying)


def _thinning_slot(point: HistoryPoint, moment: datetime.datetime) -> datetime.datetime:
    hour = point.at.replace(minute=0, second=0, microsecond=0)
    return hour if point.at > moment - KEEP_HOURLY_FOR else hour.replace(hour=0)


def _merge_points(going: Sequence[HistoryPoint], staying: HistoryPoint) -> None:
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
