"""Sections of public pages whose content comes from campaigns. None: the section has nothing to show."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from django.db.models import Model, QuerySet
from django.urls import reverse

from coalition.campaigns.counters.columns import CACHE_SECONDS
from coalition.campaigns.counters.enums import Column
from coalition.campaigns.counters.presenters import CounterView, counter_views, number_in_words, share_of_goal
from coalition.campaigns.counters.share import CARD_SIZE, share_picture_path
from coalition.campaigns.counters.subjects import Subject, subject_with
from coalition.campaigns.helplines.presenters import helpline_view
from coalition.campaigns.helplines.queries import public_helplines
from coalition.campaigns.letters.public_presenters import letters_view
from coalition.campaigns.letters.queries import opened_actions
from coalition.campaigns.media_package.public_list import package_section_view
from coalition.campaigns.media_package.queries import public_packages
from coalition.campaigns.postcards.public_presenters import postcards_view
from coalition.campaigns.postcards.queries import public_designs
from coalition.campaigns.screenings.films import films_by_key, is_on_site
from coalition.core.clock import now
from coalition.core.crypto import parse_uuid

MOST_LINES: Final = 6  # beside the link to all of them


@dataclass
class Appeals:
    """The appeals of one page with their counters, each queried once."""

    language: str
    _found: dict[str, tuple[Subject, list[CounterView]] | None] = field(default_factory=dict)

    def get(self, key: str) -> tuple[Subject, list[CounterView]] | None:
        """Return the appeal and its counters; None for one that is not public."""
        if key not in self._found:
            uuid = parse_uuid(key)  # None: the field is empty in a draft
            subject = subject_with(uuid, self.language) if uuid is not None else None
            self._found[key] = (subject, counter_views(subject.uuid)) if subject is not None else None
        return self._found[key]

    @property
    def around(self) -> dict[str, Any]:
        """Return what the page itself takes from its appeals: a share picture, and its cache lifetime."""
        first = next((one[0] for one in self._found.values() if one is not None), None)
        if first is None:
            return {}
        width, height = CARD_SIZE
        picture = {"url": share_picture_path(first.slug), "width": width, "height": height}
        return {"share_picture": picture, "proxy_max_age": CACHE_SECONDS}


def help_section(language: str) -> dict[str, Any] | None:
    """Return the first lines with their hours, and a link to all; None if there are none.

    Without whether they are open: a proxy may cache the page for hours while the application is down.
    """
    entries = public_helplines()[:MOST_LINES]
    if not entries:
        return None
    moment = now()
    return {"lines": [helpline_view(one, moment) for one in entries], "url": reverse("help")}


def appeal_section(value: Mapping[str, Any], appeals: Appeals) -> dict[str, Any] | None:
    """Return an appeal with its number of online supporters; None if it is not public."""
    section = counters_section(value, appeals)
    if section is None:
        return None
    views, goal = section["counters"], section["subject"].goal
    return section | {
        "counters": [one for one in views if one.column == Column.ONLINE],
        "goal": number_in_words(goal) if goal else "",
        "share_of_goal": share_of_goal(views, goal),
    }


def counters_section(value: Mapping[str, Any], appeals: Appeals) -> dict[str, Any] | None:
    """Return all counters of an appeal; None if it is not public."""
    found = appeals.get(value["appeal"])
    if found is None:
        return None
    subject, views = found
    json_url = reverse("counters_json", args=[subject.slug])
    return {"subject": subject, "counters": views, "json_url": json_url}


def postcards_section(value: Mapping[str, Any], language: str) -> dict[str, Any] | None:
    """Return the numbers of a design of postcards; None if they are not public."""
    design = _chosen(public_designs(), value["design"])
    return {"cards": postcards_view(design, language)} if design is not None else None


def letters_section(value: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return a letter action with its number of declared letters; None if it is not public."""
    action = _chosen(opened_actions(), value["action"])
    view = letters_view(action) if action is not None else None
    return {"letters": view, "counters": [view.counter]} if view is not None else None


def package_section(value: Mapping[str, Any], language: str) -> dict[str, Any] | None:
    """Return a media package with the kinds of its first items; None if it is not public, or empty."""
    package = _chosen(public_packages(), value["package"])
    view = package_section_view(package, language) if package is not None else None
    return {"package": view} if view is not None else None


def film_section(key: UUID | None, language: str) -> dict[str, Any] | None:
    """Return the film with this key in the language; None if consent does not allow it on the site."""
    film = films_by_key([key]).get(key, {}).get(language) if key is not None else None
    return {"film": film} if film is not None and is_on_site(film) else None


def _chosen[M: Model](rows: QuerySet[M], key: str) -> M | None:
    """Return the row with this UUID; None if there is none, or if the field is empty in a draft."""
    uuid = parse_uuid(key)
    return rows.filter(uuid=uuid).first() if uuid is not None else None
