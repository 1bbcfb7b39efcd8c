"""What a careful eye finds on a page: axe's faults, sideways scroll, complaints of the browser."""

import re
from dataclasses import dataclass, field
from typing import ClassVar

from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # no types
from playwright.sync_api import ConsoleMessage, Page

from tests.journeys.checker import Sources
from tests.journeys.demo import Person

OPTIONS = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")
REFUSED = "the server responded with a status of"  # Chromium's word on a page that is a 404 by intention

# The first two things of a list in the page's main part that cover each other, by more than their borders.
OVERLAPPING = """() => {
    for (const list of document.querySelectorAll("main :is(ul, ol)")) {
        const boxes = [...list.children].map((one) => [one, one.getBoundingClientRect()])
            .filter(([one, box]) => box.width && box.height && getComputedStyle(one).position === "static");
        for (const [number, [one, a]] of boxes.entries())
            for (const [, b] of boxes.slice(number + 1))
                if (Math.min(a.right, b.right) - Math.max(a.left, b.left) > 4
                    && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 4)
                    return one.outerHTML.slice(0, 120);
    }
    return "";
}"""


@dataclass
class Eye:
    """Looks at pages with one person's browser and remembers every fault it sees."""

    someone: Person
    language: str
    faults: list[str] = field(default_factory=list)
    sources: ClassVar[Sources | None] = None  # where the HTML of pages is kept, to be checked together

    def __post_init__(self) -> None:
        page = self.someone.page
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.faults.append(f"{self._where()}: script error: {error}"))

    def look(self, path: str, *, status: int = 200) -> Page:
        """Open the page and look at it whole."""
        page = self.someone.page
        answer = page.goto(path if path.startswith("http") else self.someone.demo.address + path)
        if answer is None or answer.status != status:
            self.faults.append(f"{path}: answers {answer and answer.status}, not {status}")
        elif self.sources is not None:
            self.sources.add(self._where(), answer.body())
        return self.look_again()

    def look_again(self) -> Page:
        """Look at the page as it stands now, for example with a dialog open."""
        page = self.someone.page
        lang = page.locator("html").get_attribute("lang")
        if lang != self.language:
            self.faults.append(f"{self._where()}: says it is in {lang!r}, not {self.language!r}")
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if wide > 0:
            self.faults.append(f"{self._where()}: scrolls sideways by {wide} px: {self._too_wide()}")
        if over := page.evaluate(OVERLAPPING):
            self.faults.append(f"{self._where()}: things in a list lie on each other: {over}")
        for found in Axe().run(page, options=OPTIONS).response["violations"]:
            places = "; ".join(node["html"][:200] for node in found["nodes"][:3])
            self.faults.append(f"{self._where()}: {found['id']} ({found['help']}): {places}")
        return page

    def _too_wide(self) -> str:
        """The innermost elements that reach past the edge, to find the cause."""
        found: str = self.someone.page.evaluate(
            """() => [...document.querySelectorAll("body *")]
                .filter((one) => one.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
                .slice(-3).map((one) => one.outerHTML.slice(0, 120)).join("; ")"""
        )
        return found

    def _heard(self, message: ConsoleMessage) -> None:
        """Errors and warnings, which are also how Chromium tells a breach of the CSP."""
        if message.type in {"error", "warning"} and REFUSED not in message.text:
            self.faults.append(f"{self._where()}: console: {message.text[:300]}")

    def _where(self) -> str:
        path = UUID.sub("…", self.someone.page.url.removeprefix(self.someone.demo.address))
        size = self.someone.page.viewport_size or {"width": 0}
        return f"{path} ({self.language}, {size['width']} px)"
