"""The inbox counts while a page is open, with a socket and without; a woken browser says one sentence."""

import re
from collections.abc import Callable
from contextlib import suppress

from playwright.sync_api import Browser, Page, TimeoutError as TooLate, expect

from tests.journeys.demo import Demo, Person, wait_until
from tests.journeys.eye import UUID

WITHOUT_SOCKETS = "window.WebSocket = class extends EventTarget { readyState = 3; send() {} close() {} }"
MINUTE = 61_000  # milliseconds
SENTENCE = "Something waits for you in the coalition"
READY = "async () => Boolean(await navigator.serviceWorker.ready)"
SHOWN = """async () => {
    const registration = await navigator.serviceWorker.ready;
    return (await registration.getNotifications()).map(({ title, body, data }) => [title, body, data]);
}"""


def _unread(page: Page) -> int:
    return int(page.locator('[data-counter="unread"]').get_attribute("data-count") or 0)


def _cancel_an_event(someone: Person) -> None:
    """Somebody who plans cancels the first event of the workspace that is told."""
    page = someone.go("/workspaces/all/")
    workspace = page.locator("main .rows a").first.get_attribute("href") or ""
    page = someone.go(f"{workspace}calendar/?view=agenda")
    links = re.findall(rf'href="(/workspaces/events/{UUID.pattern}/)"', page.content())
    for link in dict.fromkeys(links):
        page = someone.go(f"{link}cancel/")
        if page.locator("main form [type=submit]").count():
            page.locator("main form [type=submit]").first.click()
            return
    raise AssertionError("There is nothing to cancel.")


def test_the_inbox_counts_with_and_without_a_socket(person: Callable[..., Person]) -> None:
    reader, planner = person("contributor"), person("editor")
    with_socket = reader.go("/workspaces/inbox/")
    without = reader.context.new_page()
    without.add_init_script(WITHOUT_SOCKETS)
    without.clock.install()
    without.goto(f"{reader.demo.address}/workspaces/all/")
    before = _unread(with_socket)
    rows = with_socket.locator("#inbox li.unread").count()

    _cancel_an_event(planner)

    counter = '[data-counter="unread"]'
    expect(with_socket.locator(counter)).to_have_attribute("data-count", str(before + 1))
    expect(with_socket.locator("#inbox li.unread")).to_have_count(rows + 1)
    assert _unread(without) == before
    without.clock.fast_forward(MINUTE)
    expect(without.locator(counter)).to_have_attribute("data-count", str(before + 1))

    with_socket.locator("#inbox li.unread a").first.click()
    with_socket.wait_for_url(re.compile(r"/workspaces/events/"))
    expect(without.locator(counter)).to_have_attribute("data-count", str(before + 1))
    without.clock.fast_forward(MINUTE)
    assert _unread(with_socket) == before
    expect(without.locator(counter)).to_have_attribute("data-count", str(before))


def test_a_woken_browser_says_one_sentence(demo: Demo, whole_browser: Browser) -> None:
    """The push comes from the browser's own tools: its real service is not reached from a test."""
    reader = Person(demo, whole_browser).sign_in("contributor")
    reader.choose_language("en")
    reader.context.grant_permissions(["notifications"], origin=reader.demo.address)
    page = reader.go("/workspaces/notifications/")
    expect(page.locator("[data-push-allow]")).to_be_visible()
    tools = reader.context.new_cdp_session(page)
    versions: list[dict[str, object]] = []
    tools.on("ServiceWorker.workerVersionUpdated", lambda told: versions.extend(told["versions"]))
    tools.send("ServiceWorker.enable")
    page.evaluate(
        """async () => {
            const { worker } = document.querySelector("[data-push]").dataset;
            await navigator.serviceWorker.register(worker, { scope: "/workspaces/" });
        }"""
    )

    def activated() -> bool:
        page.evaluate(READY)  # the browser's tools tell meanwhile
        return any(version["status"] == "activated" for version in versions)

    wait_until(activated, "a service worker")
    registration = versions[-1]["registrationId"]
    message = {"origin": reader.demo.address, "registrationId": registration, "data": ""}

    def woken() -> bool:
        """A busy browser may lose a push; one that comes twice takes the place of the first."""
        tools.send("ServiceWorker.deliverPushMessage", message)
        with suppress(TooLate):
            page.wait_for_function(f"async () => (await ({SHOWN})()).length > 0", timeout=2000)
        return bool(page.evaluate(SHOWN))

    wait_until(woken, "a notification")
    assert page.evaluate(SHOWN) == [[SENTENCE, "", None]]
