"""The gate of the site: which pages, pictures and videos the public may see now.

Works on Wagtail's models; the public site registers its own kinds of items with these functions.
"""

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.core.files.storage import Storage
from django.db.models import CharField, Model, Q, QuerySet, TextField, prefetch_related_objects
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.html import strip_tags
from wagtail.fields import StreamField
from wagtail.images import get_image_model
from wagtail.models import Page

from coalition.accounts.models import Language
from coalition.consent.enums import Place
from coalition.consent.files import BYTES, delete_on_commit, item_of_name, may_show_name, move_file
from coalition.consent.gate import ConsentGate
from coalition.consent.items import ItemDescription, ShownItem
from coalition.consent.shared_gates import PlaceGates, gate_for, gates_of, passes
from coalition.consent.storage import is_consented_name
from coalition.core.crypto import parse_uuid

IMAGE, VIDEO, PAGE = "image", "video", "page"
VIDEO_FILES: Final = ("file", "captions_kk", "captions_ru", "captions_en")
_MAX_DIGITS: Final = 18  # of a primary key: those of 19 are not all in its range
_video_models: Final[list[type[Model]]] = []
_NO_WORDS: Final = frozenset({"path", "url_path", "draft_title"})


def site_gate(language: str = "") -> ConsentGate:
    """Return the gate of the site in a language, the active one by default: one query in a request."""
    return gate_for(Place.SITE, language)


def may_show_page(page: Any) -> bool:
    """Whether the page (of its own type) may be shown in its language. A translation of a page under consent
    shows the same person: it needs her consent too."""
    gate = site_gate(page.locale.language_code)
    if gate.is_under_consent(PAGE, page_key(page)):
        return gate.may_show(page_item(page))
    return not is_page_under_consent(page)


def is_page_under_consent(page: Page) -> bool:
    """Whether the page is under consent in any language: then no mail, copy or picture of it is made, which
    nobody can call back."""
    gate = site_gate(page.locale.language_code)
    return any(gate.is_under_consent(PAGE, f"{page.translation_key}.{code}") for code in Language.values)


def may_show_image(image: Any) -> bool:
    gate = site_gate()
    own = passes(gate, IMAGE, str(image.pk), lambda: image_item(image), hash_of(image))
    return own and may_show_name(gate, str(image.file.name))


def may_show_video(video: Any) -> bool:
    return passes(site_gate(), VIDEO, str(video.pk), lambda: video_item(video), hash_of(video))


def may_show_block(kind: str, value: Any) -> bool:
    """Whether a block of a page may be shown: its picture or video, or the page it leads to."""
    if kind == "call" and (page := value.get("page")) is not None:
        return not is_hidden(page)
    if kind == VIDEO:
        return value.get("video") is None or may_show_video(value["video"])
    return kind != "picture" or value.get("image") is None or may_show_image(value["image"])


def is_under_consent(kind: str, row: Any) -> bool:
    """Whether the picture or video is, or was, under consent, or its bytes are: then no copy of it is made
    that nobody can call back."""
    gate, sha256 = site_gate(), hash_of(row)
    is_held = gate.is_under_consent(kind, str(row.pk)) or bool(sha256 and gate.holds_bytes(sha256))
    return is_held or is_consented_name(str(row.file.name))


def may_describe(page: Any, kind: str, row: Any) -> bool:
    """Whether words of the page (None outside of pages) may stand beside the picture or video: nobody agreed
    to them if it is under consent, unless she agreed to the page, which has not changed since."""
    if not is_under_consent(kind, row):
        return True
    if not isinstance(page, Page):
        return False
    gate = site_gate(page.locale.language_code)
    return gate.is_under_consent(PAGE, page_key(page)) and not is_hidden(page)


def has_consented_file(value: Any) -> bool:
    """Whether the picture or video of a block is, or was, under consent: its file is in private storage."""
    files = [one.file.name for one in (value.get("video"), value.get("image")) if one is not None]
    return any(is_consented_name(str(name)) for name in files)


