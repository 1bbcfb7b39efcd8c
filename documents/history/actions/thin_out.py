"""Old automatic points grow few: all of two days, then one an hour, after a month one a day."""

import datetime
from collections.abc import Sequence
from itertools import groupby

from django.db import transaction
from django.db.models import Count

from coalition.core.clock import now
from documents.drafts.enums import PointKind
from documents.drafts.models.draft import DraftText
from documents.history.blame import work_out
from documents.history.models import HistoryDecision, HistoryPart, HistoryPoint

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
