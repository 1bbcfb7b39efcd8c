"""Messages that wait for the next page, in a cookie that only this very host may set and read."""

from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage


class HostCookie(CookieStorage):
    """Production's: browsers take a cookie of this name over https alone. deploy/nginx.conf knows it too."""

    cookie_name = "__Host-messages"


class WaitingMessages(FallbackStorage):
    storage_classes = (HostCookie, SessionStorage)
