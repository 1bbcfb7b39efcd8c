"""What a server loads before it answers."""

import os
import subprocess
import sys

import pytest

pytestmark = pytest.mark.slow

# Large, and not needed to answer a page; then clients of services that are not set up.
LATER = ("fontTools", "openpyxl", "typst", "holidays", "redis", "prometheus_client", "sentry_sdk")
ASKED = f"""
import sys
import coalition.asgi
print(*[name for name in {LATER!r} if name in sys.modules])
from django.urls import resolve
print(resolve("/healthz").func.__module__ in sys.modules, "wagtail.admin.urls" in sys.modules)
"""


def test_a_server_loads_its_views_and_not_what_few_ask_for() -> None:
    told = subprocess.run(
        [sys.executable, "-c", ASKED],
        env=os.environ
        | {"DJANGO_SETTINGS_MODULE": "coalition.settings.test"}
        | {"DATABASE_URL": "sqlite:///:memory:", "REDIS_URL": ""},
        check=True,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert told.stdout.splitlines() == ["", "True True"]
