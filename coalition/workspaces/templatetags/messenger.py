"""*Copy for messenger* on a page."""

import datetime

from django import template

from coalition.workspaces.share_text import ShareSubject, share_messages

register = template.Library()


@register.inclusion_tag("components/messenger.html")
def copy_for_messenger(about: str, path: str, deadline: datetime.datetime | None = None) -> dict[str, object]:
    """A button that shows the ready message. `about`: a value of `messenger.About`."""
    return {"messages": share_messages(ShareSubject(about), path, deadline=deadline)}
