"""When a text is published, its writing history names organisations only: people are nobody's evidence.

What was written still holds the suggestions that were decided, and they name who made them. A document that
is put together anew no longer holds what was taken out of it, so its log is gathered soon after.
"""

from itertools import groupby
from typing import Any, Final
from uuid import UUID

from django.db.models import Exists

from coalition.core.clock import now
from coalition.jobs import scheduler
from coalition.realtime import log
from coalition.realtime.models import LiveUpdate
from coalition.workspaces.domain import activity, inbox
from documents.drafts.models.draft import Draft, DraftText
from documents.drafts.queries.stakeholders import WRITING
from documents.history.models import HistoryDecision, HistoryPart, HistoryPoint
from documents.history.origins import without_people, without_person
from documents.history.packing import packed, unpacked
from documents.interchange.retention import forget_files_of

GATHER: Final = "documents.gather_writing"
SOON: Final = log.LATE * 2  # a log gathers no row that other processes may still have to fetch


def forget_writers(draft: Draft) -> None:
    """Merge the writing history of the draft's texts to organisations, in the transaction of publishing."""
    scheduler.schedule(kind=GATHER, key=str(draft.uuid), due_at=now() + SOON)
    forget_files_of(draft)
    texts = DraftText.objects.filter(draft=draft)
    documents = texts.order_by().values("uuid")
    LiveUpdate.objects.filter(document__in=documents, author__isnull=False).update(author=None)
    texts.update(changed_by=None)
    activity.forget_actors(subject=draft.uuid, kinds=WRITING)
    inbox.forget_actors(subjects=documents)
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
        log.compact(document)


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
