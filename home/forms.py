"""Forms and panels of the newsroom."""

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.panels import Panel, TitleFieldPanel

from coalition.accounts.models import REGIONS
from coalition.jobs.date_formats import moment_with_time_zone
from home.page_paths import STREAMS, facts_of_stream

# Presentation of a publication's page; its approved words are in no form.
PRESENTATION_FIELDS = frozenset(
    {"cover", "cover_alt", "topics", "placement", "regions", "safe_exit", "light", "comment_notifications"}
)
SCHEDULE_FIELDS = ("go_live_at", "expire_at")
_SCHEDULE_HELP = {
    "go_live_at": _(
        "Almaty time. Press “Publish” too: the page then waits and becomes public at this minute."
    ),
    "expire_at": _("Almaty time. At this minute the page comes down; empty: it stays."),
}


class PublicPageForm(WagtailAdminPageForm):
    """A page's form without settings that break the site.

    Essential pages have no timer for publishing or unpublishing, and their address is fixed.
    """

    fixed_slug = True
    timed = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in SCHEDULE_FIELDS:
            if not self.timed:
                self.fields.pop(name, None)
            elif name in self.fields:
                self.fields[name].help_text = _SCHEDULE_HELP[name]
        if self.fixed_slug and self.instance.pk:
            self.fields.pop("slug", None)

    def clean(self) -> dict[str, Any]:
        """Refuse facts that lack the page's language."""
        # Imported here, since the lists of facts import the page models, which need these forms.
        from home.sections import facts_without_language

        cleaned: dict[str, Any] = super().clean()
        language = self.instance.locale.language_code if self.instance.locale_id else ""
        for name in STREAMS:
            named = list(facts_of_stream(cleaned.get(name)))
            for words in facts_without_language(named, language) if named and language else ():
                self.add_error(
                    name,
                    _("This fact is not there in the language of the page: “%(words)s”") % {"words": words},
                )
        return cleaned


class TimedPageForm(PublicPageForm):
    """A page's form with times for going live and for expiry."""

    timed = True


class NewsPageForm(TimedPageForm):
    """All fields for the newsroom's own news; presentation only for a publication's page."""

    fixed_slug = False
    regions = forms.MultipleChoiceField(
        label=_("regions"),
        choices=REGIONS.items,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Where it matters most: readers find it by region. None is for the whole country."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.publication_id:
            for name in set(self.fields) - PRESENTATION_FIELDS:
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        if cleaned.get("cover") and not cleaned.get("cover_alt", "").strip():
            self.add_error("cover_alt", _("Describe the cover for those who cannot see it."))
        return cleaned


class ApprovedWordsPanel(Panel):
    """Shows a publication's approved words read-only, with the reason."""

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
    """Shows when the page goes live and expires, with the time zone."""

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


class TitlePanel(TitleFieldPanel):
    """Wagtail's panel without its script if the form has no slug field: there the script fails on an
    empty selector."""

    class BoundPanel(TitleFieldPanel.BoundPanel):
        def get_attrs(self) -> dict[str, Any]:
            attrs: dict[str, Any] = super().get_attrs()
            if attrs["data-w-sync-target-value"]:
                return attrs
            return {name: value for name, value in attrs.items() if not name.startswith("data-")}
