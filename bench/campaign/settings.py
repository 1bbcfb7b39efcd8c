"""The demo's settings, with mail that is not sent."""

from bench.settings import *  # noqa: F403  as the settings of Django are made

SUPPORT_DISPOSABLE_DOMAINS = frozenset({"throw-away.example"})  # of tests/campaigns/appeals/crowds.py
MAILERS = {"default": {"BACKEND": "django.core.mail.backends.dummy.EmailBackend"}}
