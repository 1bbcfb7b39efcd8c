"""One live document: its clients with bounded queues, their presence, updates.

A process may die between sending and writing. Then the update exists only in our Doc and in
browsers, and any process that has it writes it. Duplicates in the log do no harm.

Everything runs in the server's event loop; nothing else touches the Doc. Reading the Doc inside
`observe` fails, so only bytes are stored there.
"""

import asyncio
import time
from collections import deque
from collections.abc import Iterable
from uuid import UUID

from coalition.realtime import frames, updates
from coalition.realtime.backend import LACKING, READ_ONLY, get_document_backend
from coalition.realtime.client import Client
from coalition.realtime.frames import NOTHING, STEP1, STEP2, UPDATE, Frame, Presence
from coalition.realtime.store import (
    LATE,
    MOST_BYTES,
    MOST_ROWS,
    LoadedDocument,
    PendingWrite,
    Replica,
    WriteBatch,
    merged_update,
)


class Presences:
    """The states of all browsers, and the socket of this process that each replica belongs to.

    Changes wait in `changed` until the room sends them: carets move with every letter, and sending
    a frame for each would be most of the server's traffic.
    """

    def __init__(self) -> None:
        self.states: dict[int, Presence] = {}
        self.changed: dict[int, Presence] = {}
        self._owners: dict[int, Client] = {}

    def all(self) -> bytes:
        """Return the frame with everybody's state."""
        return frames.awareness_frame(list(self.states.values()))

    def take_changed(self) -> bytes | None:
        """Return the frame with changes since the last call, None without any."""
        changed, self.changed = self.changed, {}
        return frames.awareness_frame(list(changed.values())) if changed else None

    def of_others(self, client: Client, replica: int) -> bool:
        """Whether a replica belongs to another person's open socket that has sent everything it had.

        Before that, others may bring its writes: a server that died may have sent and not saved them.
        """
        owner = self._owners.get(replica)
        return owner is not None and owner.in_sync and owner.grant.author != client.grant.author

    def claim(self, client: Client, replica: int) -> None:
        """Record that this replica writes through this socket."""
        if replica not in self._owners:
            self._owners[replica] = client
            client.replicas.add(replica)

    def take(self, client: Client, payload: bytes) -> list[Presence]:
        """Accept and return a browser's own state, under the person's identity. Raises BadFrame."""
        accepted = []
        for one in frames.read_presences(payload):
            if not self._is_own(client, one) or one.clock < client.presences.get(one.client, 0):
                continue
            state = None if one.state is None else {**one.state, "user": client.grant.identity}
            mine = Presence(one.client, one.clock, state)
            if state is None:
                client.presences.pop(one.client, None)
            else:
                self._own(client, one)
            self._store(mine)
            accepted.append(mine)
        return accepted

    def leave(self, client: Client) -> list[Presence]:
        """Remove a browser. Return its state as gone, for the other processes."""
        gone = [Presence(one, clock + 1, None) for one, clock in client.presences.items()]
        for presence in gone:
            self._store(presence)
        client.presences.clear()
        for replica in client.replicas:
            if self._owners.get(replica) is client:
                del self._owners[replica]
        client.replicas.clear()
        return gone

    def take_peer_presences(self, presences: Iterable[Presence]) -> bool:
        """Merge presences of other processes. Return whether anything changed."""
        changed = False
        for one in presences:
            known = self.states.get(one.client)
            is_new = one.clock > known.clock if known else one.state is not None
            if is_new and one.client not in self._owners:
                self._store(one)
                changed = True
        return changed

    def here(self) -> list[Presence]:
        """Return the states of this process' own browsers."""
        return [one for one in self.states.values() if one.client in self._owners]

    def _is_own(self, client: Client, one: Presence) -> bool:
        """Whether the state belongs to this socket, which has only one. A person who reconnects
        before the server noticed that the old socket is dead takes its state over."""
        if one.client in client.presences:
            return True
        owner = self._owners.get(one.client)
        if one.state is None or client.presences or (owner and owner.grant.author != client.grant.author):
            return False
        known = self.states.get(one.client)
        return known is None or (known.state or {}).get("user") == client.grant.identity

    def _own(self, client: Client, one: Presence) -> None:
        before = self._owners.get(one.client)
        if before is not None and before is not client:
            before.presences.pop(one.client, None)
            before.replicas.discard(one.client)
        self._owners[one.client] = client
        client.replicas.add(one.client)
        client.presences[one.client] = one.clock

    def _store(self, one: Presence) -> None:
        if one.state is None:
            self.states.pop(one.client, None)
        else:
            self.states[one.client] = one
        self.changed[one.client] = one


