"""A person at the desk who sends files in pieces, as the client in the browser does."""

import base64
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from django.core.files.storage import storages
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from coalition.campaigns.media_package.models import FileUpload, MediaItem
from coalition.campaigns.media_package.uploads.protocol import PIECE_TYPE, VERSION
from tests.documents.files.metadata import media_samples

PIECE = 64 * 1024  # bytes: the smallest that is taken


def film(size: int = 3 * PIECE) -> bytes:
    """A film of so many bytes that can be cleaned."""
    plain = media_samples.mp4()
    return plain + media_samples.box(b"free", bytes(size - len(plain) - 8))


def stored_pieces(upload: FileUpload) -> list[str]:
    """Names of the objects that the storage has of an upload."""
    try:
        return storages["default"].listdir(f"uploads/{upload.uuid}")[1]
    except FileNotFoundError:
        return []


@dataclass
class Sender:
    client: Client
    item: MediaItem

    def ask(self, method: str, path: str, body: bytes = b"", **headers: Any) -> HttpResponse:
        kind = headers.pop("Content_Type", PIECE_TYPE)
        named = {"Tus-Resumable": VERSION} | {
            name.replace("_", "-"): str(one) for name, one in headers.items()
        }
        return self.client.generic(method, path, body, content_type=kind, headers=named)

    def begin(
        self,
        size: int,
        *,
        name: str = "film.mp4",
        rendition_format: str = "1080p25",
        language: str = "kk",
        **more: Any,
    ) -> HttpResponse:
        pairs = {"filename": name, "format": rendition_format, "language": language}
        about = ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in pairs.items())
        path = reverse("campaigns:media_uploads", args=[self.item.uuid])
        return self.ask("POST", path, **{"Upload_Length": size, "Upload_Metadata": about} | more)

    def begun(self, size: int, **given: Any) -> FileUpload:
        answer = self.begin(size, **given)
        assert answer.status_code == 201, answer.content.decode()
        return FileUpload.objects.get(uuid=answer["Location"].rstrip("/").rpartition("/")[2])

    def path(self, upload: FileUpload) -> str:
        return reverse("campaigns:media_upload", args=[upload.uuid])

    def send(self, upload: FileUpload, offset: int, body: bytes, **headers: Any) -> HttpResponse:
        return self.ask("PATCH", self.path(upload), body, **{"Upload_Offset": offset} | headers)

    def send_broken(self, upload: FileUpload, offset: int, body: bytes, announced: int) -> HttpResponse:
        """Announce more bytes than come before the line is lost."""
        given: Any = {
            "wsgi.input": BytesIO(body),
            "CONTENT_LENGTH": str(announced),
            "CONTENT_TYPE": PIECE_TYPE,
        }
        headers = {"Tus-Resumable": VERSION, "Upload-Offset": str(offset)}
        return self.client.generic("PATCH", self.path(upload), b"", headers=headers, **given)

    def send_all(self, content: bytes, *, piece: int = PIECE, **given: Any) -> FileUpload:
        upload = self.begun(len(content), **given)
        for offset in range(0, len(content), piece):
            answer = self.send(upload, offset, content[offset : offset + piece])
            assert answer.status_code == 204, answer.content.decode()
        upload.refresh_from_db()
        return upload

    def offset(self, upload: FileUpload) -> int:
        return int(self.ask("HEAD", self.path(upload))["Upload-Offset"])
