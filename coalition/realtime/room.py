"""One live document in this process: its Doc, the browsers that show it, and what waits to be told and kept.

Everything runs in the server's event loop, which alone touches the Doc. Reading the Doc inside `observe`
fails, so that only bytes are taken there.
"""

import asyncio
import time
from collections.abc import Iterable
from uuid import UUID

from pycrdt import Doc, TransactionEvent, merge_updates

from coalition.realtime import frames
from coalition.realtime.client import Client
from coalition.realtime.frames import NOTHING, STEP1, STEP2, UPDATE, Frame, Presence
from coalition.realtime.grants import LiveDoc, keeper
from coalition.realtime.log import Loaded, Written

LONGEST_WAIT = 0.05  # seconds that a change may wait for others to travel with it
WAIT_A_CLIENT = 0.0001
LARGEST_TEXT = 10 * 1024 * 1024  # bytes of the document's state

READ_ONLY, TOO_LARGE = "read-only", "too-large"


class Room:
    """See the module's words. `document` and `epoch` name the history that is written."""

    def __init__(self, document: UUID, loaded: Loaded) -> None:
        self.document, self.epoch = document, loaded.epoch
        self.clients: set[Client] = set()
        self.presences: dict[int, Presence] = {}
        self.unsaved: list[tuple[bytes, Client | None, int]] = []  # update, writer, its count of writes
        self.elsewhere: list[bytes] = []  # effective here and not yet told to other processes
        self.size = 0
        self.saving = 0  # batches that are on their way to the database
        self._doc: LiveDoc = Doc()
        self._effective: list[bytes] = []
        self._outgoing: list[tuple[bytes, Client | None]] = []
        self._before: bytes | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._flushed_at = 0.0
        self._seen = self._doc.observe(self._note)
        for update in loaded.updates:
            self._doc.apply_update(update)
        self._effective.clear()
        self.size = sum(map(len, loaded.updates))

    # --- reading ------------------------------------------------------------------------------------

    @property
    def state(self) -> bytes:
        """The state vector."""
        return self._doc.get_state()

    def lacking(self, state: bytes) -> bytes:
        """The update with all that a replica with this state vector lacks. Raises BadFrame."""
        try:
            return self._doc.get_update(state)
        except Exception as fault:  # pycrdt names no type for bytes that are none; one socket ends
            raise frames.BadFrame("not a state vector") from fault

    def difference(self, state: bytes) -> bytes:
        """The frame for a browser that fell behind."""
        return frames.sync(UPDATE, self.lacking(state))

    # --- browsers -----------------------------------------------------------------------------------

    def enter(self, client: Client) -> None:
        """Greet a browser: ask what it has, tell who is here."""
        self.clients.add(client)
        client.push_first(frames.sync(STEP1, self.state))
        if self.presences:
            client.push_first(frames.awareness(list(self.presences.values())))

    def leave(self, client: Client) -> list[Presence]:
        """Forget a browser; the others see it go. Returns the states to tell other processes."""
        self.clients.discard(client)
        gone = [Presence(one, clock + 1, None) for one, clock in client.presences.items()]
        for presence in gone:
            self.presences.pop(presence.client, None)
        client.presences.clear()
        if gone:
            self.tell(frames.awareness(gone))
        return gone

    def take(self, client: Client, frame: Frame) -> list[Presence]:
        """Do what a browser's frame asks. Returns presences to tell other processes. Raises BadFrame."""
        if frame.kind == frames.QUERY_AWARENESS:
            client.push_first(frames.awareness(list(self.presences.values())))
        elif frame.kind == frames.AWARENESS:
            return self._take_presences(client, frame.payload)
        elif frame.part == STEP1:
            client.push_first(frames.sync(STEP2, self.lacking(frame.payload)))
        else:
            client.writes.read += 1
            self._take_write(client, frame.part, frame.payload)
        return []

    # --- writing ------------------------------------------------------------------------------------

    def _take_write(self, client: Client, part: int, update: bytes) -> None:
        if update == NOTHING:
            self._count_saved(client)
            return
        grant = client.grant
        if not grant.may_write and not grant.suggests_only:
            # A reader's browser also answers our question with what it has: nothing of it is taken.
            if part == UPDATE:
                client.push_first(frames.refused(READ_ONLY))
            self._count_saved(client)
            return
        reason = self._reason_against(client, update)
        if reason:
            client.push_first(frames.refused(reason))
            self._count_saved(client)
            return
        effective = self._apply(update)
        if not effective and self._lacks_predecessors(update):
            client.push_first(frames.sync(STEP1, self.state))
        if effective:
            self.unsaved.append((effective, client, client.writes.read))
            self.elsewhere.append(effective)
            self._spread(effective, client)
        else:
            self._count_saved(client)

    def _reason_against(self, client: Client, update: bytes) -> str:
        if self.size + len(update) > LARGEST_TEXT:
            self.size = len(self._doc.get_update())
            if self.size + len(update) > LARGEST_TEXT:
                return TOO_LARGE
        layer = keeper()
        if not layer.wants_check(update, client.grant):
            return ""
        before, after = self._copy(), self._copy()
        _apply_to(after, update)
        return layer.check(before, after, client.grant)

    def take_from_elsewhere(self, updates: Iterable[bytes]) -> None:
        """Take what other processes wrote: it is in the database already, or will be by them."""
        for update in updates:
            effective = self._apply(update)
            if effective:
                self._spread(effective, None)

    def take_presences_from_elsewhere(self, presences: list[Presence]) -> None:
        """Who is here in other processes."""
        fresh = [one for one in presences if self._is_fresh(one)]
        for one in fresh:
            self._keep(one)
        if fresh:
            self.tell(frames.awareness(fresh))

    def _apply(self, update: bytes) -> bytes:
        """Apply and return only what was new here. Raises BadFrame for what is no update."""
        self._before = self._before or self.state
        self._effective.clear()
        _apply_to(self._doc, update)
        effective = [one for one in self._effective if one != NOTHING]
        self._effective.clear()
        self.size += sum(map(len, effective))
        return _merged(effective) if effective else b""

    def _note(self, event: TransactionEvent) -> None:
        self._effective.append(event.update)

    def _copy(self) -> LiveDoc:
        copy: LiveDoc = Doc()
        copy.apply_update(self._doc.get_update())
        return copy

    def _lacks_predecessors(self, update: bytes) -> bool:
        """Whether the update goes on from changes that are not here: then it is held back in silence."""
        first = frames.begins_at(update)
        return first is not None and first[1] > frames.read_state(self.state).get(first[0], 0)

    # --- telling ------------------------------------------------------------------------------------

    def tell(self, frame: bytes) -> None:
        """A frame for every browser here."""
        for client in self.clients:
            client.push(frame)

    def _spread(self, update: bytes, writer: Client | None) -> None:
        self._outgoing.append((update, writer))
        if self._timer is not None:
            return
        wait = min(LONGEST_WAIT, WAIT_A_CLIENT * len(self.clients))
        since = time.monotonic() - self._flushed_at
        self._timer = asyncio.get_running_loop().call_later(max(0.0, wait - since), self._flush)

    def _flush(self) -> None:
        outgoing, self._outgoing, self._timer = self._outgoing, [], None
        before, self._before = self._before, None
        self._flushed_at = time.monotonic()
        if not outgoing:
            return
        updates = [update for update, _writer in outgoing]
        frame = frames.sync(UPDATE, _merged(updates))
        alone = outgoing[0][1] if len(outgoing) == 1 else None
        for client in self.clients:
            if client is not alone:
                client.push(frame, before=before)

    # --- keeping ------------------------------------------------------------------------------------

    def batch(self) -> "Batch | None":
        """What must be written now, if anything. It is off the room's list until `put_back`."""
        if not self.unsaved:
            return None
        taken, self.unsaved = self.unsaved, []
        return Batch(self, taken)

    def has_unsaved(self, client: Client) -> bool:
        return any(writer is client for _update, writer, _count in self.unsaved)

    def tell_saved(self, client: Client) -> None:
        if client.writes.saved > client.writes.told:
            client.writes.told = client.writes.saved
            client.push(frames.saved(client.writes.saved))

    def _count_saved(self, client: Client) -> None:
        """A write that needs no row counts as saved once those before it are."""
        if not self.has_unsaved(client) and not self.saving:
            client.writes.saved = client.writes.read
            self.tell_saved(client)

    # --- who is here --------------------------------------------------------------------------------

    def _take_presences(self, client: Client, payload: bytes) -> list[Presence]:
        """Take a browser's own states, under the identity that the server knows; drop all others."""
        taken = []
        for one in frames.read_presences(payload):
            owner = one.client in client.presences
            if not owner and (one.client in self.presences or one.state is None or client.presences):
                continue
            if one.clock < client.presences.get(one.client, 0):
                continue
            state = None if one.state is None else {**one.state, "user": client.grant.identity}
            mine = Presence(one.client, one.clock, state)
            self._keep(mine)
            if state is None:
                client.presences.pop(one.client, None)
            else:
                client.presences[one.client] = one.clock
            taken.append(mine)
        if taken:
            # Also to the sender: after 30 s of silence its provider would connect anew.
            self.tell(frames.awareness(taken))
        return taken

    def _is_fresh(self, one: Presence) -> bool:
        known = self.presences.get(one.client)
        return (known is None and one.state is not None) or (known is not None and one.clock > known.clock)

    def _keep(self, one: Presence) -> None:
        if one.state is None:
            self.presences.pop(one.client, None)
        else:
            self.presences[one.client] = one


