"""Where public pages lie. Wagtail's own way asks the database for its site, its root and their paths."""

from django.urls import reverse
from django.utils.translation import override
from wagtail.models import Page


def path_of(page: Page) -> str:
    """The path of a page of the site: the first page of its language is the root of all others."""
    below_home = page.url_path.split("/", 2)[2]
    with override(page.locale.language_code):
        return reverse("wagtail_serve", args=[below_home])
