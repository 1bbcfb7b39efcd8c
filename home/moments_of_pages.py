"""Whether a page's moment has come is asked of the clock that decides.

Wagtail asks the host's: on a machine whose clock is ahead, news with a moment would be public at once. Its
views start the action of publishing themselves, so there is no other door than the clock it looks at.
"""

from types import SimpleNamespace

from wagtail.actions import publish_revision
from wagtail.admin.forms import models as forms

from coalition.clock.now import now


def register() -> None:
    """Let Wagtail ask `now` where it publishes, and where its forms look at moments (from `ready()`)."""
    decides = SimpleNamespace(now=now)
    for asking in (publish_revision, forms):
        vars(asking)["timezone"] = decides
