"""What reached recipients: one column of the board for each kind, registered by the capabilities above."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from uuid import UUID

from coalition.audit.log import ActionLabel
from coalition.workspaces.models import Workspace

# (UUID of the target, or of the body where it went to none of its people; primary key of the organisation
# that is credited, None for nobody) → number
type Reached = Mapping[tuple[UUID, int | None], int]


@dataclass(frozen=True)
class Outreach:
    """One kind. `method`: how it is counted, for everybody to read. `reached(workspace)`: two queries at
    most."""

    name: str
    label: ActionLabel
    method: ActionLabel
    reached: Callable[[Workspace], Reached]
    order: int = 100


_kinds: dict[str, Outreach] = {}


def register_outreach(kind: Outreach) -> None:
    """Add a column to the board. Call from `Capability.connect`; a second call replaces the first."""
    _kinds[kind.name] = kind


def outreach_kinds() -> list[Outreach]:
    """Return the columns in their order."""
    return sorted(_kinds.values(), key=lambda one: (one.order, one.name))
