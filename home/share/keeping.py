"""The shared picture of a piece of news: drawn soon after it is public, gone when it is not any more.

Drawn by due work and not by the publication itself, which keeps the coalition's locks; until it is there
an address is shared with the cover alone.
"""

import hashlib
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from coalition.jobs import scheduler
from home.models import NewsPage
from home.share.card import draw_card

DRAW = "home.draw_share_card"


def draw_planned(key: str, _payload: dict[str, Any]) -> None:
    """Draw the picture of a live page and keep it; a page that went meanwhile keeps none."""
    page = _live(key)
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
        _forget_file(locked.share_card.storage, before)


def drop_card(page: int) -> None:
    """Forget the picture of a page that is not public any more: its title stands in it."""
    scheduler.cancel(kind=DRAW, key=str(page))
    for row in NewsPage.objects.filter(pk=page).exclude(share_card=""):
        NewsPage.objects.filter(pk=page).update(share_card="")
        forget_card(row)


def forget_card(page: NewsPage) -> None:
    """Delete the file of the page's picture, once the transaction stands."""
    _forget_file(page.share_card.storage, page.share_card.name)


def _forget_file(storage: Storage, name: str | None) -> None:
    if name:
        transaction.on_commit(lambda: storage.delete(name))


def _live(key: str) -> NewsPage | None:
    return NewsPage.objects.live().filter(pk=int(key)).select_related("locale").first()


def _kind(page: NewsPage) -> str:
    with override(page.locale.language_code):
        return page.kind_label or _("News")
