"""The page of a text stays light, and no other page carries the editor."""

import gzip
import re
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.urls import reverse

MOST = 250 * 1000  # bytes, packed: all scripts of the page together


def _scripts(page: str) -> list[str]:
    return re.findall(r'<script src="/static/([^"?]+)"', page)


def _packed(name: str) -> int:
    path = finders.find(name)
    if path is None:
        pytest.skip("needs the built scripts (node assets/build.mjs)")
    return len(gzip.compress(Path(str(path)).read_bytes(), 9))


def test_the_scripts_of_a_text_are_small(room: Any, text: Any, client_of: Any) -> None:
    page = client_of(room.user("editor")).get(text.get_absolute_url()).content.decode()
    scripts = _scripts(page)
    assert any(name.startswith("editor") for name in scripts)
    assert sum(map(_packed, scripts)) <= MOST


def test_other_pages_go_without_the_editor(room: Any, draft: Any, client_of: Any) -> None:
    client = client_of(room.user("editor"))
    for address in (
        reverse("documents:drafts", args=[room.workspace.uuid]),
        reverse("documents:versions", args=[draft.uuid, "kk"]),
        reverse("workspaces:dashboard"),
    ):
        scripts = _scripts(client.get(address, follow=True).content.decode())
        assert scripts, address
        assert not any(name.startswith("editor") for name in scripts), address