OVERDUE = 3.0  # seconds; a batch is written every 0.2 s, and the database may be slow


class PeerUpdates:
    """Entries by process, ordered by serial."""

    def __init__(self) -> None:
        self._received: dict[str, int] = {}
        self._entries: dict[str, deque[tuple[float, PendingWrite]]] = {}

    def __bool__(self) -> bool:
        return bool(self._entries)

    def add(self, process: str, entry: PendingWrite) -> None:
        self._entries.setdefault(process, deque()).append((time.monotonic(), entry))

    def note_received(self, process: str, serial: int) -> None:
        """Note that the process sent its writes up to this serial."""
        self._received[process] = serial

    def confirm(self, process: str, serial: int) -> bool:
        """Note that the process saved everything up to this serial. Return whether we had it all."""
        entries = self._entries.get(process, deque())
        while entries and entries[0][1].serial <= serial:
            entries.popleft()
        if not entries:
            self._entries.pop(process, None)
        return serial <= self._received.get(process, 0)

    def all(self) -> list[PendingWrite]:
        """Remove and return everything."""
        removed = [entry for entries in self._entries.values() for _at, entry in entries]
        self._entries.clear()
        return removed

    def overdue(self) -> list[PendingWrite]:
        """Remove and return what has waited for too long."""
        limit, removed = time.monotonic() - OVERDUE, []
        for process, entries in list(self._entries.items()):
            while entries and entries[0][0] < limit:
                removed.append(entries.popleft()[1])
            if not entries:
                del self._entries[process]
        return removed


LONGEST_WAIT = 0.05  # seconds that a change may wait to be sent together with others
WAIT_A_CLIENT = 0.0001
SAVED_FRAME_INTERVAL_SECONDS = 1.0  # seconds, while somebody types
LARGEST_TEXT = 10 * 1024 * 1024  # bytes of the document's state

TOO_LARGE, OTHERS = "too-large", "another's replica"


