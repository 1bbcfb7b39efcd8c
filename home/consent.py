"""Pages, pictures and videos of the public site, registered as items that can show a person."""

import datetime
from collections.abc import Collection, Iterable
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page
from wagtail.permissions import policy_registry

from coalition.accounts.models import User
from coalition.consent.enums import Form
from coalition.consent.items import (
    Changes,
    ItemDescription,
    ItemKind,
    register_change_listener,
    register_item_kind,
)
from coalition.consent.site import (
    IMAGE,
    PAGE,
    VIDEO,
    describe_images,
    describe_pages,
    images_of_keys,
    keys_in_all_languages,
    move_copies_of,
    move_copy_of_video,
    move_image,
    move_video,
    pages_of_keys,
    pages_with,
    register_videos,
    row_numbers,
    video_item,
)
from coalition.jobs import scheduler
from documents.models import PublicationText
from home.models import NewsPage, PublicImage, PublicVideo
from home.models.pages import PublicPage
from home.news_mail import drop_news_mail
from home.search.find import SEARCHED_PAGES, index_page
from home.share.card import drop_card
from home.stray_files import move_all_stray_files, move_stray_files


def _videos(keys: Collection[str]) -> QuerySet[PublicVideo]:
    return PublicVideo.objects.filter(pk__in=row_numbers(keys)).select_related("poster")


def _describe_videos(keys: Collection[str]) -> dict[str, ItemDescription]:
    return {
        str(one.pk): ItemDescription(
            video_item(one), one.title, reverse("wagtailsnippets_home_publicvideo:edit", args=[one.pk])
        )
        for one in _videos(keys)
    }


def _may_attach_page(person: User, key: str) -> bool:
    pages = (page for page in pages_of_keys([key]) if isinstance(page, PublicPage))
    return any(page.permissions_for_user(person).can_name_people() for page in pages)


def _may_attach_image(person: User, key: str) -> bool:
    allowed = policy_registry.get_by_type(PublicImage).user_has_permission_for_instance
    return any(allowed(person, "delete", image) for image in images_of_keys([key]))


def _hide_page(key: str) -> None:
    for page in pages_of_keys(keys_in_all_languages([key])):
        _end_aliases(page)
        if isinstance(page, NewsPage):
            NewsPage.objects.select_for_update(of=("self",)).get(pk=page.pk)  # `send_news_due` may be at it
            drop_card(page.pk)
            drop_news_mail(page)


def _end_aliases(page: Page) -> None:
    """Delete aliases, which show the page's words under keys of their own. One with pages below it is taken
    off the site instead, and follows the page no longer."""
    for alias in page.aliases.specific():
        _end_aliases(alias)
        if alias.is_leaf():
            alias.delete()
        else:
            alias.unpublish()
            Page.objects.filter(pk=alias.pk).update(alias_of=None)


def _hide_image(key: str) -> None:
    for image in images_of_keys([key]):
        move_image(image, IMAGE, key)
        transaction.on_commit(partial(move_stray_files, image=image.pk), robust=True)
        _index(pages_with(SEARCHED_PAGES, IMAGE, image))


def _hide_video(key: str) -> None:
    for video in _videos([key]):
        move_video(video)
        transaction.on_commit(partial(move_stray_files, video=video.pk), robust=True)
        transaction.on_commit(partial(move_stray_files, image=video.poster_id), robust=True)
        _index(pages_with(SEARCHED_PAGES, VIDEO, video))


def _index(pages: Iterable[Any]) -> None:
    for page in pages:
        if type(page) in SEARCHED_PAGES:
            index_page(page)


def _follow_changes(changes: Changes) -> None:
    """Keep copies of files, words of approved texts with them, and the search index in step with the gate."""
    keys = keys_in_all_languages([key for kind, key, _sha256 in changes if kind == PAGE])
    _index(pages_of_keys(keys) if keys else ())
    hashes = {sha256 for kind, _key, sha256 in changes if sha256 and kind != PAGE}
    for image in move_copies_of(hashes) if hashes else ():
        transaction.on_commit(partial(move_stray_files, image=image.pk), robust=True)
        if image.sha256:
            _save_approved_pages(image.sha256)
        _index(pages_with(SEARCHED_PAGES, IMAGE, image))
    videos = PublicVideo.objects.filter(bytes_sha256__in=hashes).select_related("poster") if hashes else ()
    for video in videos:
        move_copy_of_video(video)
        transaction.on_commit(partial(move_stray_files, video=video.pk), robust=True)
        _index(pages_with(SEARCHED_PAGES, VIDEO, video))


def _save_approved_pages(sha256: str) -> None:
    """Save pages whose approved text contains the picture: their words follow the gate."""
    texts = PublicationText.objects.filter(version__canonical__contains=sha256)
    pages = NewsPage.objects.filter(publication__in=texts.values("publication"))
    for page in pages.select_related("locale"):
        page.save(clean=False)
        index_page(page)


def register_consent_kinds() -> None:
    """Register from `AppConfig.ready()`."""
    every, seen = tuple(Form), (Form.FACE, Form.TEXT)
    kinds: list[tuple[Any, ...]] = [
        (PAGE, _("Page of the site"), every, describe_pages, _may_attach_page, _hide_page),
        (IMAGE, _("Picture of the site"), seen, describe_images, _may_attach_image, _hide_image),
        (VIDEO, _("Video of the site"), every, _describe_videos, _may_attach_video, _hide_video),
    ]
    for name, label, forms, describe, may_attach, changed in kinds:
        kind = ItemKind(
            name=name, label=label, forms=forms, describe=describe, may_attach=may_attach, changed=changed
        )
        register_item_kind(kind)
    register_change_listener(_follow_changes)
    register_videos(PublicVideo)
    scheduler.register_recurring("home.stray_files", move_all_stray_files, every=datetime.timedelta(hours=1))


def _may_attach_video(person: User, _key: str) -> bool:
    return person.has_perm("home.change_publicvideo")
