"""People who support an appeal and confirm from their mail, at a constant rate (open loop).

Arrivals follow the clock, not the responses: a server that falls behind gets requests at the same
rate, as on an evening when a television programme names the address.
"""

import asyncio
import random
import re
import statistics
import time
from dataclasses import dataclass, field

from bench.campaign.client import Client

DOMAINS = ["gmail.com"] * 45 + ["mail.ru"] * 30 + ["yandex.kz"] * 10 + ["icloud.com"] * 8 + ["bk.ru"] * 7
HIDDEN = re.compile(rb'name="(stamp|version|csrfmiddlewaretoken)" value="([^"]*)"')
COOKIE = re.compile(rb"(?i)set-cookie: ([^;]+)")
FRESH = 50  # posts per rendered form
LOOK = 0.5  # seconds between checks for sent mail
PATIENCE = 90.0  # seconds after the last arrival


@dataclass
class Signed:
    """The result. Times in seconds."""

    asked: int = 0
    confirmed: int = 0
    faults: list[str] = field(default_factory=list)
    asking: list[float] = field(default_factory=list)
    opening: list[float] = field(default_factory=list)
    confirming: list[float] = field(default_factory=list)
    took: float = 0.0


def percentile(times: list[float], part: int) -> float:
    """Return the percentile in milliseconds; 0 without measurements."""
    return 1000 * statistics.quantiles(times, n=100)[part - 1] if len(times) > 1 else 0.0


class Crowd:
    """`tokens_since(number)` returns (number, token) of confirmation mails sent since."""

    def __init__(self, ports: list[int], path: str, regions: list[str], mails: "MailLook") -> None:
        self._client = Client(ports)
        self._path, self._regions, self._mails = path, regions, mails
        self._form: dict[str, str] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self.signed = Signed()

    async def come(self, *, a_minute: int, minutes: float) -> Signed:
        """Start the arrivals and wait until all have confirmed, or until `PATIENCE` is over."""
        total, begun = round(a_minute * minutes), time.monotonic()
        confirming = asyncio.create_task(self._confirm_what_was_mailed(total))
        for number in range(total):
            if number % FRESH == 0:
                await self._draw()
            wait = begun + number * 60 / a_minute - time.monotonic()
            if wait > 0:
                await asyncio.sleep(wait)
            self._start(self._support(number))
        self.signed.took = time.monotonic() - begun
        try:
            await asyncio.wait_for(confirming, PATIENCE)
        except TimeoutError:
            self.signed.faults.append("not all mails had come in time")
        await asyncio.gather(*self._tasks)
        self._client.close()
        return self.signed

    def _start(self, work: object) -> None:
        task = asyncio.ensure_future(work)  # type: ignore[call-overload]  # a coroutine of this class
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _draw(self) -> None:
        answer = await self._client.ask("GET", self._path, address=_network())
        self._form = {name.decode(): value.decode() for name, value in HIDDEN.findall(answer.body)}

    async def _support(self, number: int) -> None:
        form = self._form | {
            "address": f"{_letters()}.{_letters()}{number}@{random.choice(DOMAINS)}",
            "region": random.choice(self._regions),
            "leave_empty": "",
        }
        begun = time.monotonic()
        try:
            answer = await self._client.ask("POST", self._path, address=_network(), form=form)
        except OSError as fault:
            self.signed.faults.append(f"ask: {fault}")
            return
        self.signed.asking.append(time.monotonic() - begun)
        if answer.status == 302:
            self.signed.asked += 1
        else:
            self.signed.faults.append(f"ask: {answer.status}")

    async def _confirm_what_was_mailed(self, total: int) -> None:
        seen = 0
        while seen < total - sum(one.startswith("ask") for one in self.signed.faults):
            tokens = await asyncio.to_thread(self._mails.new_tokens)
            for token in tokens:
                self._start(self._confirm(token, later=random.uniform(0, LOOK)))
            seen += len(tokens)
            await asyncio.sleep(LOOK)

    async def _confirm(self, token: str, *, later: float) -> None:
        """Open the link and confirm after `later` seconds, so that people do not confirm in
        unison."""
        await asyncio.sleep(later)  # simulates when this person opens the mail
        path, address = f"/kk/support/link/{token}/", _network()
        try:
            begun = time.monotonic()
            page = await self._client.ask("GET", path, address=address)
            self.signed.opening.append(time.monotonic() - begun)
            form = {name.decode(): value.decode() for name, value in HIDDEN.findall(page.body)}
            cookie = "; ".join(found.decode() for found in COOKIE.findall(page.headers))
            begun = time.monotonic()
            answer = await self._client.ask(
                "POST", path, address=address, form=form | {"act": "confirm"}, cookie=cookie
            )
            self.signed.confirming.append(time.monotonic() - begun)
        except OSError as fault:
            self.signed.faults.append(f"confirm: {fault}")
            return
        if answer.status == 302:
            self.signed.confirmed += 1
        else:
            self.signed.faults.append(f"confirm: {answer.status}")


class MailLook:
    """Poll the outbox for mails sent to supporters; return each once."""

    BEHIND = 2000  # rows to re-read: a row may commit after rows with a greater key

    def __init__(self) -> None:
        self._last = 0
        self._known: set[str] = set()
        self._waiting: set[str] = set()

    def new_tokens(self) -> list[str]:
        from coalition.campaigns.appeals.flow import SUPPORT
        from coalition.campaigns.appeals.mail_funnel import CONFIRM_MAILS
        from coalition.core.throttling import derive_token
        from coalition.mail.models import OutboxMail

        rows = OutboxMail.objects.filter(key__startswith=f"{CONFIRM_MAILS}:")
        new = rows.filter(pk__gt=self._last - self.BEHIND).order_by("pk").values_list("pk", "key")
        for pk, key in new:
            self._last = max(self._last, pk)
            if key not in self._known:
                self._known.add(key)
                self._waiting.add(key)
        left = set(
            rows.filter(key__in=self._waiting, state=OutboxMail.State.SENT).values_list("key", flat=True)
        )
        self._waiting -= left
        return [derive_token(SUPPORT.purpose, key.split(":")[1]) for key in left]


def _network() -> str:
    """Return an address from a random network, as people of a whole country use many."""
    return ".".join(str(random.randrange(11, 120)) for _part in range(4))


def _letters() -> str:
    return "".join(random.choice("abcdefghijklmnopqrstuvwxyz") for _place in range(random.randrange(5, 11)))
