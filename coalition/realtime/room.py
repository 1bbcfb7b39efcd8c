"""One live document in this process: its Doc, its browsers, and updates to be sent and saved.

Everything runs in the server's event loop; nothing else touches the Doc. Reading the Doc inside
`observe` fails, so only bytes are stored there.
"""

import asyncio
import time
from collections.abc import Iterable
from uuid import UUID

from coalition.realtime import frames, updates
from coalition.realtime.backend import LACKING, READ_ONLY, get_document_backend
from coalition.realtime.batch import PendingWrite, WriteBatch
from coalition.realtime.client import Client
from coalition.realtime.frames import NOTHING, STEP1, STEP2, UPDATE, Frame, Presence
from coalition.realtime.log import LATE, MOST_BYTES, MOST_ROWS, LoadedDocument
from coalition.realtime.peer_updates import PeerUpdates
from coalition.realtime.presences import Presences
from coalition.realtime.replica import Replica
from coalition.realtime.ydocs import merged_update

LONGEST_WAIT = 0.05  # seconds that a change may wait to be sent together with others
WAIT_A_CLIENT = 0.0001
SAVED_FRAME_INTERVAL_SECONDS = 1.0  # seconds, while somebody types
LARGEST_TEXT = 10 * 1024 * 1024  # bytes of the document's state

TOO_LARGE, OTHERS = "too-large", "another's replica"


