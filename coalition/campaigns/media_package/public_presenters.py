"""A package as outlets and everybody see it: only what the gate lets out."""

import datetime
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.template.defaultfilters import filesizeformat
from django.utils.translation import override

from coalition.accounts.models import Language
from coalition.campaigns.media_package.enums import AgeMark, AiMark, Format, ItemKind
from coalition.campaigns.media_package.gate import JudgedItem
from coalition.campaigns.media_package.measuring.warnings import MEGABYTE, is_ready_for_tv
from coalition.campaigns.media_package.models import MediaPackage, Rendition
from coalition.campaigns.media_package.sections import TERMS, ItemSection, sections_of
from coalition.core.localized_text import content_languages
from coalition.jobs.date_formats import moment_with_time_zone
from documents.drafts.models import PublicationState

ZIP_LIMIT_BYTES = 200 * MEGABYTE
SHARED_LIMIT_BYTES = 50 * 1024**2  # a phone passes on no more than that

type FileUrl = Callable[[Rendition], str]
type WordsUrl = Callable[[str], str]


@dataclass(frozen=True)
class FileRow:
    """A file that can be taken."""

    name: str
    label: str
    language: str
    size: str
    sha256: str
    url: str
    version: int
    content_type: str
    can_be_shared: bool


@dataclass(frozen=True)
class WordsRow:
    """An item's text in one language. `captions`: parts to copy; `terms`: credit, licence, funding, music."""

    code: str
    language: str
    title: str
    lead: str
    captions: Sequence[ItemSection]
    terms: Sequence[ItemSection]


@dataclass(frozen=True)
class OtherWords:
    """Where an item's text stands in another language."""

    code: str
    language: str
    url: str


@dataclass(frozen=True)
class ItemView:
    """An item. `words`: its text in the language of the page, or the first that it has; `others`: its other
    languages. `preview_url`: a picture of it, "" without one; `alt`: what is to be seen there; `embargo`:
    until when nothing of it may be published, "" once it is public."""

    key: str
    kind: str
    title: str
    title_language: str
    age: str
    ai: str
    licence_until: datetime.date | None
    embargo: str
    ready_for_tv: bool
    words: Sequence[WordsRow]
    others: Sequence[OtherWords]
    files: Sequence[FileRow]
    preview_url: str
    alt: str


@dataclass(frozen=True)
class PackageView:
    """A package. `zip_url`: "" where it would be larger than 200 MB, or has one file only."""

    package: MediaPackage
    title: str
    title_language: str
    items: Sequence[ItemView]
    zip_url: str
    zip_size: str

    @property
    def has_contact(self) -> bool:
        package = self.package
        return bool(package.contact_name or package.contact_phone or package.contact_mail)


def package_page(
    package: MediaPackage,
    judged: Iterable[JudgedItem],
    *,
    language: str,
    file_url: FileUrl,
    words_url: WordsUrl,
    zip_url: str = "",
) -> PackageView:
    """Return the package in the language of its reader. Items that are not given are left out. No query.

    `words_url(code)`: the page with the words of the items in another language.
    """
    given = [one for one in judged if one.is_given]
    size = sum(file.size for one in given for file in one.files)
    count = sum(len(one.files) for one in given)
    has_zip = bool(zip_url) and count > 1 and size < ZIP_LIMIT_BYTES
    return PackageView(
        package=package,
        title=package.title.in_language(language),
        title_language=package.title.language_shown(language),
        items=[item_view(one, language, file_url, words_url) for one in given],
        zip_url=zip_url if has_zip else "",
        zip_size=filesizeformat(size) if has_zip else "",
    )


def item_view(
    judged: JudgedItem, language: str, file_url: FileUrl, words_url: WordsUrl | None = None
) -> ItemView:
    """Return one given item; without `words_url` with its text in all its languages."""
    item, main = judged.item, judged.document_for(language)
    picture = _picture_of(judged, language)
    words = [_words_row(judged, code, name) for code, name in content_languages() if code in judged.documents]
    words.sort(key=lambda one: one.code != language)
    first = words[0]
    description = next((one for one in _sections(judged, first.code) if one.key == "description"), None)
    return ItemView(
        key=item.name,
        kind=str(ItemKind(item.kind).label),
        title=str(main["title"]) if main is not None else item.name,
        title_language=str(main["language"]) if main is not None else "",
        age=str(AgeMark(item.age_mark).label),
        ai="" if item.ai_mark == AiMark.NONE else str(AiMark(item.ai_mark).label),
        licence_until=item.licence_until,
        embargo=_embargo_of(judged),
        ready_for_tv=is_ready_for_tv(judged.files),
        words=words if words_url is None else words[:1],
        others=[OtherWords(one.code, one.language, f"{words_url(one.code)}#{item.name}") for one in words[1:]]
        if words_url is not None
        else [],
        files=[_file_row(one, file_url) for one in sorted(judged.files, key=_order(language))],
        preview_url=file_url(picture) if picture is not None else "",
        alt=description.words if description is not None else first.title,
    )


def _embargo_of(judged: JudgedItem) -> str:
    planned = judged.publication
    if planned is None or planned.state != PublicationState.SCHEDULED or planned.scheduled_at is None:
        return ""
    return moment_with_time_zone(planned.scheduled_at)


def _words_row(judged: JudgedItem, code: str, name: str) -> WordsRow:
    document, parts = judged.documents[code], _sections(judged, code)
    return WordsRow(
        code=code,
        language=name,
        title=str(document["title"]),
        lead=str(document["lead"]),
        captions=[one for one in parts if one.key not in TERMS],
        terms=[one for one in parts if one.key in TERMS],
    )


def _sections(judged: JudgedItem, code: str) -> list[ItemSection]:
    return sections_of(judged.documents[code], id_prefix=f"{judged.item.name}-{code}-note-")


def _file_row(rendition: Rendition, file_url: FileUrl) -> FileRow:
    code = rendition.language
    with override(code or None):
        language = str(Language(code).label) if code else ""
    return FileRow(
        name=rendition.file_name,
        label=str(Format(rendition.format).label),
        language=language,
        size=filesizeformat(rendition.size),
        sha256=rendition.sha256,
        url=file_url(rendition),
        version=rendition.version,
        content_type=rendition.file.content_type if rendition.file is not None else "",
        can_be_shared=rendition.size <= SHARED_LIMIT_BYTES,
    )


def _order(language: str) -> Callable[[Rendition], tuple[bool, int, str]]:
    """Sort by language, the reader's first, then as the formats stand."""
    formats = list(Format)

    def key(one: Rendition) -> tuple[bool, int, str]:
        return (one.language not in {"", language}, formats.index(Format(one.format)), one.language)

    return key


def _picture_of(judged: JudgedItem, language: str) -> Rendition | None:
    """Return the smallest picture in the reader's language, else any."""
    pictures = [
        one for one in judged.files if one.file is not None and one.file.content_type.startswith("image/")
    ]
    pictures.sort(key=lambda one: (one.language not in {"", language}, one.format != Format.WEB, one.size))
    return pictures[0] if pictures else None
