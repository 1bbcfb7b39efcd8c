"""Health, public files, and what starts nowhere but in the demo."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages

pytestmark = pytest.mark.django_db


def test_the_process_is_up(client):
    assert client.get("/healthz").content == b"ok\n"


def test_readiness_asks_database_migrations_storage_and_styles(client, monkeypatch):
    from home.views import root as views_root  # its table of checks is what is broken here

    assert client.get("/readyz").status_code == 200
    monkeypatch.setitem(views_root._CHECKS, "database", lambda: 1 / 0)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.content) == (503, b"not ready: database\n")


async def test_public_files_are_streamed(async_client, db):
    name = storages["public"].save("images/long.png", ContentFile(b"p" * 200_000))
    answer = await async_client.get(f"/media/{name}")
    parts = [part async for part in answer]
    assert len(parts) > 1
    assert b"".join(parts) == b"p" * 200_000
    assert answer["Content-Type"] == "image/png"
    assert "immutable" in answer["Cache-Control"]
    storages["public"].delete(name)


@pytest.mark.parametrize(
    "path", ["../database", "images/../../database", "%2e%2e/database", "%00", "none.png"]
)
async def test_nothing_beside_the_public_files_is_served(async_client, path):
    assert (await async_client.get(f"/media/{path}")).status_code == 404


def test_the_demo_has_no_address_here(client):
    for answer in (client.get("/demo/"), client.post("/demo/sign-in/", {"email": "admin@demo.example"})):
        assert answer.url.startswith("/kk/demo/")  # as any address that the site does not have
        assert client.get(answer.url).status_code == 404
