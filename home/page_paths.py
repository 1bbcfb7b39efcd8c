"""Where public pages lie. Wagtail's own way asks the database for its site, its root and their paths."""

from functools import lru_cache

from django.urls import get_script_prefix, reverse
from django.utils.translation import override
from wagtail.models import Page


def page_path(page: Page) -> str:
    """The path of a page of the site: the first page of its language is the root of all others."""
    return page_path_at(page.locale.language_code, page.url_path)


def page_path_at(language: str, url_path: str) -> str:
    """The same of a page that is known by its language and its way down the tree."""
    return _path(language, url_path.split("/", 2)[2], get_script_prefix())


@lru_cache(4096)
def _path(language: str, below_home: str, _prefix: str) -> str:
    """`_prefix`: where the whole site lies, which Django adds."""
    with override(language):
        return reverse("wagtail_serve", args=[below_home])
