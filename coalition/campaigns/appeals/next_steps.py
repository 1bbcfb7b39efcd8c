"""What somebody can do besides supporting an appeal. Capabilities above register it.

register_next_step("letters", letter_actions_of_appeal)
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from coalition.audit.log import ActionLabel
from coalition.campaigns.appeals.models import Appeal


@dataclass(frozen=True)
class NextStep:
    """One step. `label`: of the link; `text`: a sentence that says what it is; `url`: its path."""

    label: ActionLabel
    text: ActionLabel
    url: str


# (appeal, referral code in the address, "" for none) → steps that can be taken now, in one query at most
type StepSource = Callable[[Appeal, str], Sequence[NextStep]]

_sources: dict[str, StepSource] = {}


def register_next_step(name: str, source: StepSource) -> None:
    """Add steps to the pages of appeals. Call from `Capability.connect`; a second call replaces the first."""
    _sources[name] = source


def next_steps_of(appeal: Appeal, code: str = "") -> list[NextStep]:
    """Return the steps that can be taken now, by the names of their sources."""
    return [step for name in sorted(_sources) for step in _sources[name](appeal, code)]
