"""The one upload that is larger than all others: videos of the newsroom."""

from typing import Final

from django.conf import settings
from django.http import HttpRequest
from django.urls import Resolver404, resolve

from coalition.accounts.models import User
from coalition.accounts.session_check import read_session_state
from coalition.http.body_limits import register_upload_limit
from home.video_files import MAX_VIDEO_REQUEST_BYTES

_PERMISSIONS: Final = {
    "wagtailsnippets_home_publicvideo:add": "home.add_publicvideo",
    "wagtailsnippets_home_publicvideo:edit": "home.change_publicvideo",
}


def register_video_uploads() -> None:
    register_upload_limit(video_limit)


def video_limit(request: HttpRequest) -> int:
    """Return how many bytes this request may have for its video; 0 if it may send none."""
    return MAX_VIDEO_REQUEST_BYTES if may_send_video(request) else 0


def may_send_video(request: HttpRequest) -> bool:
    """Return whether the request is the form of a video, sent in a session of somebody who may send it.

    Called before the body is read and before any middleware, so it reads the session itself.
    """
    permission = _permission_of(request)
    if permission is None:
        return False
    standing = read_session_state(request.COOKIES.get(settings.SESSION_COOKIE_NAME, ""))
    person = User.objects.filter(pk=standing.user_id).first()
    return person is not None and person.has_perms(["wagtailadmin.access_admin", permission])


def _permission_of(request: HttpRequest) -> str | None:
    if request.method != "POST":
        return None
    try:
        return _PERMISSIONS.get(resolve(request.path_info).view_name)
    except Resolver404:
        return None
