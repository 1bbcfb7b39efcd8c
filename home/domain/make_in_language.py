"""Making a page of the newsroom in another language: a draft to write over, below that language's pages."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from wagtail.models import Locale, Page

from coalition.core.errors import Refused
from home.models import NewsPage, Topic


@transaction.atomic
def make_in_language(page: Page, *, language: str, by: Any) -> Page:
    """A draft of the page in the language, joined to it: the source's words, to be written over.

    Raises Refused if organisations approved the words, if the page is there already, if the page above it
    is missing in that language, or if the person may not write there.
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
    return _copy(page, locale, by)


def _copy(page: Page, locale: Locale, by: Any) -> Page:
    drawn = ["share_card"] if isinstance(page, NewsPage) else []
    copy = page.copy_for_translation(locale, exclude_fields=["go_live_at", "expire_at", *drawn])
    copy.owner = by
    if isinstance(copy, NewsPage):
        keys = page.topics.values("translation_key")
        copy.topics.set(Topic.objects.filter(translation_key__in=keys, locale=locale))
    copy.save()
    copy.save_revision(user=by, clean=False)
    return copy
