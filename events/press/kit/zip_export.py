"""The whole kit as one ZIP, written while it is sent: however large it is, only a piece lies in memory."""

import zipfile
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

from asgiref.sync import sync_to_async
from django.utils.translation import gettext as _

from coalition.mail.links import absolute_url
from documents.files.public_copy import public_bytes, public_size
from documents.models import StoredFile
from events.press.kit.enums import Standing
from events.press.kit.presenters import file_name, shown, text_bytes
from events.press.kit.queries import Judged

_CHUNK = 256 * 1024
_MOMENT = (2020, 1, 1, 0, 0, 0)  # when our files were written is nobody's business
LIST_NAME = "00-kit.txt"


@dataclass(frozen=True)
class Entry:
    """One member of the archive: its bytes, or the file that holds them."""

    name: str
    content: bytes = b""
    file: StoredFile | None = None

    @property
    def size(self) -> int:
        return public_size(self.file) if self.file is not None else len(self.content)


class _Sink:
    """Where the archive writes to: what was written is taken from it piece by piece."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def write(self, content: bytes) -> int:
        self._parts.append(bytes(content))
        return len(content)

    def flush(self) -> None:
        """Nothing is held back."""

    def close(self) -> None:
        """What was written stays until it is taken."""

    def taken(self) -> bytes:
        content = b"".join(self._parts)
        self._parts.clear()
        return content


def entries_of(things: Sequence[Judged], title: str) -> list[Entry]:
    """What the archive holds, in the active language: first a list with captions, credits, links and
    quotations, then texts in all their languages and files. Only what may be given out; of a file that is
    being prepared the list says so."""
    listed = [one for one in things if one.is_given or one.standing == Standing.PREPARED]
    lines, found = [title, ""], []
    for number, one in enumerate(listed, 1):
        names = []
        if one.publication is not None and one.said is None:
            for text in one.publication.texts.all():
                names.append(file_name(one, number, text.language))
                found.append(Entry(names[-1], text_bytes(text, one)))
        elif one.given_file is not None:
            names.append(file_name(one, number))
            found.append(Entry(names[-1], file=one.given_file))
        lines += [*_lines(one, number, names), ""]
    return [Entry(LIST_NAME, "\r\n".join(lines).encode("utf-8-sig")), *found]


def _lines(one: Judged, number: int, names: list[str]) -> list[str]:
    told = shown(one, lambda _uuid: "")
    words = [f"{number}. {told.kind}: {told.title}", *names]
    if told.gone:
        return [*words, told.gone]
    if told.words:
        words += [f"“{told.words}”", told.speaker]
    credit = _("Credit: %(name)s") % {"name": told.credit} if told.credit else ""
    notes = [f"{note['title']}. {note['words']}" for note in told.notes]
    sheet = absolute_url(told.read) if told.read else ""
    more = [told.caption, told.alt, credit, told.about, told.link, *notes, sheet]
    return [*words, *[line for line in more if line]]


async def zip_pieces(entries: Sequence[Entry]) -> AsyncIterator[bytes]:
    """The archive in pieces; files are read in a thread, so that no other request waits for the disk."""
    sink = _Sink()
    archive = zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED)
    for entry in entries:
        info = zipfile.ZipInfo(entry.name, _MOMENT)
        info.file_size = entry.size
        with archive.open(info, "w") as member:
            async for piece in _content(entry):
                member.write(piece)
                if ready := sink.taken():
                    yield ready
    archive.close()
    yield sink.taken()


async def _content(entry: Entry) -> AsyncIterator[bytes]:
    if entry.file is None:
        yield entry.content
        return
    stored = public_bytes(entry.file)  # the copy is there: it was judged so
    content = await sync_to_async(stored.file.open, thread_sensitive=False)("rb")
    try:
        while piece := await sync_to_async(content.read, thread_sensitive=False)(_CHUNK):
            yield piece
    finally:
        await sync_to_async(content.close, thread_sensitive=False)()
