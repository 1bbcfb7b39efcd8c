"""What stands around a text: its languages, its versions by name, what I set aside."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from coalition.accounts.enums import Language
from coalition.accounts.naming import Viewer, display_name_for
from coalition.workspaces.people import Circle, circle_of
from documents.canonical.serialise import short_hash
from documents.drafts.language_states import state_of
from documents.drafts.models.draft import DraftText, Version
from documents.drafts.queries.drafts import texts_of


@dataclass(frozen=True)
class Tab:
    """One language of a draft, as its tab shows it."""

    code: str
    name: str
    url: str
    current: bool
    state: str
    words: str


@dataclass(frozen=True)
class Named:
    """A version as the reader may see it."""

    version: Version
    by: str
    circle: Circle | None
    organisation: str
    hash: str
    is_newest_state: bool


def language_tabs(text: DraftText) -> list[Tab]:
    """The languages of the draft, Kazakh first: one query."""
    texts = {one.language: one for one in texts_of(text.draft)}
    tabs = []
    for code in Language.values:
        if code not in texts:
            continue
        one = texts[code]
        one.draft = text.draft
        tabs.append(
            Tab(
                code,
                Language(code).label,
                one.get_absolute_url(),
                one.pk == text.pk,
                state_of(one),
                behind(one),
            )
        )
    return tabs


def behind(text: DraftText) -> str:
    """How far a text is behind the one it was translated from, in words; empty if it is not."""
    if state_of(text) != "older" or text.based_on is None:
        return ""
    count = text.based_on.revision - text.based_on_revision
    return ngettext("%(count)d change behind", "%(count)d changes behind", count) % {"count": count}


def named(viewer: Viewer, version: Version) -> Named:
    """The version with the names that the viewer may be told."""
    circle = circle_of(viewer, version.created_by, version.organisation) if version.created_by else None
    return Named(
        version=version,
        by=circle.name if circle else _("Someone who has left"),
        circle=circle,
        organisation=display_name_for(viewer, version.organisation),
        hash=short_hash(version.hash),
        is_newest_state=version.hash == version.text.content_hash,
    )


def beside(text: DraftText) -> dict[str, Any]:
    """What is said above the tabs: whether the text is older than its source."""
    return {
        "based_on": text.based_on,
        "is_older": state_of(text) == "older",
        "behind": behind(text),
    }
