"""Panels of the newsroom's forms."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import Panel, TitleFieldPanel

from coalition.jobs.date_formats import moment_with_time_zone


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
                "comes": moment_with_time_zone(waiting.approved_go_live_at) if waiting else "",
                "ends": moment_with_time_zone(ends) if ends else "",
            }

        def get_context_data(self, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
            context: dict[str, Any] = super().get_context_data(parent_context)
            return {**context, **self._moments()}


# --- title panel ---
# The field of a page's title in the newsroom's forms.


class TitlePanel(TitleFieldPanel):
    """Wagtail's with our words, and without its script where the form has no address that follows the title:
    there the script fails on an empty selector."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("placeholder", _("Title of the page"))
        kwargs.setdefault("help_text", _("One line that says it all. Lists, feeds and search show it."))
        super().__init__(*args, **kwargs)

    class BoundPanel(TitleFieldPanel.BoundPanel):
        def get_attrs(self) -> dict[str, Any]:
            attrs: dict[str, Any] = super().get_attrs()
            if attrs["data-w-sync-target-value"]:
                return attrs
            return {name: value for name, value in attrs.items() if not name.startswith("data-")}
