"""What is made of the demo's voices while its history is told."""

import datetime
from dataclasses import dataclass, field

from coalition.workspaces.models import Workspace
from demo.seed.accounts import Cast
from events.models import CoverageLink, Spokesperson


@dataclass
class Voices:
    """What was made so far. `speakers` by address; `link`: by which coverage comes."""

    cast: Cast
    workspace: Workspace
    begun: datetime.datetime
    speakers: dict[str, Spokesperson] = field(default_factory=dict)
    link: CoverageLink | None = None
