"""Validation and size limit of public videos."""

import re
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest
from django.urls import Resolver404, resolve
from django.utils.translation import gettext_lazy as _

from coalition.accounts.models import User
from coalition.accounts.sign_in import read_session_state
from coalition.core.errors import Refused
from coalition.http.body_limits import register_upload_limit
from documents.files.metadata.media import IN_PLACE
from documents.files.metadata.sound import NotCleaned, apply_overwrites
from documents.files.metadata.worker import not_cleaned_reason
from documents.files.types import detect_file_type

MAX_VIDEO_BYTES: Final = 300 * 1024 * 1024  # bytes: half an hour that a phone can still load
MAX_VIDEO_REQUEST_BYTES: Final = (
    MAX_VIDEO_BYTES + 10 * 1024 * 1024
)  # bytes: with captions, transcripts and the form
VIDEO_SUFFIXES: Final = {"video/mp4": ".mp4", "video/webm": ".webm"}


def clean_video(file: Any, name: str) -> str:
    """Overwrite the metadata of an upload in place: location, people, programs and times.

    `file` is open for reading and writing; it is rewound afterwards. Return the media type. Raises
    Refused with a message if it is no video, is too large, or cannot be cleaned.
    """
    if file.size > MAX_VIDEO_BYTES:
        raise Refused(
            _("The video has %(size)s MB, the limit is %(limit)s MB. Save it smaller."),
            size=-(-file.size // 1024**2),
            limit=MAX_VIDEO_BYTES // 1024**2,
        )
    kind = detect_file_type(file, name)
    if kind.media_type not in VIDEO_SUFFIXES:
        raise Refused(_("Videos are taken as MP4 (.mp4) or WebM (.webm)."))
    try:
        apply_overwrites(file, IN_PLACE[kind.media_type](file))
    except NotCleaned as error:
        raise Refused(not_cleaned_reason(error.code)) from error
    file.seek(0)
    return kind.media_type


# WebVTT captions: what a browser would silently drop is refused with a message.
# https://www.w3.org/TR/webvtt1/#file-structure

MAX_CAPTIONS_BYTES: Final = 1024 * 1024  # bytes: a day of speech
_STAMP: Final = r"(?:(\d{2,}):)?([0-5]\d):([0-5]\d)\.(\d{3})"
_CUE: Final = re.compile(rf"{_STAMP}[ \t]+-->[ \t]+{_STAMP}(?:[ \t].*)?")


def check_captions(content: bytes) -> int:
    """Return the number of captions. Raises Refused, with the line, if it is not valid WebVTT."""
    if len(content) > MAX_CAPTIONS_BYTES:
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


_PERMISSIONS: Final = {
    "wagtailsnippets_home_publicvideo:add": "home.add_publicvideo",
    "wagtailsnippets_home_publicvideo:edit": "home.change_publicvideo",
}


def register_video_uploads() -> None:
    register_upload_limit(lambda request: MAX_VIDEO_REQUEST_BYTES if may_send_video(request) else 0)


def may_send_video(request: HttpRequest) -> bool:
    """Return whether the request is a video form of a session with the permission.

    Called before the body is read and before any middleware, so it reads the session itself.
    """
    try:
        permission = _PERMISSIONS.get(resolve(request.path_info).view_name)
    except Resolver404:
        return False
    if permission is None or request.method != "POST":
        return False
    standing = read_session_state(request.COOKIES.get(settings.SESSION_COOKIE_NAME, ""))
    person = User.objects.filter(pk=standing.user_id).first()
    return person is not None and person.has_perms(["wagtailadmin.access_admin", permission])
