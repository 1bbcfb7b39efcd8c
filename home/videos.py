"""Validation and size limit of public videos."""

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