def hidden_pages() -> dict[str, set[UUID]]:
    """Return translation keys of pages that may not be shown, by language. No query beside the gate's,
    unless there are agreed pages: they are compared with what was agreed to."""
    gates = gates_of(Place.SITE)
    if PAGE not in gates.memory:
        gates.memory[PAGE] = _find_hidden(gates)
    found: dict[str, set[UUID]] = gates.memory[PAGE]
    return found


def is_hidden(page: Page) -> bool:
    """Whether the page, whatever is loaded of it, may not be shown."""
    found = {code for code, keys in hidden_pages().items() if page.translation_key in keys}
    return bool(found) and page.locale.language_code in found


def without_hidden[Q: QuerySet[Any, Any]](pages: Q) -> Q:
    """Return the pages without those that may not be shown."""
    for code, keys in hidden_pages().items():
        pages = pages.exclude(locale__language_code=code, translation_key__in=keys)
    return pages


def _find_hidden(gates: PlaceGates) -> dict[str, set[UUID]]:
    hidden: dict[str, set[UUID]] = {}
    agreed: dict[str, ConsentGate] = {}
    for code, gate in gates.by_language.items():
        items = gate.keys_under_consent(PAGE)
        own = {f"{uuid}.{code}" for uuid in _uuids(items)}
        closed = (own - items) | gate.blocked_keys(PAGE)
        agreed |= dict.fromkeys(own - closed, gate)
        hidden[code] = set(_uuids(own & closed))
    pages = pages_of_keys(agreed) if agreed else []
    for page, item in zip(pages, page_items(pages), strict=True):
        if not agreed[item.key].may_show(item):
            hidden[page.locale.language_code].add(page.translation_key)
    return {code: keys for code, keys in hidden.items() if keys}


def page_key(page: Page) -> str:
    """Return the key of a page in its language."""
    return f"{page.translation_key}.{page.locale.language_code}"


def keys_in_all_languages(keys: Collection[str]) -> set[str]:
    """Return the keys of these pages and of their translations."""
    return {f"{uuid}.{code}" for uuid in _uuids(keys) for code in Language.values}


def pages_of_keys(keys: Collection[str]) -> list[Any]:
    """Return pages, of their own types, by their keys as items."""
    rows = list(Page.objects.filter(translation_key__in=set(_uuids(keys))).specific())
    prefetch_related_objects(rows, "locale")
    return [row for row in rows if page_key(row) in keys]


def pages_with(models: Iterable[type[Page]], kind: str, item: Any) -> list[Any]:
    """Return pages of these types whose streams have the picture or video."""
    found: list[Any] = []
    for model in models:
        for field in model._meta.local_concrete_fields:
            if isinstance(field, StreamField):
                rows = model.objects.annotate(raw_stream=Cast(field.name, TextField()))
                found += rows.filter(raw_stream__contains=f'"{kind}": {item.pk}').select_related("locale")
    return found


def _uuids(keys: Collection[str]) -> Iterator[UUID]:
    yield from (uuid for key in keys if (uuid := parse_uuid(key.rpartition(".")[0])) is not None)


def register_videos(model: type[Model]) -> None:
    """Register the model of videos, with a foreign key `poster` to a picture."""
    _video_models[:] = [model]


def page_item(page: Any) -> ShownItem:
    """Return the page as `page_items` does."""
    return page_items([page])[0]


def page_items(pages: Sequence[Any]) -> list[ShownItem]:
    """Return every word of each page in its language; beside it, the hash of what it points to and how it is
    made up, and the digests of its pictures and videos, "" for those that are gone. Two queries at most."""
    shown = [list(_shown_on(page)) for page in pages]
    digests = _digests_of({pair for pairs in shown for pair in pairs})
    return [
        _page_item(page, tuple(digests.get(pair, "") for pair in pairs))
        for page, pairs in zip(pages, shown, strict=True)
    ]


