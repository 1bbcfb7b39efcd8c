"""Opens whatever a person can reach, once for each kind of address, and hears all that the browser says.

An address is known by its pattern (`tests/permissions/surfaces.toml`): a thousand drafts are one page.
"""

import re
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from django.urls import Resolver404, resolve
from django.utils.translation import get_language_from_path, override
from playwright.sync_api import APIResponse, ConsoleMessage, Error as BrowserError, Page, Request, Response

from tests.journeys.demo import Demo, Person
from tests.journeys.eye import REFUSED

ARGUMENT = re.compile(r"<[^<>]+>")
ADDRESS = re.compile(r"https?://localhost:\d+[^\s<>\"')]+")
FILE = re.compile(r"\.[a-z]{2,4}$|/(file|download|picture|export|all)/$")
CHECKED = "axe.run results"  # Wagtail's checker tells its editors what an unfinished page lacks
TICKED = "/cms/bulk/"  # a script adds what was ticked in the list; without it there is nothing there
GONE_ON = ("net::ERR_ABORTED", "net::ERR_NETWORK_CHANGED")  # the page was left while it was asking
TELL = """document.addEventListener("securitypolicyviolation", (one) => window.toldOfViolation(
    `${one.violatedDirective} ${one.blockedURI} ${one.sourceFile}:${one.lineNumber}`));"""
LINKS = """() => [...document.querySelectorAll("a[href], iframe[src]")].map((one) => one.href || one.src)
    .filter((one) => typeof one === "string")"""


@dataclass(frozen=True)
class Seen:
    """One answer: to whom, at which kind of address, with which headers (names in small letters)."""

    who: str
    pattern: str
    path: str
    status: int
    headers: dict[str, str]

    @property
    def is_page(self) -> bool:
        return self.headers.get("content-type", "").startswith("text/html")


@dataclass
class Known:
    """What all crawlers have found together: addresses of each kind, and answers."""

    begun: dict[str, dict[str, None]] = field(default_factory=dict)
    seen: list[Seen] = field(default_factory=list)

    def add(self, path: str) -> str:
        """Keep the address; returns its pattern, or nothing for what is none of ours."""
        pattern = pattern_of(path)
        for prefix, started in _beginnings(pattern, path) if pattern else ():
            self.begun.setdefault(prefix, {})[started] = None
        return pattern

    def filled(self, pattern: str, most: int) -> Iterable[str]:
        """Addresses of this kind, made of what was found: at most so many."""
        *_, last = ("", *ARGUMENT.finditer(pattern))
        if not last:
            return [pattern]
        end = last.end()
        return [started + pattern[end:] for started in [*self.begun.get(pattern[:end], ())][:most]]


def pattern_of(path: str) -> str:
    """The pattern behind a path as surfaces.toml writes it, or nothing."""
    language = get_language_from_path(path)
    try:
        with override(language or "en"):
            route = "/" + resolve(path).route
    except Resolver404:
        return ""
    return route.replace(f"/{language}/", "/<lang>/", 1) if language else route


def _beginnings(pattern: str, path: str) -> Iterator[tuple[str, str]]:
    """The pattern up to each of its arguments, with the path up to there."""
    expression, last = "", 0
    for argument in ARGUMENT.finditer(pattern):
        expression += re.escape(pattern[last : argument.start()])
        expression += ".+" if argument[0].startswith("<path:") else "[^/]+?"
        last = argument.end()
        following = re.escape(pattern[last : last + 1])
        if found := re.match(f"({expression})(?:{following or '$'})", path):
            yield pattern[:last], found[1]


class Crawler:
    """One person at a browser who follows links, and hears everything."""

    def __init__(self, someone: Person, who: str, known: Known) -> None:
        self.someone, self.who, self.known = someone, who, known
        self.faults: list[str] = []
        self.opened: set[str] = set()
        self._host = urlsplit(someone.demo.address).netloc
        page = someone.page
        someone.context.expose_function("toldOfViolation", self._violated)
        someone.context.add_init_script(TELL)
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self._fault(f"script error: {error}"))
        page.on("request", self._asked)
        page.on("requestfailed", self._failed)
        page.on("response", self._answered)

    @property
    def page(self) -> Page:
        return self.someone.page

    def crawl(self, starts: Iterable[str], *, most: int, passed: Iterable[str] = ()) -> None:
        """Follow links breadth-first from these addresses: one page of each kind that is not passed."""
        waiting, queued = deque(starts), set(passed)
        while waiting and len(self.opened) < most:
            for link in self.open(waiting.popleft()):
                pattern = self.known.add(link)
                if pattern and pattern not in queued and not pattern.startswith(TICKED):
                    queued.add(pattern)
                    waiting.append(link)

    def open(self, path: str) -> list[str]:
        """Open one address; returns the paths that it links to."""
        if FILE.search(path):
            self._fetch(path)
            return []
        try:
            answer = self.page.goto(self.someone.demo.address + path)
        except BrowserError as error:
            if "Download is starting" not in error.message:
                raise
            self._fetch(path)
            return []
        if answer is None or answer.status != 200:
            self._fault(f"{path} answers {answer and answer.status}")
            return []
        self.opened.add(self.known.add(self._path(self.page.url)))
        return [self._path(link) for link in self.page.evaluate(LINKS) if urlsplit(link).netloc == self._host]

    def status(self, path: str) -> int:
        """What this person is answered there, without a browser and without following."""
        return self.someone.status(path)

    def _fetch(self, path: str) -> None:
        answer: APIResponse = self.someone.context.request.get(self.someone.demo.address + path)
        self._keep(path, answer.status, answer.headers)
        if answer.status == 200:
            self.opened.add(self.known.add(path))
        else:
            self._fault(f"{path} answers {answer.status}")

    def _keep(self, path: str, status: int, headers: dict[str, str]) -> None:
        self.known.seen.append(Seen(self.who, pattern_of(path), path, status, headers))

    def _path(self, address: str) -> str:
        return urlsplit(address).path

    def _fault(self, what: str) -> None:
        told = f"{self.who} at {self._path(self.page.url)}: {what[:300]}"
        if told not in self.faults:
            self.faults.append(told)

    def _violated(self, what: str) -> None:
        self._fault(f"breach of the policy: {what}")

    def _heard(self, message: ConsoleMessage) -> None:
        said = message.text
        if message.type in {"error", "warning"} and REFUSED not in said and not said.startswith(CHECKED):
            self._fault(f"console: {said}")

    def _asked(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in {"http", "https", "ws", "wss"} and parts.netloc != self._host:
            self._fault(f"asks another host: {request.url}")

    def _failed(self, request: Request) -> None:
        if not (request.failure or "").startswith(GONE_ON):
            self._fault(f"{request.url} failed: {request.failure}")

    def _answered(self, answer: Response) -> None:
        if urlsplit(answer.url).netloc != self._host:
            return
        self._keep(self._path(answer.url), answer.status, answer.headers)
        if answer.status >= 400 and not answer.request.is_navigation_request():
            self._fault(f"{answer.url} answers {answer.status}")


def addresses_in_mails(demo: Demo) -> set[str]:
    """Paths that stand in mails of this demo: keys stand nowhere else."""
    bodies = [message.get_body(("plain",)) for message in demo.mails()]
    found = {address for body in bodies if body for address in ADDRESS.findall(body.get_content())}
    return {urlsplit(one).path for one in found}
