"""Drawing the picture that a shared address shows: 1200 × 630 pixels, with the title in its language."""

import hashlib
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from coalition.campaigns.core.typesetting import draw_template
from coalition.jobs import scheduler
from home.models import NewsPage

TEMPLATE: Final = Path(__file__).with_name("card.typ")
_MAX_TITLE_LENGTH: Final = 300


def draw_card(*, title: str, kind: str, language: str) -> bytes:
    """The picture as PNG. Every letter is drawn in Onest, the site's typeface, whatever the machine has."""
    words = {
        "title": title[:_MAX_TITLE_LENGTH],
        "kind": kind,
        "language": language,
        "site": settings.SITE_NAME,
    }
    return draw_template(TEMPLATE, words, format="png")


# --- keeping ---
# The shared picture of a piece of news: drawn soon after it is public, gone when it is not any more.
#
# Drawn by due work and not by the publication itself, which keeps the coalition's locks; until it is there
# an address is shared with the cover alone.


DRAW_CARD_WORK = "home.draw_share_card"


def draw_card_due(key: str, _payload: dict[str, Any]) -> None:
    """Draw the picture of a live page and keep it; a page that went meanwhile keeps none."""
    page = _live_page(key)
    if page is None:
        drop_card(int(key))
        return
    drawn = draw_card(title=page.title, kind=_kind(page), language=page.locale.language_code)
    with transaction.atomic():
        locked = NewsPage.objects.live().select_for_update(of=("self",)).filter(pk=page.pk).first()
        if locked is None or locked.title != page.title:
            return  # taken back or corrected meanwhile: that planned what must be done
        before = locked.share_card.name
        mark = hashlib.sha256(drawn).hexdigest()[:12]  # caches may keep a name for good
        locked.share_card.save(f"{page.pk}-{mark}.png", ContentFile(drawn), save=False)
        NewsPage.objects.filter(pk=page.pk).update(share_card=locked.share_card.name)
        _delete_file(locked.share_card.storage, before)


def drop_card(page: int) -> None:
    """Forget the picture of a page that is not public any more: its title stands in it."""
    scheduler.cancel(kind=DRAW_CARD_WORK, key=str(page))
    for row in NewsPage.objects.filter(pk=page).exclude(share_card=""):
        NewsPage.objects.filter(pk=page).update(share_card="")
        delete_card_file(row)


def delete_card_file(page: NewsPage) -> None:
    """Delete the file of the page's picture, once the transaction stands."""
    _delete_file(page.share_card.storage, page.share_card.name)


def _delete_file(storage: Storage, name: str | None) -> None:
    if name:
        transaction.on_commit(lambda: storage.delete(name))


def _live_page(key: str) -> NewsPage | None:
    return NewsPage.objects.live().filter(pk=int(key)).select_related("locale").first()


def _kind(page: NewsPage) -> str:
    with override(page.locale.language_code):
        return page.kind_label or _("News")
