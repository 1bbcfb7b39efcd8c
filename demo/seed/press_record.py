"""State shared while spokespersons, enquiries and coverage are seeded."""

import datetime
from dataclasses import dataclass, field

from coalition.workspaces.models import Workspace
from demo.seed.accounts import Accounts
from events.models import CoverageLink, Spokesperson


@dataclass
class PressRecord:
    """What was seeded so far. `speakers`: by address; `link`: by which outlets send coverage."""

    accounts: Accounts
    workspace: Workspace
    started_at: datetime.datetime
    speakers: dict[str, Spokesperson] = field(default_factory=dict)
    link: CoverageLink | None = None
