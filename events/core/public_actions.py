"""What capabilities add to the public page of an event: buttons that lead to pages of theirs, and parts of
its words. One query each at most; whoever reads the page has no account."""

from collections.abc import Callable
from dataclasses import dataclass

from events.core.models import Event


@dataclass(frozen=True)
class PublicAction:
    """A button. `icon`: of the sprite."""

    label: str
    address: str
    icon: str


PublicActionOf = Callable[[Event], PublicAction | None]
PublicPartOf = Callable[[Event, str], object]

_actions: dict[int, PublicActionOf] = {}
_parts: dict[str, PublicPartOf] = {}


def register_public_action(place: int, action_of: PublicActionOf) -> None:
    """Add a button; the lowest place stands first. Raises LookupError if it is taken."""
    if place in _actions:
        raise LookupError(f"place {place} among the buttons of an event's public page is taken")
    _actions[place] = action_of


def register_public_part(key: str, part_of: PublicPartOf) -> None:
    """Add a part: `part_of(event, language)` gives what the template finds under `key`."""
    _parts[key] = part_of


def public_actions_of(event: Event) -> list[PublicAction]:
    """The buttons of a public event, in order."""
    actions = (_actions[place](event) for place in sorted(_actions))
    return [action for action in actions if action is not None]


def public_parts_of(event: Event, language: str) -> dict[str, object]:
    """The parts of a public event's page, for its template."""
    return {key: part_of(event, language) for key, part_of in _parts.items()}