def _page_item(page: Any, beside: tuple[str, ...]) -> ShownItem:
    fields = page._meta.concrete_fields
    streams = [list(getattr(page, one.name).raw_data) for one in fields if isinstance(one, StreamField)]
    links = [getattr(page, one.attname) for one in fields if one.is_relation and one.model is not Page]
    content = json.dumps([streams, links], sort_keys=True, default=str)
    words = [
        str(getattr(page, one.name) or "")
        for one in fields
        if isinstance(one, CharField | TextField) and not one.choices and one.name not in _NO_WORDS
    ]
    made_up = hashlib.sha256(content.encode()).hexdigest()
    all_words = tuple(filter(None, [*words, *_words_in(streams)]))
    return ShownItem(PAGE, page_key(page), words=all_words, beside=(made_up, *beside))


def _shown_on(page: Any) -> Iterator[tuple[str, str]]:
    """Yield kind and key of every picture and video of the page, in the order of its fields."""
    if deferred := page.get_deferred_fields():
        page.refresh_from_db(fields=deferred)
    kinds = {get_image_model(): IMAGE} | dict.fromkeys(_video_models, VIDEO)
    for one in page._meta.concrete_fields:
        if isinstance(one, StreamField):
            yield from _shown_in(list(getattr(page, one.name).raw_data))
        elif one.related_model in kinds and (key := getattr(page, one.attname)) is not None:
            yield kinds[one.related_model], str(key)


def _shown_in(value: Any) -> Iterator[tuple[str, str]]:
    """Yield the same of the raw content of a stream."""
    if isinstance(value, list):
        for one in value:
            yield from _shown_in(one)
    elif isinstance(value, dict):
        for name, one in value.items():
            if name in {IMAGE, VIDEO} and isinstance(one, int | str):
                yield name, str(one)
            else:
                yield from _shown_in(one)


