"""What organisations promise to do in a region, and how much of it was done. Capabilities register both.

register_regional_action("postcards", label=_("Postcards"), done=cards_counted)
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from coalition.audit.log import ActionLabel
from coalition.workspaces.models import Workspace

ANY_REGION: Final = ""

# (primary key of the organisation, region code or `ANY_REGION` where it is not known) → number
type Done = Mapping[tuple[int, str], int]


@dataclass(frozen=True)
class RegionalAction:
    """One column of “Who does what”. `unit`: what is counted, as in “of 500 cards”. `done(workspace)`: what
    was done, in three queries at most; None where nobody counts it and the organisation says it itself."""

    name: str
    label: ActionLabel
    unit: ActionLabel
    done: Callable[[Workspace], Done] | None = None
    order: int = 100


_actions: dict[str, RegionalAction] = {}


def register_regional_action(action: RegionalAction) -> None:
    """Add a column. Call from `Capability.connect`; a second call replaces the first."""
    _actions[action.name] = action


def regional_actions() -> list[RegionalAction]:
    """Return the columns in their order."""
    return sorted(_actions.values(), key=lambda one: (one.order, one.name))
