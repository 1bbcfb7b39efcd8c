"""How a page of the desk reaches the board of a letter action, and what all of its pages show."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _, pgettext_lazy

from coalition.campaigns.appeals.titles import title_of
from coalition.campaigns.letters.board.permissions import may_publish, may_record, may_see_board, require_that
from coalition.campaigns.letters.board.queries import actions_for
from coalition.campaigns.letters.models import LetterAction
from coalition.workspaces.access import get_access
from coalition.workspaces.permissions import Access

TABS = (
    ("board", "campaigns:letter_board", pgettext_lazy("of a letter action", "Board")),
    ("answers", "campaigns:letter_board_answers", pgettext_lazy("to letters", "Answers")),
    ("letters", "campaigns:letter_board_letters", _("Official letters")),
    ("stances", "campaigns:letter_board_stances", _("Who agrees")),
)


def action_of(request: HttpRequest, action: UUID) -> tuple[Access, LetterAction]:
    """Return the person's access to the action's workspace, and the action. Raises Http404 for everyone who
    does not see it."""
    found = get_object_or_404(actions_for(request.user), uuid=action)
    access = get_access(request, found.workspace.uuid)
    require_that(may_see_board(access))
    return access, found


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
