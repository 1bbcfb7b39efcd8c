"""`{% used_on helpline %}`: where a line is used, on its page at the desk."""

from typing import Any

from django import template

from coalition.accounts.models import User
from coalition.accounts.views.access import get_person, get_viewer
from coalition.campaigns.helplines.models import Helpline
from coalition.campaigns.helplines.uses.pages import pages_showing
from coalition.campaigns.helplines.uses.permissions import may_confirm
from coalition.campaigns.helplines.uses.presenters import use_row
from coalition.campaigns.helplines.uses.queries import uses_asked_of

register = template.Library()


@register.inclusion_tag("campaigns/helplines/uses/_used_on.html", takes_context=True)
def used_on(context: dict[str, Any], helpline: Helpline) -> dict[str, Any]:
    """Public pages that show the line; for members of its organisation also about what they are asked."""
    request = context["request"]
    member: User = get_person(request)
    rows = uses_asked_of(member).filter(helpline=helpline).with_lines()
    return {
        "pages": pages_showing(helpline),
        "rows": [use_row(use, get_viewer(request)) for use in rows],
        "may_answer": may_confirm(member, helpline),
    }