def _digests_of(pairs: Collection[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """Return digests of pictures and videos by kind and key, without those that are gone."""
    keys = {kind: [key for one, key in pairs if one == kind] for kind in (IMAGE, VIDEO)}
    found = {(IMAGE, str(one.pk)): image_item(one).digest for one in images_of_keys(keys[IMAGE])}
    for model in _video_models if keys[VIDEO] else ():
        rows = model._default_manager.filter(pk__in=row_numbers(keys[VIDEO])).select_related("poster")
        found |= {(VIDEO, str(one.pk)): _video_digest(one) for one in rows}
    return found


def _words_in(value: Any) -> Iterator[str]:
    """Yield the words in the raw content of streams, without markup."""
    if isinstance(value, dict):
        for name, one in value.items():
            if name not in {"id", "type"}:
                yield from _words_in(one)
    elif isinstance(value, list):
        for one in value:
            yield from _words_in(one)
    elif isinstance(value, str) and parse_uuid(value) is None:
        yield " ".join(strip_tags(value.replace("<", " <")).split())


def hash_of(row: Any) -> str:
    """Return the SHA-256 of a picture's or video's file; of an approved picture that of its approval. Empty
    if the file is missing."""
    return str(getattr(row, "sha256", "") or row.bytes_sha256)


def image_item(image: Any) -> ShownItem:
    """Return title, description and credit, and around what it is cropped."""
    words = (image.title, image.alt, image.credit)
    return ShownItem(IMAGE, str(image.pk), hash_of(image), words, _crop(image))


def _crop(image: Any) -> tuple[str, ...]:
    sides = [getattr(image, f"focal_point_{name}") for name in ("x", "y", "width", "height")]
    return () if sides == [None] * len(sides) else (json.dumps(sides),)


def video_item(video: Any) -> ShownItem:
    """Return title, credit, transcripts and captions of all languages, and its first picture as cropped."""
    return _video_item(video, [_captions_text(video.captions(code)) for code in Language.values])


def _video_item(video: Any, captions: Sequence[str]) -> ShownItem:
    words = [video.title, video.credit]
    for code, told in zip(Language.values, captions, strict=True):
        words += [video.transcript(code), told]
    beside = (hash_of(video.poster), *_crop(video.poster))
    return ShownItem(VIDEO, str(video.pk), hash_of(video), tuple(words), beside)


def _video_digest(video: Any) -> str:
    """Return the digest of a video on a page. In it are hashes of its captions: lists compare many pages at
    every access, and would read all of these files."""
    hashes = []
    for code in Language.values:
        file = video.captions(code)
        try:
            hashes.append(_hash_of_captions(file.storage, str(file.name)) if file else "")
        except FileNotFoundError:
            hashes.append("")
    return _video_item(video, hashes).digest


@lru_cache(maxsize=4096)
def _hash_of_captions(storage: Storage, name: str) -> str:
    """Return the SHA-256 of a file, read once: another file has another name. Raises FileNotFoundError."""
    with storage.open(name, "rb") as captions:
        return hashlib.file_digest(captions, "sha256").hexdigest()


def _captions_text(file: Any) -> str:
    if not file:
        return ""
    try:
        with file.storage.open(file.name, "rb") as captions:
            return str(captions.read().decode("utf-8-sig", "replace"))
    except FileNotFoundError:
        return ""


def describe_pages(keys: Collection[str]) -> dict[str, ItemDescription]:
    """Return public pages as they are, others as in their last draft."""
    rows, found = pages_of_keys(keys), {}
    pages = [
        row.get_latest_revision_as_object() if not row.live and row.latest_revision_id is not None else row
        for row in rows
    ]
    for row, page, item in zip(rows, pages, page_items(pages), strict=True):
        public = f"{settings.SITE_URL.rstrip('/')}{row.get_url()}" if row.live else ""
        url = reverse("wagtailadmin_pages:edit", args=[row.pk])
        found[page_key(row)] = ItemDescription(item, page.title, url, public)
    return found


def describe_images(keys: Collection[str]) -> dict[str, ItemDescription]:
    return {
        str(one.pk): ItemDescription(image_item(one), one.title, reverse("wagtailimages:edit", args=[one.pk]))
        for one in images_of_keys(keys)
    }


def row_numbers(keys: Iterable[str]) -> list[int]:
    """Return keys that can be primary keys as numbers. Addresses contain keys of strangers: a database has
    no number of 20 digits, and Python parses none of 5000."""
    return [int(key) for key in keys if key.isascii() and key.isdecimal() and len(key) <= _MAX_DIGITS]


def images_of_keys(keys: Collection[str]) -> QuerySet[Any]:
    rows: QuerySet[Any] = get_image_model().objects.filter(pk__in=row_numbers(keys))
    return rows


def move_image(image: Any, kind: str, key: str) -> None:
    """Move a picture's file below this item, and delete its renditions: they are drawn anew beside it."""
    move_file(image, "file", kind, key)
    for rendition in image.renditions.all():
        delete_on_commit(rendition.file.storage, str(rendition.file.name))
        rendition.delete()


def move_video(video: Any) -> None:
    """Move a video's files below itself, and its first picture, which shows what the video shows."""
    _move_video(video, VIDEO, str(video.pk))


def move_copy_of_video(video: Any) -> None:
    """Move the files of a video whose bytes are under consent out of the public folder."""
    files = [one for one in (*(getattr(video, name) for name in VIDEO_FILES), video.poster.file) if one]
    if any(item_of_name(str(one.name)) is None for one in files):
        _move_video(video, BYTES, hash_of(video))


def _move_video(video: Any, kind: str, key: str) -> None:
    for name in VIDEO_FILES:
        move_file(video, name, kind, key)
    if item_of_name(str(video.poster.file.name)) is None:
        move_image(video.poster, kind, key)


def move_copies_of(hashes: Collection[str]) -> list[Any]:
    """Move public pictures with these hashes out of the public folder; return all of them."""
    same = Q(sha256__in=hashes) | Q(bytes_sha256__in=hashes)
    images = list(get_image_model().objects.filter(same))
    for image in images:
        if item_of_name(str(image.file.name)) is None:
            move_image(image, BYTES, image.sha256 if image.sha256 in hashes else image.bytes_sha256)
    return images
