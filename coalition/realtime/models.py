"""The log of live documents: what people wrote, in the order in which the database took it."""

from django.db import models


class LiveText(models.Model):
    """One live document: its compacted state, and the epoch of its history.

    `snapshot` holds everything of the log's rows that are empty now. Another epoch is another history:
    browsers with the old one must not come back into it.
    """

    document = models.UUIDField(unique=True)
    epoch = models.PositiveIntegerField(default=1)
    snapshot = models.BinaryField(default=b"")
    changed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"live text {self.document}"


class LiveUpdate(models.Model):
    """What one person wrote within one batch. Compaction empties `update`; author and time stay.

    Yjs updates commute: rows may be taken in any order, and twice.
    """

    document = models.UUIDField()
    epoch = models.PositiveIntegerField()
    update = models.BinaryField()
    size = models.PositiveIntegerField()  # bytes, as written
    held = models.BooleanField(default=True)  # False: its content lies in the snapshot
    author = models.UUIDField(null=True)
    organisation = models.UUIDField(null=True)
    at = models.DateTimeField()
    process = models.UUIDField()

    class Meta:
        indexes = [
            models.Index(fields=["document", "held"], name="live_update_held"),
            models.Index(fields=["at"], name="live_update_at"),
        ]

    def __str__(self) -> str:
        return f"update {self.pk} of {self.document}"


class LiveKick(models.Model):
    """That a person's open sockets must look at their rights again. Gone after some minutes."""

    user_id = models.BigIntegerField()
    at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"kick {self.pk}"
