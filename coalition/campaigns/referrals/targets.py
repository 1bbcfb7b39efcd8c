"""What a referral code can lead to, and who counts what came of it. Capabilities above register both."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from coalition.audit.log import ActionLabel
from coalition.workspaces.models import Workspace

APPEAL: Final = "appeal"  # names of actions, as they stand in codes
HELP_PAGE: Final = "help"
CAMPAIGN_PAGE: Final = "page"

type Credited = Callable[[Collection[UUID]], dict[int, int]]
type StoryAddress = Callable[[UUID, str, str], str]


def _no_targets(_workspace: Workspace) -> Sequence[UUID]:
    return ()


@dataclass(frozen=True)
class ActionKind:
    """One kind of action.

    `title(target, language)`: its public title, "" if it is not public; `address(target, language, code)`:
    the path of its public page that credits the code ("": none is credited), "" if there is none now;
    `after(target, language)`: a public page near it when it is over, "" if there is none;
    `targets(workspace)`: what the workspace may make codes for, the newest first;
    `titles(targets, language)`: the public titles of several, in a fixed number of queries; without it
    `title` is asked for each.
    """

    label: ActionLabel
    title: Callable[[UUID, str], str]
    address: Callable[[UUID, str, str], str]
    after: Callable[[UUID, str], str]
    targets: Callable[[Workspace], Sequence[UUID]] = _no_targets
    titles: Callable[[Collection[UUID], str], Mapping[UUID, str]] | None = None

    def titles_of(self, targets: Collection[UUID], language: str) -> Mapping[UUID, str]:
        """Return the public titles of these; what is not public may be missing or ""."""
        if self.titles is not None:
            return self.titles(targets, language) if targets else {}
        return {target: self.title(target, language) for target in targets}


_actions: dict[str, ActionKind] = {}
_credits: dict[str, Credited] = {}
_stories: dict[str, StoryAddress] = {}


def register_action(name: str, kind: ActionKind) -> None:
    """Say what codes of this action lead to. Call from `Capability.connect`."""
    _actions[name] = kind


def register_credit(action: str, credited: Credited) -> None:
    """Say what came of the codes of an action, beside openings.

    `credited(targets)`: how many counted supports each code of these targets has, by the code's primary key;
    one query. Call from `Capability.connect`.
    """
    _credits[action] = credited


def register_story(action: str, address: StoryAddress) -> None:
    """Say where the picture for Stories with a code of this action is.

    `address(target, language, code)`: its path, "" if there is none. Call from `Capability.connect`.
    """
    _stories[action] = address


def story_address(action: str, target: UUID, language: str, code: str) -> str:
    """Return the path of the picture for Stories with this code, or "" if there is none."""
    return _stories[action](target, language, code) if action in _stories else ""


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
    found = []
    for name, kind in _actions.items():
        targets = kind.targets(workspace)
        titles = kind.titles_of(targets, language)
        label = str(kind.label)
        found += [Target(name, uuid, label, titles[uuid]) for uuid in targets if titles.get(uuid)]
    return found


def titles_of(things: Collection[tuple[str, UUID]], language: str) -> dict[tuple[str, UUID], str]:
    """Return the public titles of (action, target) pairs; "" for what is not public or not known any more."""
    found = dict.fromkeys(things, "")
    for name, kind in _actions.items():
        targets = {target for action, target in things if action == name}
        found |= {(name, target): title for target, title in kind.titles_of(targets, language).items()}
    return found


def title_of(action: str, target: UUID, language: str) -> str:
    """Return the public title of what a code leads to, or "" if it is not public or not known any more."""
    kind = _actions.get(action)
    return kind.title(target, language) if kind is not None else ""
