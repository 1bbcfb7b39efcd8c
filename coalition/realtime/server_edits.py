"""Edits that the server makes: a version restored, a Word file taken in. No browser is needed for them."""

from collections.abc import Callable
from uuid import UUID

from django.db import transaction
from pycrdt import TransactionEvent
from uuid_utils.compat import uuid7

from coalition.realtime import log
from coalition.realtime.backend import LiveDoc
from coalition.realtime.frames import NOTHING
from coalition.realtime.hub import notify_rooms
from coalition.realtime.models import LiveText
from coalition.realtime.ydocs import merged_update

# Not a hub's process: every hub finds these rows when it looks at what others wrote.
SERVER_PROCESS = uuid7()


def edit_on_server(
    document: UUID, change: Callable[[LiveDoc], None], *, author: UUID | None, organisation: UUID | None
) -> bool:
    """Let `change` edit the document as the database has it, and keep that as one row of the log.

    One such edit at a time for each document; what people type meanwhile merges with it. Whoever has the
    document open sees it after the commit, in every process. Returns whether anything changed. `change`
    inserts and deletes whole nodes only: indices within text are bytes of UTF-8.
    """
    with transaction.atomic():
        text = LiveText.objects.select_for_update().get(pk=log.begin_document(document, SERVER_PROCESS).pk)
        doc = log.stored_document(document)
        effective: list[bytes] = []

        def note(event: TransactionEvent) -> None:
            effective.append(event.update)

        seen = doc.observe(note)
        change(doc)
        doc.unobserve(seen)
        effective = [one for one in effective if one != NOTHING]
        if not effective:
            return False
        update = merged_update(effective)
        log.append_batch(
            [log.MergedWrite(document, text.epoch, update, author, organisation)], SERVER_PROCESS
        )
        transaction.on_commit(lambda: notify_rooms(document, update))
    return True
