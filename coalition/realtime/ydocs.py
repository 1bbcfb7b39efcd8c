"""Small things done with a Y.Doc that more than one module needs."""

import asyncio
from collections.abc import Iterable, Iterator, Mapping, Sequence

from pycrdt import Doc, merge_updates

from coalition.realtime.backend import LiveDoc
from coalition.realtime.frames import BadFrame, read_state_vector
from coalition.realtime.updates import JointChanges, UpdateContent, read_update


def apply_update(doc: LiveDoc, update: bytes) -> None:
    """Apply an update that comes from outside. Raises BadFrame for what is none."""
    try:
        doc.apply_update(update)
    except BaseException as fault:  # pyo3's panics are no Exception; a broken update must end one socket only
        if isinstance(fault, KeyboardInterrupt | SystemExit | asyncio.CancelledError):
            raise
        raise BadFrame("not an update") from fault


def assemble_document(snapshot: bytes, rows: Iterable[bytes]) -> LiveDoc:
    """A document out of its log."""
    doc: LiveDoc = Doc()
    if snapshot:
        doc.apply_update(snapshot)
    for piece in applicable_pieces(rows, read_state_vector(doc.get_state())):
        doc.apply_update(piece)
    return doc


def applicable_pieces(updates: Iterable[bytes], state: Mapping[int, int]) -> Iterator[bytes]:
    """The updates, put together where they need each other, each piece to be applied after the one before.

    What builds on changes that neither these updates nor a document with this state have is left out: in a
    document it would be held back, and the library does not always find it again.
    """
    known = dict(state)
    waiting: list[tuple[bytes, UpdateContent]] = []
    together = JointChanges(known)
    for update in updates:
        change = read_update(update)
        waiting.append((update, change))
        if together.add(change):
            yield merged_update([one for one, _change in waiting])
            for _one, done in waiting:
                done.count(known)
            waiting, together = [], JointChanges(known)
    if found := _complete_updates(waiting, known):
        yield merged_update(found)


def _complete_updates(waiting: list[tuple[bytes, UpdateContent]], known: Mapping[int, int]) -> list[bytes]:
    """The updates that miss nothing, however many others do."""
    while True:
        together = JointChanges(known)
        for _update, change in waiting:
            together.add(change)
        standing = [one for one in waiting if together.holds(one[1])]
        if len(standing) == len(waiting):
            return [update for update, _change in standing]
        waiting = standing


def merged_update(updates: Sequence[bytes]) -> bytes:
    """One update that says the same as all of them."""
    return merge_updates(*updates) if len(updates) > 1 else updates[0]
