"""The transfer size of a page's first view, counted by Chromium."""

from typing import Any

from playwright.sync_api import sync_playwright

from tests.browser import ARGUMENTS, chromium


def first_view_kilobytes(url: str, *, any_certificate: bool = False) -> float:
    """Return the bytes transferred, in thousands, without photographs (SVG drawings count).

    The cache is empty and the window has a phone's size, so that lazy pictures are not loaded.
    """
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=[*ARGUMENTS])
        try:
            page = browser.new_page(
                viewport={"width": 360, "height": 740}, locale="kk", ignore_https_errors=any_certificate
            )
            session = page.context.new_cdp_session(page)
            counted = _Counted()
            session.on("Network.responseReceived", counted.answer)
            session.on("Network.loadingFinished", counted.finished)
            session.send("Network.enable")
            page.goto(url, wait_until="networkidle")
            return counted.total() / 1000
        finally:
            browser.close()


class _Counted:
    """Sum up what the browser reports; photographs are recognised by their type."""

    def __init__(self) -> None:
        self._types: dict[str, str] = {}
        self._sizes: dict[str, float] = {}

    def answer(self, event: dict[str, Any]) -> None:
        self._types[event["requestId"]] = event["response"]["mimeType"]

    def finished(self, event: dict[str, Any]) -> None:
        self._sizes[event["requestId"]] = event["encodedDataLength"]

    def total(self) -> float:
        return sum(size for request, size in self._sizes.items() if not self._is_photograph(request))

    def _is_photograph(self, request: str) -> bool:
        kind = self._types.get(request, "")
        return kind.startswith("image/") and kind != "image/svg+xml"
