"""Production starts with what docs/running.md says it needs, and stops with one line without it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from tests.architecture.source import ROOT
from tests.deploy.variables import variables

pytestmark = pytest.mark.slow

NEEDED = {
    "SECRET_KEY": "a-long-secret-for-this-test-" * 3,
    "NAMES_KEY": Fernet.generate_key().decode(),
    "TOTP_KEY": Fernet.generate_key().decode(),
    "SITE_URL": "https://coalition.example",
    "ALLOWED_HOSTS": "coalition.example",
    "EMAIL_URL": "smtp+tls://user:password@mail.example:587",
}
INHERITED = ("PATH", "HOME", "LANG")


def _check(folder: Path, environment: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    own = {
        "DJANGO_SETTINGS_MODULE": "coalition.settings.production",
        "DATA_DIR": str(folder),
        "DATABASE_URL": f"sqlite:///{folder}/coalition.sqlite3",
    }
    kept = {name: os.environ[name] for name in INHERITED if name in os.environ}
    return subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT,
        env=kept | own | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_with_everything_it_needs_production_has_no_findings(tmp_path: Path) -> None:
    done = _check(tmp_path, NEEDED)
    assert done.returncode == 0, done.stderr


def test_a_network_of_caches_is_told_which_pages_to_forget(tmp_path: Path) -> None:
    done = _check(tmp_path, NEEDED | {"CDN_PURGE": "https://cdn.example/"})
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("missing", NEEDED)
def test_what_is_missing_is_named_in_one_line(tmp_path: Path, missing: str) -> None:
    done = _check(tmp_path, {name: value for name, value in NEEDED.items() if name != missing})
    assert done.returncode != 0
    assert done.stderr.startswith(missing)
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("SECRET_KEY", "short"),
        ("SITE_URL", "http://coalition.example"),
        ("DATABASE_URL", "nonsense"),
        ("NAMES_KEY", "no key"),
        ("TOTP_KEY", f"{Fernet.generate_key().decode()},no key"),
        ("EMAIL_URL", "carrier-pigeon://loft"),
        ("WORKER", "outside"),
        ("LOG_FORMAT", "xml"),
        ("METRICS_ADDRESS", "9108"),
        ("SENTRY_DSN", "glitchtip.example"),
    ],
    ids=[
        "short-secret",
        "no-https",
        "database",
        "names-key",
        "second-totp-key",
        "mail",
        "worker",
        "log",
        "metrics",
        "error-reports",
    ],
)
def test_what_is_wrong_is_named_in_one_line(tmp_path: Path, name: str, wrong: str) -> None:
    done = _check(tmp_path, NEEDED | {name: wrong})
    assert done.returncode != 0
    assert done.stderr.startswith(name)
    assert len(done.stderr.splitlines()) == 1


def test_what_is_dangerous_is_said_with_its_variable(tmp_path: Path) -> None:
    """One of each kind; tests/home/test_checks.py has them all."""
    done = _check(
        tmp_path, NEEDED | {"METRICS_ADDRESS": "0.0.0.0:9108", "PAGES_KEPT": "60", "ALLOWED_HOSTS": "*"}
    )
    assert done.returncode != 0
    for name in ("METRICS_ADDRESS", "PAGES_TOLD", "ALLOWED_HOSTS"):
        assert name in done.stderr, name


def test_every_variable_that_is_read_is_in_the_guide() -> None:
    """And what the files of deploy/ set is read (tests/deploy/test_files.py)."""
    guide = (ROOT / "docs" / "running.md").read_text(encoding="utf-8")
    assert {name for name in variables() if f"`{name}`" not in guide} == set()
