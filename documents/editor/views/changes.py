"""The tab of suggested changes: those that the text's row holds; the editor's script goes on from there."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from coalition.accounts.models import Organisation, User
from coalition.accounts.naming import display_name_for
from coalition.workspaces import access
from coalition.workspaces.people import Circle, circle_of
from documents.drafts.models.draft import DraftText
from documents.editor.live.suggestion_list import Suggestion, listed


@dataclass(frozen=True)
class Card:
    """One open suggestion, with the names that the reader may be told."""

    suggestion: Suggestion
    circle: Circle
    organisation: str


def panel_context(request: HttpRequest, text: DraftText) -> dict[str, Any]:
    """Context of the tab."""
    found = listed(text.marked) if text.open_suggestions else []
    who = {one.person for one in found if one.person}
    whose = {one.organisation for one in found if one.organisation}
    people = {one.uuid: one for one in User.objects.filter(uuid__in=who)}
    organisations = {one.uuid: one for one in Organisation.objects.filter(uuid__in=whose)}
    viewer = access.viewer(request)
    cards = []
    for one in found:
        person = people.get(one.person) if one.person else None
        organisation = organisations.get(one.organisation) if one.organisation else None
        circle = Circle("?", 0, _("Someone who has left"))
        if person is not None and organisation is not None:
            circle = circle_of(viewer, person, organisation)
        cards.append(Card(one, circle, display_name_for(viewer, organisation) if organisation else ""))
    return {"count": text.open_suggestions, "cards": cards}
