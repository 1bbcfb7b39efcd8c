"""Template tag for *Copy for messenger*."""

import datetime

from django import template

from coalition.workspaces.share_text import ShareSubject, share_messages

register = template.Library()


@register.inclusion_tag("components/messenger.html")
def copy_for_messenger(about: str, path: str, deadline: datetime.datetime | None = None) -> dict[str, object]:
    """Return the context of a share text button. `about`: a value of `ShareSubject`."""
    return {"messages": share_messages(ShareSubject(about), path, deadline=deadline)}
