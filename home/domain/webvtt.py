"""Captions as WebVTT: what a browser would drop without a word is refused in words.

https://www.w3.org/TR/webvtt1/#file-structure
"""

import re
from typing import Final

from django.utils.translation import gettext_lazy as _

from coalition.core.errors import Refused

LARGEST: Final = 1024 * 1024  # bytes: a day of talking
_STAMP: Final = r"(?:(\d{2,}):)?([0-5]\d):([0-5]\d)\.(\d{3})"
_CUE: Final = re.compile(rf"{_STAMP}[ \t]+-->[ \t]+{_STAMP}(?:[ \t].*)?")


def check_captions(content: bytes) -> int:
    """How many captions there are. Raises Refused, with the line, if it is no WebVTT that can be shown."""
    if len(content) > LARGEST:
        raise Refused(_("The captions are larger than one megabyte: that is no file of captions."))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refused(_("The captions are not in UTF-8. Save them anew as WebVTT in UTF-8.")) from error
    lines = re.split(r"\r\n|\r|\n", text)
    if "\x00" in text or not re.fullmatch(r"WEBVTT(?:[ \t].*)?", lines[0]):
        raise Refused(_("Captions begin with the line WEBVTT. Save them as WebVTT (.vtt), not as .srt."))
    count, before = 0, 0
    for number, line in enumerate(lines, start=1):
        if "-->" not in line:
            continue
        start, end = _times(line, number)
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


def _times(line: str, number: int) -> tuple[int, int]:
    """Beginning and end in milliseconds."""
    found = _CUE.fullmatch(line.strip())
    if found is None:
        raise Refused(
            _("Line %(line)s of the captions: times are written 00:01:02.500 --> 00:01:04.000."), line=number
        )
    parts = [int(part or 0) for part in found.groups()]
    start, end = (((h * 60 + m) * 60 + s) * 1000 + ms for h, m, s, ms in (parts[:4], parts[4:]))
    return start, end
