"""What the newsroom's forms let it change."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminPageForm

# How a publication's page is dressed; its words are the approved ones and stand in no form.
DRESS = frozenset({"cover", "cover_alt", "topics", "placement", "comment_notifications"})
SCHEDULE = ("go_live_at", "expire_at")


class PublicPageForm(WagtailAdminPageForm):
    """A page's form without what would let the site promise one thing and do another.

    No timer publishes or takes down; the address of a page that the whole site links to stays.
    """

    fixed_slug = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in SCHEDULE:
            self.fields.pop(name, None)
        if self.fixed_slug and self.instance.pk:
            self.fields.pop("slug", None)


class NewsPageForm(PublicPageForm):
    """The newsroom's own news as it likes; of a publication's page the dress alone."""

    fixed_slug = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.publication_id:
            for name in set(self.fields) - DRESS:
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        if cleaned.get("cover") and not cleaned.get("cover_alt", "").strip():
            self.add_error("cover_alt", _("Describe the cover for those who cannot see it."))
        return cleaned
