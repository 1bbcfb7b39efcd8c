"""Whether a page's moment has come is asked of the clock that decides.

Wagtail asks the host's: on a machine whose clock is ahead, news with a moment would be public at once. Its
views start the action of publishing themselves, so there is no other door than the clock it looks at.

The views say afterwards what became of the page, and the menu what its button will do: by the same clock, or
they would call published what waits. They also write who edits; so whoever reads that asks the same clock.
"""

from types import ModuleType
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone
from wagtail.actions import publish_revision
from wagtail.admin import action_menu, models
from wagtail.admin.forms import models as forms
from wagtail.admin.views import editing_sessions
from wagtail.admin.views.generic import mixins
from wagtail.admin.views.pages import create, edit

from coalition.core.clock import now

_ASKING = (publish_revision, forms, create, edit, mixins, action_menu, models, editing_sessions)


class _Decides:
    """`django.utils.timezone` with another `now`."""

    now = staticmethod(now)

    def __getattr__(self, name: str) -> Any:
        return getattr(timezone, name)


def register(asking: tuple[ModuleType, ...] = _ASKING) -> None:
    """Let Wagtail ask `now` where it publishes, where its forms look at moments, and where its pages tell of
    them (from `ready()`). Raises ImproperlyConfigured where a Wagtail asks in another way."""
    decides = _Decides()
    for module in asking:
        if not isinstance(vars(module).get("timezone"), ModuleType | _Decides):
            raise ImproperlyConfigured(f"{module.__name__} does not ask `timezone.now()`: whom does it ask?")
    for module in asking:
        vars(module)["timezone"] = decides
