"""The group `door`: 500 guests on a throttled phone, first paint, and check-ins sent after being
offline."""

import json
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, sync_playwright

from bench import demo_data
from bench.figures import Figure, at_most, told
from bench.server import serving
from tests.browser import ARGUMENTS, chromium

if TYPE_CHECKING:
    from events.models import PressGuest, PressRegistration

GUESTS = 500
ROUNDS = 3
# Lighthouse's slow 4G and a CPU four times slower.
SLOW = {"offline": False, "latency": 150, "downloadThroughput": 204_800, "uploadThroughput": 96_000}
SLOWER = 4
PERSON = "coordinator@demo.example"
PAINTED = """() => new Promise((resolve) => new PerformanceObserver((list) => {
  const [first] = list.getEntriesByName("first-contentful-paint");
  if (first) resolve(first.startTime);
}).observe({ type: "paint", buffered: true }))"""


def measure(_peer: str | None) -> list[Figure]:
    if chromium() is None:
        print("Chromium was not found: the door is not measured.")
        return []
    demo_data.prepare()
    with _door() as (registration, guests), serving("coalition.asgi:application") as ours:
        path = f"{ours}/workspaces/events/{registration.event.uuid}/press/door/codes/"
        session = _session()
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium(), args=[*ARGUMENTS])
            views = [_views(browser, path, session) for _round in range(ROUNDS)]
            taken, size = _sent(browser, path, session, guests)
            browser.close()
        _everybody_once(registration)
    return [
        at_most("door", f"{GUESTS} guests: first paint", _median(views, 0), "ms", reach=1000),
        told("door", "of which waiting for the server's answer", _median(views, 1), "ms"),
        at_most("door", f"{GUESTS} guests: first paint, opened again", _median(views, 2), "ms", reach=1000),
        at_most("door", f"{GUESTS} check-ins sent after a time offline", taken, "s", reach=5),
        told("door", f"{GUESTS} guests: the list on the wire", size / 1000, "kB"),
    ]


@contextmanager
def _phone(browser: Browser, session: str, path: str) -> Iterator[tuple[BrowserContext, Page, CDPSession]]:
    """Open a new throttled phone with an empty cache."""
    context = browser.new_context(viewport={"width": 360, "height": 740}, locale="kk")
    context.add_cookies([{"name": "sessionid", "value": session, "url": path}])
    page = context.new_page()
    devtools = context.new_cdp_session(page)
    devtools.send("Network.enable")
    devtools.send("Network.emulateNetworkConditions", SLOW)
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    try:
        yield context, page, devtools
    finally:
        context.close()


def _views(browser: Browser, path: str, session: str) -> tuple[float, float, float]:
    """Return first paint of a first visit, its time to first byte, and first paint of a second
    visit, in milliseconds."""
    with _phone(browser, session, path) as (_context, page, _devtools):
        page.goto(path)
        first: float = page.evaluate(PAINTED)
        waited: float = page.evaluate("() => performance.getEntriesByType('navigation')[0].responseStart")
        page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
        page.reload()
        again: float = page.evaluate(PAINTED)
        return first, waited, again


def _median(views: list[tuple[float, float, float]], which: int) -> float:
    return statistics.median(one[which] for one in views)


def _sent(browser: Browser, path: str, session: str, guests: "list[PressGuest]") -> tuple[float, int]:
    """Return the seconds from reconnecting until nothing is queued, and the size of the list in
    bytes."""
    with _phone(browser, session, path) as (_context, page, devtools):
        with page.expect_response(lambda answer: "changes.json" in answer.url) as first:
            page.goto(path)
        size = len(first.value.body())
        listed = "() => document.querySelector('#count').textContent.includes('500')"
        page.wait_for_function(listed, timeout=60_000)
        devtools.send("Network.emulateNetworkConditions", SLOW | {"offline": True})
        devtools.send("Emulation.setCPUThrottlingRate", {"rate": 1})  # people are slower than the phone
        _tick_all(page, guests)
        devtools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        begun = time.perf_counter()
        devtools.send("Network.emulateNetworkConditions", SLOW)
        nothing = "() => document.querySelector('#waiting').dataset.count === '0'"
        page.wait_for_function(nothing, timeout=60_000)
        return time.perf_counter() - begun, size


def _tick_all(page: Page, guests: "list[PressGuest]") -> None:
    """Enter every code as a keyboard scanner does."""
    from events.core.printed_codes import code_of

    for number, guest in enumerate(guests, start=1):
        page.evaluate(
            """async (code) => {
              document.querySelector('#code').value = code;
              document.querySelector('#enter').requestSubmit();
            }""",
            code_of(guest.uuid),
        )
        page.wait_for_function(
            "(number) => document.querySelector('#waiting').dataset.count === number", arg=str(number)
        )


def _everybody_once(registration: "PressRegistration") -> None:
    from events.models import PressTick

    found = PressTick.objects.filter(registration=registration, guest__came_at__isnull=False).count()
    if found != GUESTS:
        raise RuntimeError(f"{found} of {GUESTS} came: {json.dumps(str(registration))}")


@contextmanager
def _door() -> "Iterator[tuple[PressRegistration, list[PressGuest]]]":
    """Provide the demo's press conference with generated guests during the measurement."""
    from events.models import PressGuest, PressRegistration, PressTick
    from tests.events.press.registration.check_in.builders import many

    registration = PressRegistration.objects.select_related("event").get()
    kept = list(PressGuest.objects.filter(registration=registration))
    places = registration.places
    PressTick.objects.filter(registration=registration).delete()
    PressGuest.objects.filter(registration=registration).delete()
    PressRegistration.objects.filter(pk=registration.pk).update(places=GUESTS)
    try:
        yield registration, many(registration, GUESTS)
    finally:
        PressGuest.objects.filter(registration=registration).delete()
        PressGuest.objects.bulk_create(kept)
        PressRegistration.objects.filter(pk=registration.pk).update(places=places)


def _session() -> str:
    from django.test import Client

    from coalition.accounts.models import User
    from tests.conftest import sign_in

    return str(sign_in(Client(), User.objects.get(email=PERSON)).session.session_key)
