"""Production's cookies, as its own settings name them and the real pages set them."""

import json
import os
import subprocess
import sys
from typing import Any

import pytest
from django.contrib.messages import constants
from django.contrib.messages.storage import default_storage
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.utils.module_loading import import_string

from tests.architecture.source import ROOT
from tests.architecture.test_production import INHERITED, NEEDED
from tests.factories import PASSWORD, MembershipFactory

ASK = """
import json
from coalition.settings import production
told = {name: value for name, value in vars(production).items()
        if "COOKIE" in name or name in {"MESSAGE_STORAGE"}}
print(json.dumps(told))
"""


@pytest.fixture
def production(settings: Any, tmp_path: Any) -> None:
    """The test's settings with all that production says of cookies."""
    kept = {name: os.environ[name] for name in INHERITED if name in os.environ}
    done = subprocess.run(
        [sys.executable, "-c", ASK],
        cwd=ROOT,
        env=kept | NEEDED | {"DATA_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    for name, value in json.loads(done.stdout).items():
        setattr(settings, name, value)


def asked() -> HttpRequest:
    request = RequestFactory().get("/", secure=True)
    request.session = SessionStore()
    return request


@pytest.mark.django_db
def test_every_cookie_of_production_is_bound_to_its_host(production: None, settings: Any) -> None:
    person = MembershipFactory().person
    person.emailaddress_set.create(email=person.email, verified=True, primary=True)
    browser = Client()
    browser.get("/accounts/login/", secure=True)
    browser.post("/accounts/login/", {"login": person.email, "password": PASSWORD}, secure=True)
    browser.post("/accounts/language/", {"language": "ru"}, secure=True)
    answer = HttpResponse()
    waiting = default_storage(asked())
    waiting.add(constants.INFO, "Saved.")
    waiting.update(answer)
    cookies = [*browser.cookies.values(), *answer.cookies.values()]
    assert len(cookies) >= 4
    for cookie in cookies:
        assert cookie.key.startswith("__Host-"), cookie.key
        assert cookie["secure"], cookie.key
        assert cookie["httponly"], cookie.key
        assert cookie["samesite"] == "Lax", cookie.key
        assert (cookie["path"], cookie["domain"]) == ("/", ""), cookie.key


def test_a_message_that_waits_is_read_once(production: None, settings: Any) -> None:
    storage = import_string(settings.MESSAGE_STORAGE)
    request = asked()
    waiting, answer = storage(request), HttpResponse()
    waiting.add(constants.INFO, "Saved.")
    waiting.update(answer)
    request.COOKIES = {name: morsel.value for name, morsel in answer.cookies.items()}
    shown, after = storage(request), HttpResponse()
    assert [str(one) for one in shown] == ["Saved."]
    shown.update(after)
    assert [morsel.value for morsel in after.cookies.values()] == [""]
