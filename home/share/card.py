"""Rendering the share picture: 1200 × 630 pixels, with the title in its language."""

import hashlib
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from django.db import transaction
from django.utils.translation import gettext as _, override

from coalition.campaigns.core.typesetting import draw_template
from coalition.consent.site import is_page_under_consent
from coalition.jobs import scheduler
from home.models import NewsPage

TEMPLATE: Final = Path(__file__).with_name("card.typ")
_MAX_TITLE_LENGTH: Final = 300


def draw_card(*, title: str, kind: str, language: str) -> bytes:
    """Return the picture as PNG. All text uses Onest, the site's typeface, whatever fonts are installed."""
    words = {"title": title[:_MAX_TITLE_LENGTH], "kind": kind, "language": language}
    return draw_template(TEMPLATE, words | {"site": settings.SITE_NAME}, format="png")


# The share picture of news: rendered soon after publication, deleted when it is no longer public.
# Rendered by a job and not by the publication itself, which holds locks of the whole coalition; until
# then the page is shared with its cover.

DRAW_CARD_WORK = "home.draw_share_card"


def draw_card_due(key: str, _payload: dict[str, Any]) -> None:
    """Render and store the picture of a live page; nothing if the page is no longer live (job)."""
    page = NewsPage.objects.live().filter(pk=int(key)).select_related("locale").first()
    if page is None or is_page_under_consent(page):
        drop_card(int(key))
        return
    with override(page.locale.language_code):
        kind = page.kind_label or _("News")
    drawn = draw_card(title=page.title, kind=kind, language=page.locale.language_code)
    with transaction.atomic():
        locked = NewsPage.objects.live().select_for_update(of=("self",)).filter(pk=page.pk).first()
        if locked is None or locked.title != page.title or is_page_under_consent(page):
            return  # withdrawn, corrected (that scheduled its own job), or under consent meanwhile
        before = locked.share_card.name
        digest = hashlib.sha256(drawn).hexdigest()[
            :12
        ]  # caches may keep a name for good: it contains the hash
        locked.share_card.save(f"{page.pk}-{digest}.png", ContentFile(drawn), save=False)
        NewsPage.objects.filter(pk=page.pk).update(share_card=locked.share_card.name)
        _delete_file(locked.share_card.storage, before)


def drop_card(page: int) -> None:
    """Delete the picture of a page that is no longer public: it contains the title."""
    scheduler.cancel(kind=DRAW_CARD_WORK, key=str(page))
    for row in NewsPage.objects.filter(pk=page).exclude(share_card=""):
        NewsPage.objects.filter(pk=page).update(share_card="")
        delete_card_file(row)


def delete_card_file(page: NewsPage) -> None:
    """Delete the file of the page's picture after the commit."""
    _delete_file(page.share_card.storage, page.share_card.name)


def _delete_file(storage: Storage, name: str | None) -> None:
    if name:
        transaction.on_commit(lambda: storage.delete(name))
