"""What is aired or published today that names a line. Capabilities that know of it register a source."""

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from uuid import UUID

from coalition.campaigns.helplines.models import Helpline


@dataclass(frozen=True)
class Mention:
    """One thing, for the phone page of the operators.

    `when`: in words. `question`: what the operators are asked about it, "" if nothing; the answer (`yes` or
    `no`) is sent to the URL named `answer_url`, which takes the link's token and `uuid`.
    """

    uuid: UUID
    title: str
    when: str
    question: str = ""
    answer_url: str = ""


type MentionSource = Callable[[Helpline, datetime.date], Iterable[Mention]]

_sources: list[MentionSource] = []


def register_mentions(source: MentionSource) -> None:
    """Add a source of items. Call from `Capability.connect`."""
    if source not in _sources:
        _sources.append(source)


def mentions_on(helpline: Helpline, day: datetime.date) -> list[Mention]:
    """Return what names the line on this day, and what its operators are asked about."""
    return [item for source in _sources for item in source(helpline, day)]
