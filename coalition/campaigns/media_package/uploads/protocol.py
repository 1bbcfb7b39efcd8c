"""Headers of tus 1.0.0 (https://tus.io/protocols/resumable-upload): core, creation, termination."""

import base64
import binascii
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from coalition.core.errors import Refused

VERSION: Final = "1.0.0"
EXTENSIONS: Final = "creation,termination"
PIECE_TYPE: Final = "application/offset+octet-stream"
_MOST_DIGITS: Final = 18


def tus_response(words: str = "", *, status: int, **headers: str | int) -> HttpResponse:
    """Return a response of the protocol. `words`: for the person; `headers`: names with _ for -."""
    answer = HttpResponse(words, status=status, content_type="text/plain; charset=utf-8")
    answer["Tus-Resumable"] = VERSION
    answer["Cache-Control"] = "no-store"
    for name, value in headers.items():
        answer[name.replace("_", "-")] = str(value)
    return answer


def speaks_tus(request: HttpRequest) -> bool:
    return request.headers.get("Tus-Resumable") == VERSION


def number_in(request: HttpRequest, header: str) -> int | None:
    """Return the whole number of a header, None if there is none."""
    value = request.headers.get(header, "")
    is_number = value.isascii() and value.isdigit() and len(value) <= _MOST_DIGITS
    return int(value) if is_number else None


def metadata_of(request: HttpRequest) -> dict[str, str]:
    """Return `Upload-Metadata`: pairs of a key and base64, separated by commas. Raises Refused."""
    found: dict[str, str] = {}
    for pair in request.headers.get("Upload-Metadata", "").split(","):
        key, _space, value = pair.strip().partition(" ")
        if not key:
            continue
        try:
            found[key] = base64.b64decode(value, validate=True).decode("utf-8")
        except (binascii.Error, UnicodeDecodeError) as error:
            raise Refused(
                _("What was said about the file cannot be read. Reload the page and choose the file again.")
            ) from error
    return found
