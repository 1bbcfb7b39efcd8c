"""Streaming ZIP of the whole kit: memory use does not grow with its size."""

import io
import zipfile
from collections.abc import AsyncIterator, Buffer, Sequence
from dataclasses import dataclass

from asgiref.sync import sync_to_async
from django.utils.translation import gettext as _

from coalition.mail.outbox import absolute_url
from documents.files.public_copy import public_bytes, public_size
from documents.models import StoredFile
from events.press.kit.models import ReleaseStatus
from events.press.kit.presenters import build_public_kit_item, file_name, text_bytes
from events.press.kit.queries import JudgedItem

_CHUNK = 256 * 1024
_MOMENT = (2020, 1, 1, 0, 0, 0)  # hides when our files were written
LIST_NAME = "00-kit.txt"


@dataclass(frozen=True)
class ZipEntry:
    """Member of the archive: its bytes, or the file that contains them."""

    name: str
    content: bytes = b""
    file: StoredFile | None = None

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
            found.append(ZipEntry(names[-1], file=one.given_file))
        lines += [*_list_lines(one, number, names), ""]
    return [ZipEntry(LIST_NAME, "\r\n".join(lines).encode("utf-8-sig")), *found]


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


async def stream_zip(entries: Sequence[ZipEntry]) -> AsyncIterator[bytes]:
    """Yield the archive in pieces; files are read in a thread."""
    sink = _Sink()
    archive = zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED)
    for entry in entries:
        info = zipfile.ZipInfo(entry.name, _MOMENT)
        info.file_size = entry.size
        with archive.open(info, "w") as member:
            async for piece in _stream_content(entry):
                member.write(piece)
                if ready := sink.drain():
                    yield ready
    archive.close()
    yield sink.drain()


async def _stream_content(entry: ZipEntry) -> AsyncIterator[bytes]:
    if entry.file is None:
        yield entry.content
        return
    stored = public_bytes(entry.file)  # the copy exists: checked by the evaluation
    content = await sync_to_async(stored.file.open, thread_sensitive=False)("rb")
    try:
        while piece := await sync_to_async(content.read, thread_sensitive=False)(_CHUNK):
            yield piece
    finally:
        await sync_to_async(content.close, thread_sensitive=False)()
