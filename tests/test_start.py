"""What a server loads before it answers."""

import os
import subprocess
import sys

import pytest

pytestmark = pytest.mark.slow

# For PDFs, workbooks and Wagtail's API: large, and not needed by who asks for a page. Then what libraries
# load if they find it, and clients of services that this server has not got.
LATER = ("fontTools", "openpyxl", "typst", "ninja", "holidays")
LATER += (
    "pillow_heif",
    "requests",
    "yaml",
    "pygments",
    "psycopg",
    "redis",
    "prometheus_client",
    "sentry_sdk",
)
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
