"""Worker process that cleans a file: reads its bytes, writes a line with the outcome and the clean bytes.

Called as `python -m documents.files.metadata.worker <kind>`. Uses no database.
"""

import sys
from collections.abc import Callable
from functools import partial
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from documents.files.metadata.media import clean_media
from documents.files.metadata.office import clean_office
from documents.files.metadata.sound import NotCleaned

CLEAN: Final = b"clean"


def _clean_pdf(content: bytes) -> bytes:
    from documents.files.metadata.pdf import clean_pdf  # loads pypdf, which other types do not need

    return clean_pdf(content)


KINDS: Final[dict[str, Callable[[bytes], bytes]]] = {
    "office": clean_office,
    "pdf": _clean_pdf,
    **{ending: partial(clean_media, ending=ending) for ending in ("mp3", "wav", "ogg")},
}


def clean_from_stdin() -> None:
    try:
        answer = CLEAN + b"\n" + KINDS[sys.argv[1]](sys.stdin.buffer.read())
    except NotCleaned as reason:
        answer = reason.code.encode() + b"\n"
    sys.stdout.buffer.write(answer)


if __name__ == "__main__":
    clean_from_stdin()


_REASONS: Final[dict[str, Promise | str]] = {
    "broken": _("The file cannot be read: it is broken or incomplete. Save it again and send the new file."),
    "locked": _("A password protects the file. Save it without one, and send the new file."),
    "other_tracks": _(
        "The file holds more than pictures and sound: places or movements of the camera may be among it. "
        "Save it anew with pictures and sound alone, and send the new file."
    ),
    "compressed": _("The file is of an old program. Save it anew as MP4, and send the new file."),
    "outside": _("The film lies in another file. Save it anew as one MP4 file, and send that."),
    "embedded": _(
        "The file holds an object of another program, which may tell who made it. "
        "Replace it by a picture, and send the new file."
    ),
    "picture": _(
        "The file holds a picture of a kind that cannot be cleaned. Replace it by a JPEG or PNG, "
        "and send the new file."
    ),
    "hostile": _(
        "The file asks for things outside of itself in a way that no writing program does. It was not opened."
    ),
    "too_large": _("The file unpacks to more than it could be. It was not opened."),
}


def not_cleaned_reason(code: str) -> Promise | str:
    return _REASONS.get(code, _REASONS["broken"])