class Batch:
    """One room's writes on their way to the database, merged by person."""

    def __init__(self, room: Room, taken: list[tuple[bytes, Client | None, int]]) -> None:
        self._room, self._taken = room, taken
        room.saving += 1

    @property
    def written(self) -> list[Written]:
        by_author: dict[tuple[UUID | None, UUID | None], list[bytes]] = {}
        for update, writer, _count in self._taken:
            key = (writer.grant.author, writer.grant.organisation) if writer else (None, None)
            by_author.setdefault(key, []).append(update)
        room = self._room
        return [
            Written(room.document, room.epoch, _merged(updates), *key) for key, updates in by_author.items()
        ]

    def kept(self) -> None:
        """The database has it: every writer is told how far it is saved."""
        self._room.saving -= 1
        for _update, writer, count in self._taken:
            if writer is not None:
                writer.writes.saved = max(count, writer.writes.saved)
        for client in self._room.clients:
            if not self._room.has_unsaved(client) and not self._room.saving:
                client.writes.saved = client.writes.read
            self._room.tell_saved(client)

    def put_back(self) -> None:
        """The database was not there: everything waits for the next attempt, in its order."""
        self._room.saving -= 1
        self._room.unsaved[:0] = self._taken


def _merged(updates: list[bytes]) -> bytes:
    return merge_updates(*updates) if len(updates) > 1 else updates[0]


def _apply_to(doc: LiveDoc, update: bytes) -> None:
    try:
        doc.apply_update(update)
    except BaseException as fault:  # pyo3's panics are no Exception; a broken update must end one socket only
        if isinstance(fault, KeyboardInterrupt | SystemExit | asyncio.CancelledError):
            raise
        raise frames.BadFrame("not an update") from fault
