"""Whether the press desk is one of a person's tabs."""

from django import template

from coalition.workspaces.permissions import Access
from documents.drafts.permissions import may_manage_contacts

register = template.Library()


@register.filter
def works_at_press_desk(access: Access) -> bool:
    """Whether it is. No query for planners; one for everyone else who sees drafts."""
    return may_manage_contacts(access)