class Room:
    """See the module's docstring. `document` and `epoch` name the current history.

    `unsaved`: to be written. `unsent`: not yet sent to other processes. `unconfirmed`: received from
    them and not reported as saved.
    """

    def __init__(self, document: UUID, loaded: LoadedDocument) -> None:
        self.document, self.epoch = document, loaded.epoch
        self.clients: set[Client] = set()
        self.presences = Presences()
        self.unsaved: list[PendingWrite] = []
        self.unsent: list[PendingWrite] = []
        self.unconfirmed = PeerUpdates()
        self.saving = 0  # batches being written to the database
        self.is_over = False  # the document's history was replaced
        self._rows = self._bytes = 0  # of the log, written here since its last compaction
        self._compacted_at = time.monotonic()
        self._replica = Replica(loaded.snapshot, loaded.rows)
        self._guard = get_document_backend().guard(self._replica.whole)
        self._serial = 0
        self._outgoing: list[tuple[bytes, Client | None]] = []
        self._before: bytes | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._flushed_at = 0.0

    # --- reading ------------------------------------------------------------------------------------

    def difference(self, part: int, state: bytes) -> bytes:
        """Return the SYNC frame with everything missing from a browser with this state vector."""
        return frames.sync_frame(part, self._replica.lacking(state))

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
            if accepted := self.presences.take(client, frame.payload):
                self._flush_soon()
            return accepted
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
            self.adopt(self.unconfirmed.all())
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
        return self._guard.refuses(update, change, client.grant)

    def _count(self, client: Client, effective: bytes) -> None:
        """Count a write: it is saved together with everything written before it, even if it
        brought nothing new, since another writer's unsaved update may have contained the same."""
        writes = client.writes
        count = writes.held - 1 if writes.held else writes.read
        if not effective and not self.unsaved and not self.saving:
            self._acknowledge(client, count)
            return
        self._serial += 1
        grant = client.grant
        entry = PendingWrite(self._serial, effective, grant.author, grant.organisation, client, count)
        self.unsaved.append(entry)
        if effective:
            self.unsent.append(entry)

    def take_peer_updates(self, some: Iterable[bytes]) -> bool:
        """Apply updates from the database. Return whether nothing was missing."""
        wanted = list(some)
        for piece in self._replica.pieces(wanted):
            self._take_peer_update(piece)
        return all(self._replica.has(update) for update in wanted)

    def take_peer_writes(self, process: str, entries: Iterable[PendingWrite]) -> bool:
        """Apply another process's message. Return whether nothing was missing before it."""
        whole = True
        for entry in entries:
            self.unconfirmed.note_received(process, entry.serial)
            effective = self._take_peer_update(entry.update)
            whole = effective is not None and whole
            if effective:
                self.unconfirmed.add(process, entry)
        return whole

    def take_peer_presences(self, presences: list[Presence]) -> None:
        """Merge presences of other processes."""
        if self.presences.take_peer_presences(presences):
            self._flush_soon()

    def adopt(self, entries: list[PendingWrite]) -> bool:
        """Queue other processes' writes not reported as saved. Return whether there were any."""
        for entry in entries:
            self._serial += 1
            self.unsaved.append(PendingWrite(self._serial, entry.update, entry.author, entry.organisation))
        return bool(entries)

    def _take_peer_update(self, update: bytes) -> bytes | None:
        change = updates.read_update(update)
        if not self._replica.has_what_precedes(change):
            return None
        effective = self._apply(update, change)
        if effective:
            self._guard.note(effective, change)
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
        """Return what must be written now, if anything. It leaves the room's list until `requeue`."""
        if not self.unsaved:
            return None
        entries, self.unsaved = self.unsaved, []
        self.saving += 1
        return WriteBatch(self.document, self.epoch, entries)

    def confirm_saved(self, batch: WriteBatch) -> None:
        """Handle a saved batch: notify every writer how far it is saved."""
        self.saving -= 1
        self._rows += len({(entry.author, entry.organisation) for entry in batch.entries if entry.update})
        self._bytes += sum(len(entry.update) for entry in batch.entries)
        counts: dict[Client, int] = {entry.writer: entry.count for entry in batch.entries if entry.writer}
        for client, count in counts.items():
            self._acknowledge(client, count)

    def requeue(self, batch: WriteBatch) -> None:
        """Return a failed batch to the queue, in its order, for the next attempt."""
        self.saving -= 1
        self.unsaved[:0] = batch.entries

    def needs_compaction(self) -> bool:
        """Whether the log needs compaction. After one, it is not requested again before rows are
        old enough to be compacted."""
        if self._rows <= MOST_ROWS and self._bytes <= MOST_BYTES:
            return False
        if time.monotonic() - self._compacted_at < 2 * LATE.total_seconds():
            return False
        self._rows, self._bytes, self._compacted_at = 0, 0, time.monotonic()
        return True

    @property
    def is_done(self) -> bool:
        """Whether the document can be closed: nobody is here and everything is saved."""
        return not (self.clients or self.unsaved or self.saving or self.unconfirmed)

    def _acknowledge(self, client: Client, count: int) -> None:
        writes = client.writes
        writes.saved = max(count, writes.saved)
        if writes.saved <= writes.acknowledged or client not in self.clients:
            return
        # A typing person is notified once a second, a pausing one at once: a frame for every batch
        # would be half of a small room's traffic.
        moment = time.monotonic()
        if (
            writes.saved == writes.read
            or writes.held
            or moment - writes.acknowledged_at >= SAVED_FRAME_INTERVAL_SECONDS
        ):
            writes.acknowledged, writes.acknowledged_at = writes.saved, moment
            client.push_first(frames.saved_frame(writes.saved))
