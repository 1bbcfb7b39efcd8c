"""A film of 2 GB in pieces of 8 MB through the application's own views, broken at 1.9 GB: memory, bytes sent
twice, time. In a process of its own, on a copy of the demo; the files are deleted afterwards."""

import base64
import io
import json
import os
import subprocess
import sys
from http import HTTPStatus
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from bench import demo_data
from bench.figures import ROOT, Figure, at_most, told

if TYPE_CHECKING:
    from coalition.campaigns.media_package.models import FileUpload

GROUP = "uploads"
MEGABYTE = 1024**2
PIECE = 8 * MEGABYTE
SIZE = 2 * 1024**3  # bytes
BREAK_AT = 1903 * MEGABYTE  # bytes: within a piece
MOST_MEMORY = 50  # MB
MOST_LOST = 8  # MB
MOST_SECONDS = 180
PLACE = ROOT / "build" / "bench" / "uploads"
NAME = "2 GB in pieces"


def measure(_peer: str | None) -> list[Figure]:
    demo_data.prepare()
    with demo_data.copied_to(PLACE) as environment:
        command = [sys.executable, "-m", "bench.uploads"]
        done = subprocess.run(
            command, cwd=ROOT, env=os.environ | environment, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise RuntimeError(done.stderr[-600:])
        seen = json.loads(done.stdout.splitlines()[-1])
    return [
        at_most(GROUP, f"{NAME}: memory while they arrive", seen["arriving"], "MB", reach=MOST_MEMORY),
        at_most(GROUP, f"{NAME}: memory with putting together", seen["assembled"], "MB", reach=MOST_MEMORY),
        told(GROUP, f"{NAME}: memory of the process before", seen["before"], "MB"),
        at_most(GROUP, f"{NAME}: sent again after a break at 1.9 GB", seen["lost"], "MB", reach=MOST_LOST),
        at_most(GROUP, f"{NAME}: time of all", seen["seconds"], "s", reach=MOST_SECONDS),
        told(GROUP, f"{NAME}: arriving", seen["arriving_seconds"], "s"),
        told(GROUP, f"{NAME}: putting together", seen["assembly_seconds"], "s"),
        told(GROUP, f"{NAME}: with a copy without metadata", seen["prepared"], "MB"),
    ]


def _run() -> dict[str, float]:
    import time

    import django

    django.setup()
    from coalition.campaigns.media_package.actions.renditions import prepare_rendition
    from coalition.campaigns.media_package.enums import RenditionState
    from coalition.campaigns.media_package.uploads.assembly import assemble_upload

    client = _Client()
    client.send(client.begin(2 * PIECE), 0, PIECE)  # what is loaded once
    Path("/proc/self/clear_refs").write_text("5")  # the peak begins at what is in use now
    begun, before = time.monotonic(), _megabytes("VmRSS")
    path = client.begin(SIZE)
    lost = client.send_film(path)
    arriving, arriving_seconds = _megabytes("VmHWM") - before, time.monotonic() - begun
    upload = client.upload(path)
    assemble_upload(str(upload.uuid))
    assembled, seconds = _megabytes("VmHWM") - before, time.monotonic() - begun
    upload.refresh_from_db()
    if upload.rendition is None:
        raise RuntimeError(upload.failure)
    prepare_rendition(str(upload.rendition.uuid))
    upload.rendition.refresh_from_db()
    if upload.rendition.state != RenditionState.READY or upload.rendition.size != SIZE:
        raise RuntimeError(f"The copy without metadata was not made: {upload.rendition.failure}")
    return {
        "before": before,
        "arriving": arriving,
        "assembled": assembled,
        "prepared": _megabytes("VmHWM") - before,
        "lost": lost / MEGABYTE,
        "arriving_seconds": arriving_seconds,
        "assembly_seconds": seconds - arriving_seconds,
        "seconds": seconds,
    }


def _megabytes(name: str) -> float:
    """Return a figure of this process: memory in use (VmRSS), its peak (VmHWM). `ru_maxrss` begins with
    the peak of the parent."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{name}:")) / 1024


class _Part(io.RawIOBase):
    """The next `left` bytes of a file: a body that is not held in memory, as our server's is on the disk."""

    def __init__(self, file: IO[bytes], left: int) -> None:
        self._file, self._left = file, left

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        found = self._file.read(self._left if size < 0 else min(size, self._left))
        self._left -= len(found)
        return found


class _Client:
    """A coordinator of the demo who sends a film, of which only the head is more than zeros."""

    def __init__(self) -> None:
        from django.test import Client
        from django.utils.translation import activate

        from coalition.campaigns.media_package.actions.items import create_item
        from coalition.campaigns.media_package.actions.packages import create_package
        from coalition.campaigns.media_package.enums import ItemKind
        from coalition.roles import SeatRole
        from coalition.workspaces.models import Seat
        from coalition.workspaces.permissions import access_to
        from tests.conftest import sign_in
        from tests.documents.files.metadata import media_samples

        activate("en")
        seats = Seat.objects.filter(role=SeatRole.COORDINATOR, ended_at=None, workspace__archived_at=None)
        seat = seats.filter(person__email="coordinator@demo.example").order_by("pk")[:1].get()
        access = access_to(seat.person, seat.workspace.uuid, acting_for=str(seat.organisation.uuid))
        package = create_package(access=access, title={"en": "Bench"}, slug="bench-uploads")
        item = create_item(
            access=access, package=package, title="Film", kind=ItemKind.VIDEO, name="bench-film"
        )
        self._client = sign_in(Client(SERVER_NAME="localhost"), seat.person)
        self._item = item.uuid
        plain = media_samples.mp4()
        rest = SIZE - len(plain)
        self._film = PLACE / "film.mp4"
        with self._film.open("wb") as film:
            film.write(plain + b"\0\0\0\1free" + rest.to_bytes(8, "big"))
            film.truncate(SIZE)  # sparse

    def begin(self, size: int) -> str:
        """Return the path of a new upload of so many bytes."""
        about = ",".join(
            f"{key} {base64.b64encode(value.encode()).decode()}"
            for key, value in (("filename", "film.mp4"), ("format", "1080p25"), ("language", ""))
        )
        answer = self._ask(
            "POST",
            f"/workspaces/media/items/{self._item}/uploads/",
            headers={"Upload-Length": str(size), "Upload-Metadata": about},
        )
        return str(answer["Location"])

    def send(self, path: str, begin: int, end: int, *, arrived: int | None = None) -> bool:
        """Send bytes from `begin` to `end`; return whether they were taken. `arrived`: so many of them come
        before the line is lost."""
        with self._film.open("rb") as film:
            film.seek(begin)
            body = _Part(film, end - begin if arrived is None else arrived)
            headers = {"Upload-Offset": str(begin)}
            answer = self._ask("PATCH", path, body, end - begin, headers=headers)
        return bool(answer.status_code == HTTPStatus.NO_CONTENT)

    def send_film(self, path: str) -> int:
        """Send all of it, with one break; return how many bytes were sent again."""
        at, lost = 0, 0
        while at < SIZE:
            end = min(at + PIECE, SIZE)
            if not lost and end > BREAK_AT:
                self.send(path, at, end, arrived=BREAK_AT - at)
                at = int(self._ask("HEAD", path, headers={})["Upload-Offset"])
                lost = BREAK_AT - at
            elif self.send(path, at, end):
                at = end
            else:
                raise RuntimeError(f"The piece at {at} was not taken.")
        return lost

    def upload(self, path: str) -> "FileUpload":
        from coalition.campaigns.media_package.models import FileUpload

        return FileUpload.objects.get(uuid=path.rstrip("/").rpartition("/")[2])

    def _ask(
        self,
        method: str,
        path: str,
        body: "_Part | None" = None,
        announced: int = 0,
        *,
        headers: dict[str, str],
    ) -> Any:
        given: dict[str, Any] = {
            "wsgi.input": body or io.BytesIO(),
            "CONTENT_LENGTH": str(announced),
            "CONTENT_TYPE": "application/offset+octet-stream",
        }
        return self._client.generic(method, path, headers={"Tus-Resumable": "1.0.0"} | headers, **given)


if __name__ == "__main__":
    print(json.dumps(_run()))
