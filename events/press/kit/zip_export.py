"""Streaming ZIP of the whole kit: memory use does not grow with its size.

The gate of consent is asked again before each member and, within a long one, every second: once it closes,
the connection is broken off, so that the archive is incomplete and nothing more of it leaves.
"""

import io
import time
import zipfile
from collections.abc import AsyncIterator, Buffer, Callable, Sequence
from dataclasses import dataclass

from asgiref.sync import sync_to_async
from django.db import connection
from django.utils.translation import gettext as _

from coalition.mail.outbox import absolute_url
from documents.files.public_copy import public_bytes, public_size
from documents.models import StoredFile
from events.press.kit.consent import KitGate
from events.press.kit.models import KitItem, ReleaseStatus
from events.press.kit.presenters import build_public_kit_item, file_name, text_bytes
from events.press.kit.queries import JudgedItem

_CHUNK = 256 * 1024
GATE_INTERVAL_SECONDS = 1.0  # between two questions to the gate of consent within one member
_MOMENT = (2020, 1, 1, 0, 0, 0)  # hides when our files were written
LIST_NAME = "00-kit.txt"


@dataclass(frozen=True)
class ZipEntry:
    """Member of the archive: its bytes, or the file that contains them. `items`: those of a kit whose words
    or files are in it; `may_go()`: whether a member of another archive may still be sent."""

    name: str
    content: bytes = b""
    file: StoredFile | None = None
    items: tuple[KitItem, ...] = ()
    may_go: Callable[[], bool] | None = None

    @property
    def size(self) -> int:
        return public_size(self.file) if self.file is not None else len(self.content)


class _Sink(io.RawIOBase):
    """Write-only buffer that is drained piece by piece."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, content: Buffer) -> int:
        self._parts.append(bytes(content))
        return len(self._parts[-1])

    def drain(self) -> bytes:
        content = b"".join(self._parts)
        self._parts.clear()
        return content


def build_zip_entries(items: Sequence[JudgedItem], title: str) -> list[ZipEntry]:
    """Return the archive's members, in the active language: a list with captions, credits, links
    and quotations, then texts in all their languages and files. Only items that may be handed out;
    the list names files that are being prepared."""
    listed = [one for one in items if one.is_given or one.status == ReleaseStatus.PREPARED]
    lines, found = [title, ""], []
    for number, one in enumerate(listed, 1):
        names = []
        if one.publication is not None and one.quotation is None:
            for text in one.publication.texts.all():
                names.append(file_name(one, number, text.language))
                found.append(ZipEntry(names[-1], text_bytes(text, one)))
        elif one.given_file is not None:
            names.append(file_name(one, number))
            found.append(ZipEntry(names[-1], file=one.given_file, items=(one.item,)))
        lines += [*_list_lines(one, number, names), ""]
    content, named = "\r\n".join(lines).encode("utf-8-sig"), tuple(one.item for one in listed)
    return [ZipEntry(LIST_NAME, content, items=named), *found]


def _list_lines(one: JudgedItem, number: int, names: list[str]) -> list[str]:
    row = build_public_kit_item(one, lambda _uuid: "")
    words = [f"{number}. {row['kind']}: {row.get('title', '')}", *names]
    if "gone" in row:
        return [*words, row["gone"]]
    if "words" in row:
        words += [f"“{row['words']}”", row["speaker"]]
    credit = _("Credit: %(name)s") % {"name": row["credit"]} if row.get("credit") else ""
    notes = [f"{note['title']}. {note['words']}" for note in row.get("notes", ())]
    sheet = absolute_url(row["read"]) if "read" in row else ""
    more = [row.get("caption"), row.get("alt"), credit, row.get("about"), row.get("link"), *notes, sheet]
    return [*words, *[line for line in more if line]]


class ConsentEnded(Exception):
    """The gate of consent closed while the archive was sent."""


async def stream_zip(entries: Sequence[ZipEntry], language: str) -> AsyncIterator[bytes]:
    """Yield the archive in pieces; files are read in a thread. `language`: in which the kit is read.

    Raises ConsentEnded between two pieces once an item may not be handed out any more.
    """
    sink = _Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED) as archive:
        for entry in entries:
            await _require_consent(entry, language)
            info = zipfile.ZipInfo(entry.name, _MOMENT)
            info.file_size = entry.size
            with archive.open(info, "w") as member:
                async for piece in _stream_content(entry, language):
                    member.write(piece)
                    if ready := sink.drain():
                        yield ready
    yield sink.drain()


async def _stream_content(entry: ZipEntry, language: str) -> AsyncIterator[bytes]:
    if entry.file is None:
        yield entry.content
        return
    stored = public_bytes(entry.file)  # the copy exists: checked by the evaluation
    content = await sync_to_async(stored.file.open, thread_sensitive=False)("rb")
    asked_at = time.monotonic()
    try:
        while piece := await sync_to_async(content.read, thread_sensitive=False)(_CHUNK):
            if time.monotonic() - asked_at >= GATE_INTERVAL_SECONDS:
                await _require_consent(entry, language)
                asked_at = time.monotonic()
            yield piece
    finally:
        await sync_to_async(content.close, thread_sensitive=False)()


async def _require_consent(entry: ZipEntry, language: str) -> None:
    """Raise ConsentEnded if something of the entry may not be handed out now."""
    if entry.may_go is not None or any(item.file is not None for item in entry.items):
        await sync_to_async(_ask_gate)(entry, language)  # in the thread of this answer


def _ask_gate(entry: ZipEntry, language: str) -> None:
    gate = KitGate(language)
    try:
        if entry.may_go is not None and not entry.may_go():
            raise ConsentEnded
        if not all(gate.lets_out(item) for item in entry.items):
            raise ConsentEnded
    finally:
        if not connection.in_atomic_block:
            connection.close()  # a slow reader holds none between two questions
