"""Heads that every answer has, whoever made it: of each address that is a key, and of some that are not."""

import re

import pytest
from django.test import Client

from tests.permissions import surfaces

pytestmark = pytest.mark.django_db
ARGUMENT = re.compile(r"<(\w+):\w+>")
SOME = {"str": "no-such-key", "slug": "none", "uuid": "01a21c92-acaf-7728-b18c-65736b7a4b7f", "int": "7"}
SOME |= {"coalition_language": "kk"}
BY_KEY = sorted(
    pattern
    for pattern, said in surfaces.listed()["urls"].items()
    if said.startswith("token") and "<str:token>" in pattern
)


@pytest.mark.parametrize("pattern", BY_KEY)
def test_what_a_key_opens_is_kept_nowhere_on_the_way(client: Client, pattern: str) -> None:
    """Not even that there is nothing: the address may be somebody's tomorrow."""
    path = ARGUMENT.sub(lambda found: SOME[found[1]], pattern).replace("<lang>", "kk")
    answer = client.get(path)
    assert answer.status_code != 302, "a key that opens nothing is not led to another address"
    assert {"no-store", "private"} <= set(answer["Cache-Control"].replace(" ", "").split(","))


@pytest.mark.parametrize(
    ("path", "loaded"),
    [("/kk/", "same-origin"), ("/workspaces/", "same-origin"), ("/media/none.jpg", "cross-origin")],
)
def test_only_public_pictures_may_stand_on_pages_of_others(client: Client, path: str, loaded: str) -> None:
    assert client.get(path)["Cross-Origin-Resource-Policy"] == loaded


def test_a_public_page_may_be_kept(client: Client) -> None:
    assert "no-store" not in client.get("/kk/").get("Cache-Control", "")
