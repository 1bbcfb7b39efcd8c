"""Message storage in a cookie that only this host may set and read."""

from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage


class HostCookie(CookieStorage):
    """Production's cookie: browsers accept the name over https only. deploy/nginx.conf uses it too."""

    cookie_name = "__Host-messages"


class WaitingMessages(FallbackStorage):
    storage_classes = (HostCookie, SessionStorage)
