"""What stands beside a text: its languages, its versions, what I set aside, who changed it last."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from coalition.partners.enums import Language
from coalition.partners.naming import Viewer, display_name_for
from coalition.workspaces import door
from coalition.workspaces.people import Circle, circle_of
from documents.canonical.serialise import short_hash
from documents.language_states import state_of
from documents.models import DraftText, Version
from documents.queries.drafts import set_aside_by, texts_of, versions_for

FEW = 6


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
                _behind(one),
            )
        )
    return tabs


def _behind(text: DraftText) -> str:
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


def beside(request: HttpRequest, text: DraftText) -> dict[str, Any]:
    """Context of the side panel."""
    viewer = door.viewer(request)
    versions = versions_for(request.user, text.draft.workspace).filter(text=text)
    circle = None
    if text.changed_by is not None and text.changed_for is not None:
        circle = circle_of(viewer, text.changed_by, text.changed_for)
    return {
        "versions": [named(viewer, version) for version in versions[:FEW]],
        "version_count": versions.count(),
        "set_aside": list(set_aside_by(request.user).filter(text=text)),
        "changed_circle": circle,
        "changed_organisation": display_name_for(viewer, text.changed_for) if text.changed_for else "",
        "based_on": text.based_on,
        "is_older": state_of(text) == "older",
        "behind": _behind(text),
    }
