"""A door to test with: journalists who come, and a phone that ticks them off."""

import datetime
import hashlib
import json
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localdate

from coalition.core.clock import now
from coalition.core.throttling import fingerprint
from events.core.enums import PressState
from events.core.printed_codes import code_of
from events.models import Event, PressGuest, PressRegistration
from events.press.registration.actions import confirm_press_address, request_press_place
from tests.recording import recorded


@recorded
def comes(registration: PressRegistration, name: str) -> PressGuest:
    """Somebody registers and proves the address."""
    asking = {"name": name, "outlet": f"{name} TV", "address": f"{name}@tv.example", "language": "en"}
    request_press_place(registration=registration, **asking)
    return confirm_press_address(guest=PressGuest.objects.latest("pk"))


@recorded
def many(registration: PressRegistration, number: int) -> list[PressGuest]:
    """That many confirmed journalists, written at once."""
    return PressGuest.objects.bulk_create(
        PressGuest(
            registration=registration,
            name=f"Guest {one}",
            outlet=f"Outlet {one}",
            address=f"guest{one}@tv.example",
            outlet_print=fingerprint(f"Outlet {one}"),
            address_print=fingerprint(f"guest{one}@tv.example"),
            language="en",
            state=PressState.CONFIRMED,
            token_hash=uuid4().hex,
            code_hash=uuid4().hex,
            written_at=now(),
            day=localdate(now()),
            asked_at=now(),
            answers=1,
        )
        for one in range(number)
    )


@dataclass
class Phone:
    """What the page's script does, in Python: `known` is what the server said last."""

    client: Client
    event: Event
    uuid: UUID = field(default_factory=uuid4)
    known: dict = field(default_factory=dict)
    guests: dict[str, list] = field(default_factory=dict)
    queue: list[dict] = field(default_factory=list)

    def fetch(self) -> HttpResponse:
        answer = self.client.get(self._at("press_phone_changes"), headers=self._headers())
        if answer.status_code == 200:
            self._take(answer.json())
        return answer

    def holds(self, guest: PressGuest) -> list | None:
        """The row of somebody who shows their code."""
        hidden = hashlib.pbkdf2_hmac(
            "sha256",
            code_of(guest.uuid).encode(),
            bytes.fromhex(self.known["salt"]),
            self.known["rounds"],
            16,
        )
        return self.guests.get(hidden.hex())

    def tick(self, guest: PressGuest, at: datetime.datetime | None = None) -> str:
        """Note it here; the mark."""
        row = self.holds(guest)
        assert row is not None
        mark = str(uuid4())
        self.queue.append({"mark": mark, "guest": row[1], "at": (at or now()).timestamp() * 1000})
        return mark

    def undo(self, mark: str) -> None:
        at = now().timestamp() * 1000
        self.queue.append({"mark": str(uuid4()), "takes_back": mark, "at": at})

    def send(self, *, lost: bool = False) -> HttpResponse:
        """Send the queue; `lost`: the answer never arrives."""
        body = json.dumps({"clock": now().timestamp() * 1000, "ticks": self.queue})
        answer = self.client.post(
            self._at("press_phone_ticks"), body, content_type="application/json", headers=self._headers()
        )
        if answer.status_code == 200 and not lost:
            self.queue = []
            self._take(answer.json())
        return answer

    def says(self) -> list[str]:
        """What the server answers to the queue, in a word each."""
        return [one["seen"] for one in self.send().json()["answers"]]

    def _take(self, said: dict) -> None:
        if "salt" in said:
            if said["whole"]:
                self.guests = {row[0]: row for row in said["guests"]}
            for hidden, guest, *rest in said["guests"]:
                held = next((row for row in self.guests.values() if row[1] == guest), None)
                assert held is not None or not hidden
                if held is not None:
                    held[2:] = rest
            self.known = said

    def _at(self, name: str) -> str:
        return f"{reverse(f'events:{name}', args=[self.event.uuid])}?since={self.known.get('number', 0)}"

    def _headers(self) -> dict[str, str]:
        return {"X-Door-Phone": str(self.uuid)}
