"""Points of a text's history."""

import json
import zlib
from collections.abc import Collection
from typing import Any, cast

from django.conf import settings
from django.db import models
from django.db.models import Prefetch, QuerySet
from uuid_utils.compat import uuid7

from coalition.accounts.models import Organisation
from documents.drafts.actions.texts import TextContent
from documents.drafts.models import DraftText, PointKind


class HistoryPoint(models.Model):
    """A spell of writing, and the words at its end.

    While it is open (`closed_at` is None) its words are the text's row, and `words` is empty; each
    text has at most one. `words`: title, lead and body then, packed. `origins`: the author of each
    of these words, packed; empty until computed, together with the counts of added and removed
    words. `read_to`: position in the live document's log. A point that is not automatic begins with
    the event of its kind; `from_version` or `from_point` is the restored state.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    text = models.ForeignKey(DraftText, on_delete=models.CASCADE, related_name="points")
    kind = models.CharField(max_length=10, choices=PointKind, default=PointKind.AUTOMATIC)
    began_at = models.DateTimeField()
    at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    revision = models.PositiveIntegerField(default=0)
    read_to = models.BigIntegerField(default=0)
    from_version = models.PositiveIntegerField(null=True)
    from_point = models.DateTimeField(null=True)
    words = models.BinaryField(default=b"")
    origins = models.BinaryField(default=b"")
    words_added = models.PositiveIntegerField(default=0)
    words_removed = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["text", "-at"], name="history_of_a_text")]
        constraints = [
            models.UniqueConstraint(
                fields=["text"], condition=models.Q(closed_at=None), name="one_open_point_a_text"
            )
        ]

    def __str__(self) -> str:
        return f"point {self.pk} of {self.text_id}"


class HistoryPart(models.Model):
    """Writing of one person in one spell; without the person once the text was published.

    `amount`: bytes in the live document's log, for comparison and not for display.
    """

    point = models.ForeignKey(HistoryPoint, on_delete=models.CASCADE, related_name="parts")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    amount = models.PositiveBigIntegerField(default=0)

    class Meta:
        ordering = ["-amount", "id"]

    def __str__(self) -> str:
        return f"part {self.pk} of {self.point_id}"


class HistoryDecision(models.Model):
    """An accepted or rejected suggestion: its author, the decider, and their organisations."""

    point = models.ForeignKey(HistoryPoint, on_delete=models.CASCADE, related_name="decisions")
    at = models.DateTimeField()
    accepted = models.BooleanField()
    before = models.TextField(blank=True)
    after = models.TextField(blank=True)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")
    by_person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    by_organisation = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"decision {self.pk}"


def pack_json(value: Any) -> bytes:
    return zlib.compress(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode(), 6)


def unpack_json(data: bytes | memoryview) -> Any:
    return json.loads(zlib.decompress(bytes(data)))


def unpack_content(data: bytes | memoryview) -> TextContent:
    """Return title, lead and body of a point."""
    return cast("TextContent", unpack_json(data))


def points_of(text: DraftText) -> QuerySet[HistoryPoint]:
    """Return the points of a text that the caller may read, newest first, without their words."""
    return HistoryPoint.objects.filter(text=text).defer("words", "origins").order_by("-at", "-id")


def with_people(points: Collection[int]) -> QuerySet[HistoryPoint]:
    """Return these points with authors and decisions, in three queries whatever their number."""
    parts = HistoryPart.objects.select_related("person", "organisation")
    decisions = HistoryDecision.objects.select_related(
        "person", "organisation", "by_person", "by_organisation"
    )
    return (
        HistoryPoint.objects.filter(pk__in=points)
        .defer("words", "origins")
        .prefetch_related(Prefetch("parts", queryset=parts), Prefetch("decisions", queryset=decisions))
    )
