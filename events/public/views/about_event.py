"""The frame of public pages on which people without an account apply for something at an event."""

from typing import Any

from django.utils.translation import get_language

from coalition.applicants.views import SubjectView
from documents.publication import hooks
from events.core.queries.texts import text_in
from events.public.views.lists import language_switch


class AboutEvent(SubjectView):
    """Mixed into the views of a flow whose subject has an `event`, at an address of its slug alone."""

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        event, match = self.subject.event, self.request.resolver_match
        name = match.view_name if match else ""
        return {
            **hooks.frame_of(self.request),
            "languages": language_switch(self.request, name, event.slug or ""),
            "event": event,
            "title": text_in(event, get_language() or "").title,
            **super().get_context_data(**context),
        }
