"""1,000 taps of a volunteer's phone that was offline, sent on a slow line. Import after `django.setup()`."""

import time

from playwright.sync_api import Page, sync_playwright

from bench.figures import Figure, at_most, not_measured
from tests.browser import ARGUMENTS, chromium

GROUP = "campaign"
TAPS = 1000
NAME = f"{TAPS} taps sent after a time offline"
MOST_SECONDS = 5
# Lighthouse's slow 4G and a CPU four times slower.
SLOW = {"offline": False, "latency": 150, "downloadThroughput": 204_800, "uploadThroughput": 96_000}
SLOWER = 4
ALL_SENT = "() => document.querySelector('#waiting').dataset.count === '0'"
LONGEST = 60_000  # milliseconds


def prepare_table() -> str:
    """Open a table of another appeal than the one under load. Return the path of its link in Kazakh."""
    from tests.campaigns.in_person.builders import address, opened, table_stage

    made, version = table_stage(slug="bench-table")
    return address(opened(made, version), language="kk")


def taps_sent(url: str) -> list[Figure]:
    """Tap without a connection; return how long sending takes once there is one. Raises RuntimeError if the
    server has another number then."""
    if chromium() is None:
        return [not_measured(GROUP, NAME, "no Chromium", unit="s", reach=MOST_SECONDS)]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=[*ARGUMENTS])
        page = browser.new_page(viewport={"width": 360, "height": 740}, locale="kk")
        seconds = _measured(page, url)
        total = page.locator("#total-taps").text_content()
        browser.close()
    if total != str(TAPS):
        raise RuntimeError(f"the server counted {total} of {TAPS} taps")
    return [at_most(GROUP, NAME, seconds, "s", reach=MOST_SECONDS)]


def _measured(page: Page, url: str) -> float:
    devtools = page.context.new_cdp_session(page)
    devtools.send("Network.enable")
    page.goto(url)
    page.wait_for_selector("#line[data-line=on]")
    page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
    devtools.send("Network.emulateNetworkConditions", SLOW | {"offline": True})
    page.evaluate(
        "n => { for (let i = 0; i < n; i++) document.querySelector('#taps .table__plus').click(); }", TAPS
    )
    tapped = "n => document.querySelector('#own').textContent === String(n)"
    page.wait_for_function(tapped, arg=TAPS, timeout=LONGEST)
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    begun = time.perf_counter()
    devtools.send("Network.emulateNetworkConditions", SLOW)
    page.wait_for_function(ALL_SENT, timeout=LONGEST)
    return time.perf_counter() - begun
