"""What a referral code can lead to. Capabilities above register their actions."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from coalition.audit.words import Words


@dataclass(frozen=True)
class ActionKind:
    """One kind of action.

    `title(target, language)`: its public title, "" if it is not public; `address(target, language, code)`:
    the path of its public page that credits the code, "" if there is none now; `after(target, language)`: a
    public page near it when it is over, "" if there is none.
    """

    label: Words
    title: Callable[[UUID, str], str]
    address: Callable[[UUID, str, str], str]
    after: Callable[[UUID, str], str]


_actions: dict[str, ActionKind] = {}


def register_action(name: str, kind: ActionKind) -> None:
    """Say what codes of this action lead to. Call from `Capability.connect`."""
    _actions[name] = kind


def action_of(name: str) -> ActionKind:
    """Raises LookupError for an action that nobody registered."""
    return _actions[name]
