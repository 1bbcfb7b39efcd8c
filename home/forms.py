"""What the newsroom's forms let it change."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminPageForm

from coalition.accounts.regions import REGIONS
from home.streams import STREAMS, facts_of_stream

# How a publication's page is dressed; its words are the approved ones and stand in no form.
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
    """A page's form without what would let the site promise one thing and do another.

    No timer publishes or takes down what the whole site stands on, and its address stays.
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
        """A fact stands only on pages in whose language it is said."""
        # Inside, since the lists of facts read pages, whose models need these forms.
        from home.public_facts import facts_without_language

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
    """Of a page that the newsroom may give a moment to become public and one to come down."""

    timed = True


class NewsPageForm(TimedPageForm):
    """The newsroom's own news as it likes; of a publication's page the dress alone."""

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
