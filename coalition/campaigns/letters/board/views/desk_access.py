"""How a page of the desk reaches the board of a letter action, and what all of its pages show."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _, pgettext_lazy

from coalition.campaigns.appeals.titles import title_of
from coalition.campaigns.letters.board.permissions import may_publish, may_record, may_see_board, require_that
from coalition.campaigns.letters.board.queries import action_and_bodies, actions_for
from coalition.campaigns.letters.models import LetterAction
from coalition.campaigns.recipients.models import Body
from coalition.workspaces.access import get_access
from coalition.workspaces.permissions import Access

TABS = (
    ("board", "campaigns:letter_board", pgettext_lazy("of a letter action", "Board")),
    ("answers", "campaigns:letter_board_answers", pgettext_lazy("to letters", "Answers")),
    ("letters", "campaigns:letter_board_letters", _("Official letters")),
    ("stances", "campaigns:letter_board_stances", _("Who agrees")),
)


def board_of(request: HttpRequest, action: UUID) -> tuple[Access, LetterAction, list[Body]]:
    """Return what `action_of` returns, and the bodies of the action."""
    found, bodies = action_and_bodies(request.user, action)
    if found is None:
        raise Http404
    return _access_to(request, found), found, bodies


def action_of(request: HttpRequest, action: UUID) -> tuple[Access, LetterAction]:
    """Return the person's access to the action's workspace, and the action. Raises Http404 for everyone who
    does not see it."""
    found = get_object_or_404(actions_for(request.user), uuid=action)
    return _access_to(request, found), found


def _access_to(request: HttpRequest, action: LetterAction) -> Access:
    access = get_access(request, action.workspace.uuid)
    require_that(may_see_board(access))
    return access


def board_context(access: Access, action: LetterAction, *, tab: str, **more: Any) -> dict[str, Any]:
    """Return what all pages of one board need, with `more`."""
    return {
        "access": access,
        "workspace": access.workspace,
        "action": action,
        "title": title_of(action.publication) or action.slug,
        "public_path": reverse("write_board", args=[action.slug]) if action.opened_at is not None else "",
        "may_record": may_record(access),
        "may_publish": may_publish(access),
        "tabs": [
            {"url": reverse(name, args=[action.uuid]), "label": str(label), "current": key == tab}
            for key, name, label in TABS
        ],
        **more,
    }
