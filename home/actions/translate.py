"""Create the translation of a page as a draft with the source's words.

Why `wagtail.contrib.simple_translation` is not used: docs/dependencies.md.
"""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from wagtail.models import Locale, Page

from coalition.core.errors import Refused
from home.models import NewsPage, Topic


@transaction.atomic
def create_translation(page: Page, *, language: str, by: Any) -> Page:
    """Copy the page as a draft into the page tree of `language`. The editor then replaces the words.

    Raises Refused if organisations approved the words, if the translation exists, if the parent page has no
    translation in that language, or if `by` may not add pages below that one.
    """
    page = Page.objects.select_for_update().get(pk=page.pk).specific
    if isinstance(page, NewsPage) and page.publication_id:
        raise Refused(
            _(
                "Organisations approved these words. Their languages are written and approved in the "
                "workspace."
            )
        )
    locale = Locale.objects.get(language_code=language)
    if page.get_translation_or_none(locale) is not None:
        raise Refused(_("This page is there in this language already."))
    above = page.get_parent().get_translation_or_none(locale)
    if above is None:
        raise Refused(_("The page above it is missing in this language. Make that one first."))
    if not above.specific.permissions_for_user(by).can_add_subpage():
        raise Refused(_("You may not add pages there."))
    return _copy_page(page, locale, by)


def _copy_page(page: Page, locale: Locale, by: Any) -> Page:
    drawn = ["share_card"] if isinstance(page, NewsPage) else []
    copy = page.copy_for_translation(locale, exclude_fields=["go_live_at", "expire_at", *drawn])
    copy.owner = by
    if isinstance(copy, NewsPage):
        keys = page.topics.values("translation_key")
        copy.topics.set(Topic.objects.filter(translation_key__in=keys, locale=locale))
    copy.save()
    copy.save_revision(user=by, clean=False)
    return copy
