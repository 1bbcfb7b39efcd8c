"""What capabilities bring to journalists who registered: parts of their own page, and what follows when they
came."""

from collections.abc import Callable

from events.core.models import Event, PressGuest

PressPagePartOf = Callable[[PressGuest, str], object]
PressCame = Callable[[Event], None]

_parts: dict[str, PressPagePartOf] = {}
_listeners: list[PressCame] = []


def register_press_page_part(key: str, part_of: PressPagePartOf) -> None:
    """Add a part: `part_of(guest, token)` gives what the template finds under `key`, empty for nothing."""
    _parts[key] = part_of


def press_page_parts_of(guest: PressGuest, token: str) -> dict[str, object]:
    """The parts of a journalist's own page, for its template."""
    return {key: part_of(guest, token) for key, part_of in _parts.items()}


def on_press_came(listener: PressCame) -> None:
    """Say what follows when somebody was ticked off, or that was taken back: `listener(event)`, inside the
    transaction."""
    _listeners.append(listener)


def press_came(event: Event) -> None:
    """Call everyone who registered with `on_press_came`."""
    for listener in _listeners:
        listener(event)
