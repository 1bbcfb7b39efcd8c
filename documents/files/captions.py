"""Check captions: WebVTT (https://www.w3.org/TR/webvtt1/#file-structure) and SubRip.

What a browser would silently drop is refused with a message, and so is markup that some players run as HTML:
only the tags of WebVTT are allowed.
"""

import re
from typing import IO, Final

from django.utils.translation import gettext_lazy as _

from coalition.core.errors import Refused

MAX_CAPTIONS_BYTES: Final = 1024 * 1024  # bytes: a day of speech
WEBVTT: Final = "text/vtt"
SUBRIP: Final = "application/x-subrip"
_STAMP: Final = r"(?:(\d{2,}):)?([0-5]\d):([0-5]\d)\.(\d{3})"
_CUE: Final = re.compile(rf"{_STAMP}[ \t]+-->[ \t]+{_STAMP}(?:[ \t].*)?")
_SUBRIP_CUE: Final = re.compile(
    r"\d{1,2}:\d{2}:\d{2}[,.]\d{1,3}[ \t]*-->[ \t]*\d{1,2}:\d{2}:\d{2}[,.]\d{1,3}.*"
)
_CLASSES: Final = r"(?:\.[\w-]+)*"
_TAG: Final = re.compile(
    rf"</?(?:c|i|b|u|v|lang|ruby|rt){_CLASSES}(?P<annotation>[ \t][^<>]*)?>"
    r"|<(?:\d{2,}:)?[0-5]\d:[0-5]\d\.\d{3}>"
)
_HANDLER: Final = re.compile(r"\bon\w+\s*=", re.IGNORECASE)
_SCRIPT_ADDRESS: Final = re.compile(r"javascript\s*:", re.IGNORECASE)


def check_captions(content: bytes) -> int:
    """Return the number of captions. Raises Refused, with the line, if it is not valid WebVTT, or has other
    tags than those of WebVTT."""
    text = _decoded(content)
    lines = re.split(r"\r\n|\r|\n", text)
    if "\x00" in text or not re.fullmatch(r"WEBVTT(?:[ \t].*)?", lines[0]):
        raise Refused(_("Captions begin with the line WEBVTT. Save them as WebVTT (.vtt)."))
    _check_tags(lines)
    count, before = 0, 0
    for number, line in enumerate(lines, start=1):
        if "-->" not in line:
            continue
        start, end = _cue_milliseconds(line, number)
        following = lines[number] if number < len(lines) else ""
        if end <= start or start < before or not following.strip():
            raise Refused(
                _(
                    "Line %(line)s of the captions: each needs words, ends after it begins, and begins no "
                    "earlier than the one before it."
                ),
                line=number,
            )
        count, before = count + 1, start
    if not count:
        raise Refused(_("There is no caption in this file."))
    return count


def check_subrip(content: bytes) -> int:
    """Return the number of captions of a SubRip file. Raises Refused if there is none, or if it has
    other tags than those of WebVTT."""
    lines = re.split(r"\r\n|\r|\n", _decoded(content))
    _check_tags(lines)
    count = sum(_SUBRIP_CUE.fullmatch(line.strip()) is not None for line in lines)
    if not count:
        raise Refused(_("There is no caption in this file."))
    return count


def check_timed_text(file: IO[bytes], media_type: str) -> None:
    """Check a file if it is one of captions; it is then at its start. Raises Refused with the line."""
    check = {WEBVTT: check_captions, SUBRIP: check_subrip}.get(media_type)
    if check is not None:
        file.seek(0)
        check(file.read(MAX_CAPTIONS_BYTES + 1))
        file.seek(0)


def _decoded(content: bytes) -> str:
    if len(content) > MAX_CAPTIONS_BYTES:
        raise Refused(_("The captions are larger than one megabyte: that is no file of captions."))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refused(_("The captions are not in UTF-8. Save them anew as WebVTT in UTF-8.")) from error


def _check_tags(lines: list[str]) -> None:
    for number, line in enumerate(lines, start=1):
        tags = list(_TAG.finditer(line))
        annotations = " ".join(tag["annotation"] or "" for tag in tags)
        if line.count("<") != len(tags) or _HANDLER.search(annotations) or _SCRIPT_ADDRESS.search(line):
            raise Refused(
                _(
                    "Line %(line)s of the captions has marks that players could run as a program. Only the "
                    "tags c, i, b, u, v, lang, ruby, rt and times are allowed."
                ),
                line=number,
            )


def _cue_milliseconds(line: str, number: int) -> tuple[int, int]:
    """Return start and end in milliseconds."""
    found = _CUE.fullmatch(line.strip())
    if found is None:
        raise Refused(
            _("Line %(line)s of the captions: times are written 00:01:02.500 --> 00:01:04.000."), line=number
        )
    parts = [int(part or 0) for part in found.groups()]
    start, end = (((h * 60 + m) * 60 + s) * 1000 + ms for h, m, s, ms in (parts[:4], parts[4:]))
    return start, end
