"""The scripts of the editor page, and a check that no other page loads them."""

from typing import Any

from playwright.sync_api import sync_playwright

from bench.figures import Figure, at_most
from bench.realtime import people
from bench.server import serving
from tests.browser import ARGUMENTS, chromium

SCRIPT = 250  # kB as transferred, compressed


def measure() -> list[Figure]:
    from django.conf import settings
    from django.urls import reverse

    from documents.models import DraftText

    if chromium() is None:
        print("Chromium was not found: the editor's script is not measured.")
        return []
    [document] = people.typists(texts=1, together=1)
    text = DraftText.objects.select_related("draft__workspace").get(uuid=document["name"])
    cookies = document["cookies"]
    assert isinstance(cookies, list)
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": cookies[0]}
    others = [
        "/kk/",
        reverse("workspaces:dashboard"),
        reverse("documents:drafts", args=[text.draft.workspace.uuid]),
    ]
    with serving("coalition.asgi:application") as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=[*ARGUMENTS])
        page = browser.new_context().new_page()
        page.context.add_cookies([cookie | {"url": address}])
        scripts = _scripts(page, address + text.get_absolute_url())
        elsewhere = {name for path in others for name in _scripts(page, address + path)}
        browser.close()
    own = {name: size for name, size in scripts.items() if name not in elsewhere}
    editors = [name for name in elsewhere if "editor" in name]
    return [
        at_most(
            "realtime", "editor page: script, compressed", sum(scripts.values()) / 1000, "kB", reach=SCRIPT
        ),
        at_most("realtime", "other pages: scripts of the editor", len(editors) + (not own), "files", reach=0),
    ]


def _scripts(page: Any, url: str) -> dict[str, float]:
    """Return address → bytes transferred, of every script of the page with an empty cache."""
    session = page.context.new_cdp_session(page)
    names: dict[str, str] = {}
    sizes: dict[str, float] = {}

    def answer(event: dict[str, Any]) -> None:
        if event["type"] == "Script":
            names[event["requestId"]] = event["response"]["url"].rsplit("/", 1)[-1]

    def finished(event: dict[str, Any]) -> None:
        if event["requestId"] in names:
            sizes[names[event["requestId"]]] = event["encodedDataLength"]

    session.on("Network.responseReceived", answer)
    session.on("Network.loadingFinished", finished)
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    page.goto(url, wait_until="load")
    page.wait_for_timeout(1500)  # scripts loaded by scripts
    session.detach()
    return sizes
