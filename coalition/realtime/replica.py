"""The Doc of one live document, and what must be known of it without reading it each time."""

from collections.abc import Iterable, Iterator, Sequence

from pycrdt import TransactionEvent

from coalition.realtime import frames, updates
from coalition.realtime.frames import NOTHING, BadFrame
from coalition.realtime.ydocs import applicable_pieces, apply_update, assemble_document, merged_update


class Replica:
    """Applies updates and returns only what was new. One thread owns it."""

    def __init__(self, snapshot: bytes, rows: Sequence[bytes]) -> None:
        self._doc = assemble_document(snapshot, rows)
        self._effective: list[bytes] = []
        self._seen = self._doc.observe(self._note)
        self._size = len(snapshot) + sum(map(len, rows))
        self._known = frames.read_state_vector(self.state)

    @property
    def state(self) -> bytes:
        """The state vector."""
        return self._doc.get_state()

    def whole(self) -> bytes:
        """All of it as one update."""
        return self._doc.get_update()

    def lacking(self, state: bytes) -> bytes:
        """The update with all that a replica with this state vector lacks."""
        return self._doc.get_update(state)

    def has_what_precedes(self, change: updates.UpdateContent) -> bool:
        """Whether everything is here that the change builds on."""
        return updates.is_complete(change, self._known)

    def has(self, update: bytes) -> bool:
        """Whether nothing of the update is missing here."""
        return updates.read_update(update).is_contained(self._known)

    def pieces(self, some: Iterable[bytes]) -> Iterator[bytes]:
        """Updates put together where they need each other, for `apply`; without what lacks predecessors."""
        return applicable_pieces(some, self._known)

    def fresh(self, change: updates.UpdateContent) -> set[int]:
        """The replicas of which the change brings something new."""
        return {replica for replica, _first, end in change.structs if end > self._known.get(replica, 0)}

    def has_place(self, size: int, most: int) -> bool:
        """Whether the document may grow by so much."""
        if self._size + size > most:
            self._size = len(self._doc.get_update())
        return self._size + size <= most

    def apply(self, update: bytes, change: updates.UpdateContent) -> bytes:
        """Apply a change whose predecessors are here; empty bytes if it brought nothing. Raises BadFrame for
        what cannot be applied."""
        self._effective.clear()
        apply_update(self._doc, update)
        effective = [one for one in self._effective if one != NOTHING]
        self._effective.clear()
        if len(change.structs) > 1:
            # Only several replicas at once can build on each other in a circle, which nothing resolves.
            self._known = frames.read_state_vector(self.state)
            if not change.is_contained(self._known):
                raise BadFrame(updates.NOT_AN_UPDATE)
        change.count(self._known)
        if not effective:
            return b""
        whole = merged_update(effective)
        self._size += len(whole)
        return whole

    def _note(self, event: TransactionEvent) -> None:
        self._effective.append(event.update)
