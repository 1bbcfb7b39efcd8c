"""Points of a text's history: kept by themselves as people write, and before a text is changed at once.

A spell of writing is a point. It ends when nobody has written for ten minutes, when another organisation
begins while the others pause, and after an hour; it ends before a version is gone back to or a file taken in.
"""

import datetime
from collections.abc import Iterable, Sequence

from django.db.models import OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce

from coalition.accounts.models import Organisation, User
from coalition.core.clock import now
from coalition.realtime.models import LiveUpdate
from documents.drafts.actions.texts import Words, words_of
from documents.drafts.enums import PointKind
from documents.drafts.models.draft import DraftText
from documents.editor.live.authors import Author
from documents.editor.live.projection import register_change, register_decision
from documents.editor.live.suggestion_outcomes import Decided
from documents.history.models import HistoryDecision, HistoryPart, HistoryPoint
from documents.history.packing import packed

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
