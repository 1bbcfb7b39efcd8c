"""Writes to one document that are not in the database yet."""

from dataclasses import dataclass
from uuid import UUID

from coalition.realtime.client import Client
from coalition.realtime.log import MergedWrite
from coalition.realtime.ydocs import merged_update


@dataclass(frozen=True, slots=True)
class PendingWrite:
    """One write. An empty `update` changed nothing: it counts as saved with those before it.

    `serial` increases within this process. `count`: the writer's number of writes up to this one;
    `writer` is None for writes of another process that it did not report as saved.
    """

    serial: int
    update: bytes
    author: UUID | None
    organisation: UUID | None
    writer: Client | None = None
    count: int = 0


@dataclass(frozen=True, slots=True)
class WriteBatch:
    """Entries of one document that are being written to the database."""

    document: UUID
    epoch: int
    entries: list[PendingWrite]

    @property
    def last_sent_serial(self) -> int:
        """Return the last serial that was sent to other processes, 0 if there is none."""
        return max((entry.serial for entry in self.entries if entry.update and entry.writer), default=0)

    def written(self) -> list[MergedWrite]:
        """Return the rows to write: one a person."""
        by_author: dict[tuple[UUID | None, UUID | None], list[bytes]] = {}
        for entry in self.entries:
            if entry.update:
                by_author.setdefault((entry.author, entry.organisation), []).append(entry.update)
        return [
            MergedWrite(self.document, self.epoch, merged_update(some), *key)
            for key, some in by_author.items()
        ]
