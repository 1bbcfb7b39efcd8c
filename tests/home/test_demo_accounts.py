"""Production does not start while demo accounts are present."""

import os
import shutil
import subprocess
import sys

import pytest

from coalition.accounts.models import User
from home.checks import no_demo_accounts, refuse_demo_accounts
from tests import migrated
from tests.architecture.source import ROOT
from tests.factories import UserFactory


@pytest.fixture
def demo_account(db) -> User:
    return UserFactory(email="admin@demo.example", is_demo=True)


def test_production_refuses_demo_accounts(settings, demo_account):
    settings.REFUSE_DEMO_ACCOUNTS = True
    assert [message.id for message in no_demo_accounts(None)] == ["home.E001"]
    demo_account.delete()
    assert no_demo_accounts(None) == []


@pytest.mark.slow
def test_production_does_not_start_with_demo_accounts(tmp_path):
    """The real start, in its own process: migrate, make a demo account, load the application."""
    database = tmp_path / "production.sqlite3"
    if migrated.template().exists():
        shutil.copyfile(migrated.template(), database)
    address = f"sqlite:///{database}"
    script = (
        "import django; django.setup();"
        "from django.core.management import call_command as call; call('migrate', verbosity=0);"
        "from coalition.accounts.models import User;"
        "User.objects.create(email='admin@demo.example', name='Arman', is_demo=True);"
        "import coalition.asgi"
    )
    key = "q8Jx0mB1Xo5r0bq2v9m0kq3b7m8Xc2l5t1f6y4w0z9A="
    environment = {
        **{name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ},
        "DJANGO_SETTINGS_MODULE": "coalition.settings.production",
        "DATABASE_URL": address,
        "SECRET_KEY": "x" * 60,
        "NAMES_KEY": key,
        "TOTP_KEY": key,
        "VAPID_KEY": key,
        "SITE_URL": "https://coalition.example",
        "ALLOWED_HOSTS": "coalition.example",
        "EMAIL_URL": "smtp://localhost:25",
    }
    run = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert run.returncode != 0
    assert run.stderr.strip().splitlines()[-1].startswith("Demo accounts are present")


def test_a_clean_database_starts(settings, db):
    settings.REFUSE_DEMO_ACCOUNTS = False
    refuse_demo_accounts()
