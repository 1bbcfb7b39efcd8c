"""Files of items under consent: where they lie, how they get there, and how they are sent.

A name is `shown/<kind>/<key>/<random>`; its kind and key are what the gate is asked. The kind `hash` has for
its key the SHA-256 of an item's bytes: for copies of it.
"""

import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing
from functools import partial
from pathlib import PurePosixPath
from typing import Any, Final
from uuid import uuid4

from asgiref.sync import sync_to_async
from django.core.files.base import File
from django.core.files.storage import Storage
from django.db import transaction
from django.db.models.fields.files import FieldFile

from coalition.consent.enums import Place
from coalition.consent.gate import ConsentGate, may_work_with
from coalition.consent.items import ShownItem, describe_items
from coalition.consent.shared_gates import PlaceGates, gates_of, sharing_gates
from coalition.consent.storage import PREFIX

BYTES: Final = "hash"  # the kind of names by a hash
ASK_SECONDS: Final = 1.0  # while a long file is sent, the gate is asked again
_BESIDE_A_HASH: Final = 10  # characters: beside a hash, a column of 100 characters has room for no more


def consented_name(kind: str, key: str, name: str) -> str:
    """Return a new name for a file of this item, which nobody can guess; only the extension stays."""
    random = uuid4().hex[-_BESIDE_A_HASH if kind == BYTES else 0 :]
    return f"{PREFIX}{kind}/{key}/{random}{PurePosixPath(name).suffix.lower()[:5]}"


def name_of_copy(sha256: str, name: str) -> str:
    """Return a new name for a copy of bytes under consent."""
    return consented_name(BYTES, sha256, name)


def name_beside(other: str, name: str) -> str | None:
    """Return a new name beside the other one if that is one of consent, else None."""
    found = item_of_name(other)
    return consented_name(*found, name) if found is not None else None


def item_of_name(name: str) -> tuple[str, str] | None:
    """Return kind and key of a name; None if it is no name of consent."""
    parts = name.split("/")
    if len(parts) != 4 or f"{parts[0]}/" != PREFIX or not {"", ".", ".."}.isdisjoint(parts):
        return None
    return parts[1], parts[2]


def move_file(row: Any, field: str, kind: str, key: str) -> None:
    """Move a row's file to the item's folder, in the caller's transaction. The old bytes are deleted on
    commit. Idempotent."""
    file: FieldFile = getattr(row, field)
    if not file or item_of_name(str(file.name)) == (kind, key):
        return
    old, storage = str(file.name), file.storage
    try:
        with storage.open(old, "rb") as content:
            new = storage.save(consented_name(kind, key, old), File(content))
    except FileNotFoundError:  # gone already: nothing to hide
        return
    type(row)._default_manager.filter(pk=row.pk).update(**{field: new})
    file.name = new
    delete_on_commit(storage, old)


def delete_on_commit(storage: Storage, name: str) -> None:
    transaction.on_commit(partial(storage.delete, name))


def may_open_name(name: str, *, is_worked_with: Callable[[], bool]) -> bool:
    """Whether the file may be sent: the item may be shown on the site, in one language at least, as it
    stands; or the person may work with such items, and members still may with this one. False for others."""
    found = item_of_name(name)
    if found is None:
        return False
    kind, key = found
    gates = _new_gates()
    if kind == BYTES:
        if gates.open_anywhere(lambda gate: gate.may_show_bytes(key)):
            return True
        return is_worked_with() and may_work_with(ShownItem("", "", sha256=key))
    described = describe_items([found]).get(found)
    if described is None:
        return False
    if gates.open_anywhere(lambda gate: gate.may_show(described.item)):
        return True
    return is_worked_with() and may_work_with(described.item)


def may_show_name(gate: ConsentGate, name: str) -> bool:
    """Whether the folder of the file is open here: by the item's key, or the hash of its bytes."""
    found = item_of_name(name)
    if found is None:
        return True
    kind, key = found
    return gate.may_show_bytes(key) if kind == BYTES else key not in gate.blocked_keys(kind)


def _new_gates() -> PlaceGates:
    """Return gates of this moment: a request that sends a long file lasts."""
    with sharing_gates():
        return gates_of(Place.SITE)


async def while_open(chunks: AsyncGenerator[bytes], is_open: Callable[[], bool]) -> AsyncIterator[bytes]:
    """Yield the chunks as long as `is_open()`, which is asked once a second. A closed gate breaks off."""
    asked = time.monotonic()
    async with aclosing(chunks):
        async for chunk in chunks:
            if time.monotonic() - asked >= ASK_SECONDS:
                if not await sync_to_async(is_open)():
                    return
                asked = time.monotonic()
            yield chunk
