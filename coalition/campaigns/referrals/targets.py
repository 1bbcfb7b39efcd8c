"""What a referral code can lead to, and who counts what came of it. Capabilities above register both."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from coalition.audit.words import Words
from coalition.workspaces.models import Workspace

type Credited = Callable[[Collection[UUID]], dict[int, int]]


def _no_targets(_workspace: Workspace) -> Sequence[UUID]:
    return ()


@dataclass(frozen=True)
class ActionKind:
    """One kind of action.

    `title(target, language)`: its public title, "" if it is not public; `address(target, language, code)`:
    the path of its public page that credits the code ("": none is credited), "" if there is none now;
    `after(target, language)`: a public page near it when it is over, "" if there is none;
    `targets(workspace)`: what the workspace may make codes for, the newest first.
    """

    label: Words
    title: Callable[[UUID, str], str]
    address: Callable[[UUID, str, str], str]
    after: Callable[[UUID, str], str]
    targets: Callable[[Workspace], Sequence[UUID]] = _no_targets


_actions: dict[str, ActionKind] = {}
_credits: dict[str, Credited] = {}


def register_action(name: str, kind: ActionKind) -> None:
    """Say what codes of this action lead to. Call from `Capability.connect`."""
    _actions[name] = kind


def register_credit(action: str, credited: Credited) -> None:
    """Say what came of the codes of an action, beside openings.

    `credited(targets)`: how many counted supports each code of these targets has, by the code's primary key;
    one query. Call from `Capability.connect`.
    """
    _credits[action] = credited


def action_of(name: str) -> ActionKind:
    """Raises LookupError for an action that nobody registered."""
    return _actions[name]


def is_credited(action: str) -> bool:
    """Whether anything beside openings is counted for codes of this action."""
    return action in _credits


def credits_of(action: str, targets: Collection[UUID]) -> dict[int, int]:
    """Return what came of the codes of these targets, by the code's primary key; empty if nobody counts."""
    return _credits[action](targets) if action in _credits and targets else {}


@dataclass(frozen=True)
class Target:
    """One thing that a code can lead to. `title` is public."""

    action: str
    uuid: UUID
    label: str
    title: str

    @property
    def value(self) -> str:
        """What stands for it in a form."""
        return f"{self.action}:{self.uuid}"


def targets_in(workspace: Workspace, language: str) -> list[Target]:
    """Return what codes can be made for in a workspace: only what is public now."""
    return [
        Target(name, uuid, str(kind.label), title)
        for name, kind in _actions.items()
        for uuid in kind.targets(workspace)
        if (title := kind.title(uuid, language))
    ]


def title_of(action: str, target: UUID, language: str) -> str:
    """Return the public title of what a code leads to, or "" if it is not public or not known any more."""
    kind = _actions.get(action)
    return kind.title(target, language) if kind is not None else ""
