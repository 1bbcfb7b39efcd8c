"""The log of live documents: writes in the order in which the database committed them."""

from django.db import models


class LiveText(models.Model):
    """One live document: its compacted state, and the epoch of its history.

    `snapshot` contains everything of the log's rows that are now empty. A new epoch is a new
    history: browsers with the old one must not merge it back.
    """

    document = models.UUIDField(unique=True)
    epoch = models.PositiveIntegerField(default=1)
    snapshot = models.BinaryField(default=b"")
    changed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"live text {self.document}"


class LiveUpdate(models.Model):
    """One person's writes within one batch. Compaction empties `update`; author and time stay.

    Yjs updates commute: rows may be applied in any order, and twice.
    """

    document = models.UUIDField()
    epoch = models.PositiveIntegerField()
    update = models.BinaryField()
    size = models.PositiveIntegerField()  # bytes, as written
    held = models.BooleanField(default=True)  # False: its content is in the snapshot
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


class SessionRevocation(models.Model):
    """A change of a person's rights: their open sockets check them again. Deleted after some minutes."""

    user_id = models.BigIntegerField()
    at = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "realtime_livekick"

    def __str__(self) -> str:
        return f"revocation {self.pk}"