class Room:
    """See the module's docstring. `document` and `epoch` name the current history.

    `unsaved`: to be written. `elsewhere`: not yet sent to other processes. `foreign`: received from
    them and not reported as saved.
    """

    def __init__(self, document: UUID, loaded: LoadedDocument) -> None:
        self.document, self.epoch = document, loaded.epoch
        self.clients: set[Client] = set()
        self.presences = Presences()
        self.unsaved: list[PendingWrite] = []
        self.elsewhere: list[PendingWrite] = []
        self.foreign = PeerUpdates()
        self.saving = 0  # batches being written to the database
        self.is_over = False  # the document's history was replaced
        self._rows = self._bytes = 0  # of the log, written here since its last compaction
        self._gathered_at = time.monotonic()
        self._replica = Replica(loaded.snapshot, loaded.rows)
        self._watch = get_document_backend().watch(self._replica.whole)
        self._serial = 0
        self._outgoing: list[tuple[bytes, Client | None]] = []
        self._before: bytes | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._flushed_at = 0.0

    # --- reading ------------------------------------------------------------------------------------

    def answer(self, state: bytes) -> bytes:
        """Return the frame with everything missing from a browser with this state vector."""
        return frames.sync_frame(STEP2, self._replica.lacking(state))

    def catching_up(self, state: bytes) -> list[bytes]:
        """Return the frames for a browser that fell behind."""
        return [frames.sync_frame(UPDATE, self._replica.lacking(state)), self.everybody()]

    def everybody(self) -> bytes:
        """Return the frame with all presences."""
        return self.presences.all()

    # --- browsers -----------------------------------------------------------------------------------

    def enter(self, client: Client) -> None:
        """Greet a browser: ask what it has, send who is here."""
        self.clients.add(client)
        client.push_first(frames.sync_frame(STEP1, self._replica.state))
        if self.presences.states:
            client.ask_who()

    def leave(self, client: Client) -> list[Presence]:
        """Remove a browser and notify the others. Return the states to send to other processes."""
        self.clients.discard(client)
        gone = self.presences.leave(client)
        if gone:
            self._flush_soon()
        return gone

    def take(self, client: Client, frame: Frame) -> list[Presence]:
        """Handle a browser's frame. Return presences to send to other processes. Raises BadFrame.

        The reason for a refused write is stored in the client's `refusal`.
        """
        if frame.kind == frames.QUERY_AWARENESS:
            client.ask_who()
        elif frame.kind == frames.AWARENESS:
            # The sender receives it too: after 30 s of silence its provider would reconnect.
            if taken := self.presences.take(client, frame.payload):
                self._flush_soon()
            return taken
        elif frame.part == STEP1:
            frames.read_state_vector(frame.payload)
            client.ask(frame.payload)
        else:
            client.writes.read += 1
            client.refusal = self._take_write(client, frame.part, frame.payload)
            if client.refusal:
                client.push_first(frames.refused_frame(client.refusal))
        return []

    # --- writing ------------------------------------------------------------------------------------

    def _take_write(self, client: Client, part: int, update: bytes) -> str:
        """Accept a write, or return the reason if it is refused."""
        grant = client.grant
        change = updates.read_update(update)
        if not change.supported:
            raise frames.BadFrame(updates.NOT_AN_UPDATE)
        if not grant.may_write and not grant.suggests_only:
            # A reader's browser also answers our question with its state, which is ignored. A write
            # from before the right ended is refused, so that the page shows it.
            self._count(client, b"")
            return READ_ONLY if part == UPDATE or self._replica.fresh(change) else ""
        # An update kept pending in the document would take effect later, bypassing every check.
        whole = self._replica.has_what_precedes(change)
        reason = self._reason_against(client, change, update) if whole else LACKING
        if reason == LACKING:
            client.writes.held = client.writes.held or client.writes.read
            client.push_first(frames.sync_frame(STEP1, self._replica.state))
            return ""
        if part == STEP2:
            client.in_sync, client.writes.held = True, 0
            self.adopt(self.foreign.all())
        if reason:
            self._count(client, b"")
            return reason
        effective = self._apply(update, change)
        self._count(client, effective)
        if effective:
            if part == UPDATE and len(change.structs) == 1:
                self.presences.claim(client, change.structs[0][0])
            self._spread(effective, client)
        return ""

    def _reason_against(self, client: Client, change: updates.UpdateContent, update: bytes) -> str:
        fresh = self._replica.fresh(change)
        if any(self.presences.of_others(client, one) for one in fresh):
            return OTHERS
        if fresh and not self._replica.has_place(len(update), LARGEST_TEXT):
            return TOO_LARGE
        return self._watch.refuses(update, change, client.grant)

    def _count(self, client: Client, effective: bytes) -> None:
        """Count a write: it is saved together with everything written before it, even if it
        brought nothing new, since another writer's unsaved update may have contained the same."""
        writes = client.writes
        count = writes.held - 1 if writes.held else writes.read
        if not effective and not self.unsaved and not self.saving:
            self._tell_saved(client, count)
            return
        self._serial += 1
        grant = client.grant
        entry = PendingWrite(self._serial, effective, grant.author, grant.organisation, client, count)
        self.unsaved.append(entry)
        if effective:
            self.elsewhere.append(entry)

    def take_from_elsewhere(self, some: Iterable[bytes]) -> bool:
        """Apply updates from the database. Return whether nothing was missing."""
        wanted = list(some)
        for piece in self._replica.pieces(wanted):
            self._take_foreign(piece)
        return all(self._replica.has(update) for update in wanted)

    def take_parcel(self, process: str, entries: Iterable[PendingWrite]) -> bool:
        """Apply another process's message. Return whether nothing was missing before it."""
        whole = True
        for entry in entries:
            self.foreign.hear(process, entry.serial)
            effective = self._take_foreign(entry.update)
            whole = effective is not None and whole
            if effective:
                self.foreign.add(process, entry)
        return whole

    def take_presences_from_elsewhere(self, presences: list[Presence]) -> None:
        """Merge presences of other processes."""
        if self.presences.take_from_elsewhere(presences):
            self._flush_soon()

    def adopt(self, entries: list[PendingWrite]) -> bool:
        """Queue other processes' writes that were not reported as saved. Return whether there
        were any."""
        for entry in entries:
            self._serial += 1
            self.unsaved.append(PendingWrite(self._serial, entry.update, entry.author, entry.organisation))
        return bool(entries)

    def _take_foreign(self, update: bytes) -> bytes | None:
        change = updates.read_update(update)
        if not self._replica.has_what_precedes(change):
            return None
        effective = self._apply(update, change)
        if effective:
            self._watch.note(effective, change)
            self._spread(effective, None)
        return effective

    def _apply(self, update: bytes, change: updates.UpdateContent) -> bytes:
        if update == NOTHING:
            return b""
        self._before = self._before or self._replica.state
        return self._replica.apply(update, change)

    # --- telling ------------------------------------------------------------------------------------

    def _spread(self, update: bytes, writer: Client | None) -> None:
        self._outgoing.append((update, writer))
        self._flush_soon()

    def _flush_soon(self) -> None:
        if self._timer is not None:
            return
        wait = min(LONGEST_WAIT, WAIT_A_CLIENT * len(self.clients))
        since = time.monotonic() - self._flushed_at
        self._timer = asyncio.get_running_loop().call_later(max(0.0, wait - since), self._flush)

    def _flush(self) -> None:
        outgoing, self._outgoing, self._timer = self._outgoing, [], None
        before, self._before = self._before or self._replica.state, None
        self._flushed_at = time.monotonic()
        if outgoing:
            frame = frames.sync_frame(UPDATE, merged_update([update for update, _writer in outgoing]))
            alone = outgoing[0][1] if len(outgoing) == 1 else None
            for client in self.clients:
                if client is not alone:
                    client.push(frame, before=before)
        if who := self.presences.take_changed():
            for client in self.clients:
                client.push(who, before=before)

    # --- keeping ------------------------------------------------------------------------------------

    def batch(self) -> WriteBatch | None:
        """Return what must be written now, if anything. It leaves the room's list until
        `put_back`."""
        if not self.unsaved:
            return None
        taken, self.unsaved = self.unsaved, []
        self.saving += 1
        return WriteBatch(self.document, self.epoch, taken)

    def confirm_saved(self, batch: WriteBatch) -> None:
        """Handle a saved batch: notify every writer how far it is saved."""
        self.saving -= 1
        self._rows += len({(entry.author, entry.organisation) for entry in batch.entries if entry.update})
        self._bytes += sum(len(entry.update) for entry in batch.entries)
        counts: dict[Client, int] = {entry.writer: entry.count for entry in batch.entries if entry.writer}
        for client, count in counts.items():
            self._tell_saved(client, count)

    def put_back(self, batch: WriteBatch) -> None:
        """Return a failed batch to the queue, in its order, for the next attempt."""
        self.saving -= 1
        self.unsaved[:0] = batch.entries

    def wants_gathering(self) -> bool:
        """Whether the log needs compaction. After one, it is not requested again before rows are
        old enough to be compacted."""
        if self._rows <= MOST_ROWS and self._bytes <= MOST_BYTES:
            return False
        if time.monotonic() - self._gathered_at < 2 * LATE.total_seconds():
            return False
        self._rows, self._bytes, self._gathered_at = 0, 0, time.monotonic()
        return True

    @property
    def is_done(self) -> bool:
        """Whether the document can be closed: nobody is here and everything is saved."""
        return not (self.clients or self.unsaved or self.saving or self.foreign)

    def _tell_saved(self, client: Client, count: int) -> None:
        writes = client.writes
        writes.saved = max(count, writes.saved)
        if writes.saved <= writes.told or client not in self.clients:
            return
        # A typing person is notified once a second, a pausing one at once: a frame for every batch
        # would be half of a small room's traffic.
        moment = time.monotonic()
        if (
            writes.saved == writes.read
            or writes.held
            or moment - writes.told_at >= SAVED_FRAME_INTERVAL_SECONDS
        ):
            writes.told, writes.told_at = writes.saved, moment
            client.push_first(frames.saved_frame(writes.saved))
