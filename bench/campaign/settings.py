"""The demo's settings, with mails that go nowhere."""

from bench.settings import *  # noqa: F403  as the settings of Django are made

MAILERS = {"default": {"BACKEND": "django.core.mail.backends.dummy.EmailBackend"}}
