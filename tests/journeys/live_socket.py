"""The live socket of an open page, as the page itself would hold it."""

import time

from playwright.sync_api import Page

OPEN = """() => new Promise((opened, failed) => {
    const socket = new WebSocket(location.origin.replace("http", "ws") + "/ws/live/");
    socket.onopen = () => socket.send('{"ping": 1}');
    socket.onmessage = () => opened(true);
    socket.onerror = () => failed(new Error("no socket"));
    window.socketClosed = new Promise((closed) => {
        socket.onclose = (event) => closed({ code: event.code, at: Date.now() });
    });
})"""
# How long it took is measured; ten seconds only keep a test from waiting for ever.
CLOSED = """() => Promise.race([
    window.socketClosed,
    new Promise((_, failed) => setTimeout(() => failed(new Error("still open")), 10000)),
])"""


def hold_socket(page: Page) -> None:
    """Open a socket and wait for its first answer: the server knows by then whose it is."""
    page.evaluate(OPEN)


def closed_after(page: Page, moment: float) -> tuple[int, float]:
    """The code the socket was closed with, and how many seconds after the moment (`time.time()`)."""
    told = page.evaluate(CLOSED)
    return told["code"], told["at"] / 1000 - moment


def answered(page: Page, press: str) -> float:
    """Press a button and return the moment its POST was answered: from then on the change holds."""
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.locator(press).click()
    return time.time()
