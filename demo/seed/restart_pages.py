"""Restore the site's first pages, which the demo filled, when its data is removed."""

from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext, override

from home.models import HomePage, StandardPage
from home.models.pages import PublicPage
from home.setup_site import PLANNED_PAGES, first_sections


@transaction.atomic
def restart_pages(*, with_leads: Collection[str]) -> None:
    """Give first pages that have one of these leads the content that `setup_site` gave them."""
    homes = HomePage.objects.select_related("locale")
    for home in (one for one in homes if one.lead in with_leads):
        with override(home.locale.language_code):
            home.sections = first_sections()
        home.search_description = ""
        _publish_anew(home)
    for planned in PLANNED_PAGES[1:]:
        for page in planned.model.objects.filter(slug=planned.slug, lead__in=with_leads):
            with override(page.locale.language_code):
                page.title = gettext(planned.title)
                page.lead = gettext(planned.lead) if planned.lead else ""
            if planned.model is StandardPage:
                page.body = []
            _publish_anew(page)


def _publish_anew(page: PublicPage) -> None:
    """Publish a page and delete its earlier revisions."""
    revision = page.save_revision()
    revision.publish()
    page.revisions.exclude(pk=revision.pk).delete()
