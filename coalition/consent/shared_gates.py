"""Gates that a request shares: one query for a place, in all its languages.

Templates, blocks of pages and models ask here, without a request in their hands. Outside of a request (jobs,
commands) each call makes new gates.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from asgiref.sync import iscoroutinefunction
from django.http import HttpRequest
from django.utils.decorators import sync_and_async_middleware
from django.utils.translation import get_language

from coalition.accounts.models import Language
from coalition.consent.enums import Place
from coalition.consent.gate import ConsentGate, language_rows
from coalition.consent.items import ShownItem
from coalition.core.clock import now


@dataclass
class _SharedGate(ConsentGate):
    """A gate that loads its siblings, too."""

    siblings: dict[str, "_SharedGate"] = field(default_factory=dict, repr=False)

    def _load(self) -> Any:
        if not self.is_loaded:
            for gate in self.siblings.values():
                gate.is_loaded = True
            for language, *row in language_rows(self.place, self.siblings, self.moment):
                self.siblings[language].add_row(*row)
        return self._by_key


@dataclass
class PlaceGates:
    """The gates of a place by language, and what a caller wants to remember beside them."""

    by_language: dict[str, ConsentGate]
    memory: dict[str, Any] = field(default_factory=dict)

    def open_anywhere(self, passes: Callable[[ConsentGate], bool]) -> bool:
        """Whether the gate of one language at least lets it through: bytes have no language."""
        return any(passes(gate) for gate in self.by_language.values())


_request_gates: ContextVar[dict[Place, PlaceGates] | None] = ContextVar("request_gates", default=None)


def gates_of(place: Place) -> PlaceGates:
    """Return the gates of a place: in a request always the same ones."""
    shared = _request_gates.get()
    if shared is None:
        return _new_gates(place)
    if place not in shared:
        shared[place] = _new_gates(place)
    return shared[place]


def gate_for(place: Place, language: str = "") -> ConsentGate:
    """Return the gate of a place in a language, the active one by default."""
    code = (language or get_language() or Language.KK)[:2]
    found = gates_of(place).by_language
    return found[code] if code in found else found[Language.KK]


def passes(gate: ConsentGate, kind: str, key: str, item: Callable[[], ShownItem], sha256: str = "") -> bool:
    """Whether an item may be shown, described only if it is under consent; a copy by its hash."""
    if gate.is_under_consent(kind, key):
        return gate.may_show(item())
    return not sha256 or gate.may_show_bytes(sha256)


@contextmanager
def sharing_gates() -> Iterator[None]:
    """Share gates in the block. Inside another one they are new."""
    token = _request_gates.set({})
    try:
        yield
    finally:
        _request_gates.reset(token)


@sync_and_async_middleware
def shared_gates_middleware(get_response: Callable[[HttpRequest], Any]) -> Callable[[HttpRequest], Any]:
    """Share gates during a request. A body that is streamed later asks anew."""
    if iscoroutinefunction(get_response):

        async def share_async(request: HttpRequest) -> Any:
            with sharing_gates():
                return await get_response(request)

        return share_async

    def share(request: HttpRequest) -> Any:
        with sharing_gates():
            return get_response(request)

    return share


def _new_gates(place: Place) -> PlaceGates:
    moment = now()
    siblings: dict[str, _SharedGate] = {}
    for code in Language.values:
        siblings[code] = _SharedGate(place, code, moment, siblings=siblings)
    return PlaceGates(dict(siblings))
