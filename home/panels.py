"""Panels of the newsroom's forms."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import Panel

from coalition.jobs.moments import with_place


class ApprovedWordsPanel(Panel):
    """Says why the words of a publication's page stand in no form, and shows them."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("heading", _("Approved words"))
        super().__init__(**kwargs)

    class BoundPanel(Panel.BoundPanel):
        template_name = "home/cms/approved_words.html"

        def is_shown(self) -> bool:
            return bool(self.instance.publication_id)

        def get_context_data(self, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
            context: dict[str, Any] = super().get_context_data(parent_context)
            publication = self.instance.publication
            context["sheet"] = reverse("documents_public:sheet", args=[publication.uuid])
            context["page"] = self.instance
            return context


class TimerPanel(Panel):
    """Says when the page goes public and when it comes down, with the place whose time that is."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("heading", _("Timer"))
        super().__init__(**kwargs)

    class BoundPanel(Panel.BoundPanel):
        template_name = "home/cms/timer.html"

        def is_shown(self) -> bool:
            return any(self._moments().values())

        def _moments(self) -> dict[str, str]:
            if not self.instance.pk or getattr(self.instance, "publication_id", None):
                return {}
            waiting = self.instance.scheduled_revision
            ends = self.instance.expire_at if self.instance.live or waiting else None
            return {
                "comes": with_place(waiting.approved_go_live_at) if waiting else "",
                "ends": with_place(ends) if ends else "",
            }

        def get_context_data(self, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
            context: dict[str, Any] = super().get_context_data(parent_context)
            return {**context, **self._moments()}
