"""The sections of a campaign on composed pages: help, an appeal, counters."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from django.urls import reverse

from coalition.campaigns.counters.columns import CACHE_SECONDS
from coalition.campaigns.counters.enums import Column
from coalition.campaigns.counters.presenters import (
    CounterView,
    counter_views,
    number_in_words,
    share_of_goal,
)
from coalition.campaigns.counters.share import CARD_SIZE, share_picture_path
from coalition.campaigns.counters.subjects import Subject, subject_with
from coalition.campaigns.helplines.presenters import helpline_view
from coalition.campaigns.helplines.queries import public_helplines
from coalition.core.clock import now

MOST_LINES: Final = 6  # beside the link to all of them


@dataclass
class Appeals:
    """The appeals of one page with their counters, each queried once."""

    language: str
    _found: dict[str, tuple[Subject, list[CounterView]] | None] = field(default_factory=dict)

    def get(self, key: str) -> tuple[Subject, list[CounterView]] | None:
        """Return the appeal and its counters; None for one that is not public."""
        if key not in self._found:
            subject = _subject(key, self.language)
            self._found[key] = (subject, counter_views(subject.uuid)) if subject is not None else None
        return self._found[key]

    @property
    def around(self) -> dict[str, Any]:
        """Return what the page itself takes from its appeals: a share picture, and its cache
        lifetime."""
        first = next((one[0] for one in self._found.values() if one is not None), None)
        if first is None:
            return {}
        width, height = CARD_SIZE
        picture = {"url": share_picture_path(first.slug), "width": width, "height": height}
        return {"share_picture": picture, "proxy_max_age": CACHE_SECONDS}


def _subject(key: str, language: str) -> Subject | None:
    try:
        return subject_with(UUID(str(key)), language)
    except ValueError:  # the field is empty in a draft
        return None


def help_section(language: str) -> dict[str, Any] | None:
    """Return the first lines with their hours, and a link to all; None if there are none.

    Without whether they are open: a proxy may cache the page for hours while the application is
    down.
    """
    entries = public_helplines()[:MOST_LINES]
    if not entries:
        return None
    moment = now()
    return {"lines": [helpline_view(one, moment) for one in entries], "url": reverse("help")}


def appeal_section(value: Mapping[str, Any], appeals: Appeals) -> dict[str, Any] | None:
    """Return an appeal with its number of online supporters; None if it is not public."""
    found = appeals.get(value["appeal"])
    if found is None:
        return None
    subject, views = found
    return {
        "subject": subject,
        "counters": [one for one in views if one.column == Column.ONLINE],
        "goal": number_in_words(subject.goal) if subject.goal else "",
        "share_of_goal": share_of_goal(views, subject.goal),
        "json_url": reverse("counters_json", args=[subject.slug]),
    }


def counters_section(value: Mapping[str, Any], appeals: Appeals) -> dict[str, Any] | None:
    """Return all counters of an appeal; None if it is not public."""
    found = appeals.get(value["appeal"])
    if found is None:
        return None
    subject, views = found
    return {
        "subject": subject,
        "counters": views,
        "json_url": reverse("counters_json", args=[subject.slug]),
    }
