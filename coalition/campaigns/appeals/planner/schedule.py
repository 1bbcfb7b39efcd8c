"""When the steps of a petition plan fall due, and how far the people are found. Pure but for translations."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from coalition.campaigns.appeals.models import PetitionPledge, PetitionStep
from coalition.campaigns.core.dates import working_day_after

MOST_WORKING_DAYS = 250  # about a year, before or after


def default_steps() -> list[tuple[str, int]]:
    """Return (name in the active language, working days from the day of filing) to begin with.

    They are a suggestion of the project: the law sets the periods after filing, and it changes.
    """
    return [
        (_("A lawyer has checked the text"), -20),
        (_("Everybody with a digital signature is found"), -10),
        (_("The text stands on the portal as a draft"), -3),
        (_("The petition is filed"), 0),
        (_("The portal says whether it is admitted"), 10),
    ]


@dataclass(frozen=True)
class DatedStep:
    """A step and the working day on which it falls due."""

    step: PetitionStep
    day: datetime.date

    @property
    def before(self) -> int:
        """Return how many working days before the filing it is; negative after it."""
        return -self.step.working_days


def dated_steps(steps: Iterable[PetitionStep], files_on: datetime.date) -> list[DatedStep]:
    """Return the steps with their days, in the order of the days."""
    found = [DatedStep(step, working_day_after(files_on, step.working_days)) for step in steps]
    return sorted(found, key=lambda one: (one.day, one.step.working_days, one.step.pk or 0))


@dataclass(frozen=True)
class Initiators:
    """How many people with a digital signature are needed, promised and found."""

    needed: int
    promised: int
    found: int

    @property
    def missing(self) -> int:
        return max(self.needed - self.found, 0)

    @property
    def unpromised(self) -> int:
        """How many nobody has promised yet."""
        return max(self.needed - max(self.promised, self.found), 0)


def initiators_of(pledges: Iterable[PetitionPledge], needed: int) -> Initiators:
    """Add up what organisations promised and found."""
    rows = list(pledges)
    return Initiators(needed, sum(row.promised for row in rows), sum(row.found for row in rows))
