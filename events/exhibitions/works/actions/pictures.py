"""Pictures of works and photographs of their condition: small copies with nothing hidden, in private storage.

They leave through views that ask for the right each time, so that nothing is to be deleted when a right ends.
"""

from dataclasses import dataclass
from io import BytesIO
from typing import IO
from uuid import uuid4

from django.core.files.base import ContentFile
from PIL import Image

from documents.files.models import private_storage
from documents.files.types import type_of
from documents.models import StoredFile
from events.core.actions.proposal import jpeg_of, small_jpeg

WIDEST_WORK = 1200  # pixels of the longer side: sharp on a phone, light on its way
WIDEST_PHOTO = 2000  # a scratch is to be seen


@dataclass(frozen=True)
class Drawn:
    """A small copy: its name in private storage and its size in pixels."""

    name: str
    width: int
    height: int


def draw(file: StoredFile) -> Drawn:
    """Make the small copy of a work's picture. Call before the transaction; `drop` it if that fails."""
    return _keep(small_jpeg(file, WIDEST_WORK), "works")


def draw_photo(content: IO[bytes], name: str) -> Drawn:
    """Make the copy of a photograph of a work's condition. Raises Refused in words for what is no picture."""
    return _keep(jpeg_of(content, type_of(content, name).media_type, WIDEST_PHOTO), "conditions")


def drop(name: str) -> None:
    """Delete a copy; none for ""."""
    if name:
        private_storage().delete(name)


def _keep(content: bytes, folder: str) -> Drawn:
    with Image.open(BytesIO(content)) as picture:
        width, height = picture.size
    name = uuid4().hex
    return Drawn(
        private_storage().save(f"{folder}/{name[:2]}/{name}.jpg", ContentFile(content)), width, height
    )
