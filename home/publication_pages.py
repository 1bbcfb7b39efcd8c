"""The pages of a publication, set from its record: what is public follows from that alone.

`bring_in_line` repairs pages whose rows say something else, such as after a change by SQL.
"""

from django.db import transaction

from documents.models import Publication
from home.models import NewsPage
from home.models.pages import RECORDED


def pages_of(publication: Publication) -> dict[str, NewsPage]:
    """Language code → the page of the publication in that language. One query."""
    return {page.locale.language_code: page for page in reversed(_rows(publication))}


def _rows(publication: Publication) -> list[NewsPage]:
    """Every page with the publication, the oldest first."""
    pages = NewsPage.objects.filter(publication=publication).select_related("locale")
    return list(pages.order_by("pk"))


def address(publication: Publication, language: str) -> str | None:
    """The path of the page on which the language is read; None if it is not public."""
    page = NewsPage.objects.live().filter(publication=publication, locale__language_code=language)
    found = page.select_related("locale").order_by("pk").first()
    return found.get_url() if found is not None else None


def withdraw(publication: Publication) -> bool:
    """Take the pages off the site whose text is not public any more; their address then answers 410 with
    the note, or 404 if a correction lacks the language. Return whether any page had to be changed.

    Idempotent. Runs in the caller's transaction, after the publication's state was written.
    """
    changed = [_take_off(page) for page in _rows(publication) if page.public_text() is None]
    return any(changed)


@transaction.atomic
def bring_in_line(publication: Publication) -> bool:
    """Set every page of the publication from the record: live or not, and its words. Return whether any
    had to be changed. Presentation (cover, topics, placement) stays.

    It makes no page that is missing: publishing makes them.
    """
    changed = withdraw(publication)
    for page in _rows(publication):
        if page.public_text() is not None and not _follows_record(page):
            page.save()
            page.save_revision(clean=False).publish()
            changed = True
    return changed


def _take_off(page: NewsPage) -> bool:
    """Unpublish the page and empty its words. Return whether it had to be changed."""
    scheduled = page.revisions.filter(approved_go_live_at__isnull=False).update(approved_go_live_at=None)
    if page.live:
        page.unpublish()
        return True
    if _follows_record(page):
        return bool(scheduled)
    page.save(clean=False)
    return True


def _follows_record(page: NewsPage) -> bool:
    """Return whether the row says what `save` would write."""
    before = {name: getattr(page, name) for name in RECORDED}
    expected = NewsPage.objects.select_related("locale").get(pk=page.pk)
    expected.follow_record()
    return before == {name: getattr(expected, name) for name in RECORDED}
