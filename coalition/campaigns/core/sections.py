"""The sections of a workspace's page "Campaign". Each capability registers its own.

register_section(
    "appeals", title=_("Appeals"), url_name="campaigns:appeals", summary=appeals_summary, order=10
)
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse

from coalition.audit.log import ActionLabel
from coalition.roles import Right
from coalition.workspaces.permissions import Access


@dataclass(frozen=True)
class Summary:
    """The state of a section in one sentence.

    `next_step`: what to do first where there is nothing yet, else "". `needs_attention`: something waits.
    """

    text: str
    next_step: str = ""
    needs_attention: bool = False


@dataclass(frozen=True)
class Section:
    """One section. `url_name`: name of its page's URL, which takes the workspace's UUID.

    `summary(access)`: two queries at most. `right`: who has it in the workspace sees the section.
    """

    name: str
    title: ActionLabel
    url_name: str
    summary: Callable[[Access], Summary]
    right: Right = Right.SEE_DRAFTS
    order: int = 100


@dataclass(frozen=True)
class SectionCard:
    """A section as it is shown to one person."""

    name: str
    title: str
    url: str
    summary: Summary


_sections: dict[str, Section] = {}


def register_section(
    name: str,
    *,
    title: ActionLabel,
    url_name: str,
    summary: Callable[[Access], Summary],
    right: Right = Right.SEE_DRAFTS,
    order: int = 100,
) -> None:
    """Add a section to the page. Call from `Capability.connect`; a second call replaces the first."""
    _sections[name] = Section(name, title, url_name, summary, right, order)


def unregister_section(name: str) -> None:
    """Take a section off again, for tests."""
    _sections.pop(name, None)


def section_cards(access: Access) -> list[SectionCard]:
    """Return the sections that the person may see, in their order."""
    return [
        SectionCard(
            section.name,
            str(section.title),
            reverse(section.url_name, args=[access.workspace.uuid]),
            section.summary(access),
        )
        for section in sorted(_sections.values(), key=lambda one: (one.order, one.name))
        if access.may(section.right)
    ]
