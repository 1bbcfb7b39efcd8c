"""Public packages beside each other, and one of them on a page of the site."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.urls import reverse
from django.utils.translation import override

from coalition.campaigns.media_package.enums import ItemKind
from coalition.campaigns.media_package.gate import JudgedItem, PackageGate, items_with_files
from coalition.campaigns.media_package.models import MediaPackage
from coalition.campaigns.media_package.queries import public_packages
from coalition.core.localized_text import content_languages

MOST_KINDS: Final = 6  # items whose kinds a section names


@dataclass(frozen=True)
class PackageRow:
    """A public package. `count`: items that are given now; `languages`: their own names of the languages in
    which there is a text or a file."""

    title: str
    title_language: str
    url: str
    count: int
    languages: tuple[str, ...]


@dataclass(frozen=True)
class PackageSection:
    """A public package on another page. `kinds`: of its first items, each once."""

    title: str
    title_language: str
    url: str
    kinds: tuple[str, ...]


def public_package_rows(language: str) -> list[PackageRow]:
    """Return all public packages, newest first. As many queries for many as for one."""
    packages = list(public_packages())
    given = _given_items(packages, language)
    names = content_languages()
    rows = []
    for one in packages:
        items = given.get(one.pk, [])
        codes = {code for item in items for code in item.documents}
        codes |= {file.language for item in items for file in item.files}
        rows.append(
            PackageRow(
                title=one.title.in_language(language),
                title_language=one.title.language_shown(language),
                url=reverse("media_package", args=[one.slug]),
                count=len(items),
                languages=tuple(name for code, name in names if code in codes),
            )
        )
    return rows


def package_section_view(package: MediaPackage, language: str) -> PackageSection | None:
    """Return a package of `public_packages` for another page; None while nothing of it is given."""
    items = _given_items([package], language).get(package.pk, [])
    if not items:
        return None
    kinds = [str(ItemKind(one.item.kind).label) for one in items[:MOST_KINDS]]
    return PackageSection(
        title=package.title.in_language(language),
        title_language=package.title.language_shown(language),
        url=reverse("media_package", args=[package.slug]),
        kinds=tuple(dict.fromkeys(kinds)),
    )


def packages_to_choose(language: str) -> list[tuple[str, str]]:
    """Return UUID and title of the packages that an editor can put on a page, newest first."""
    with override(language):
        return [(str(one.uuid), one.title.in_language(language)) for one in public_packages()]


def _given_items(packages: Iterable[MediaPackage], language: str) -> dict[int, list[JudgedItem]]:
    """Return the items that are given now, in order, by the primary key of their package."""
    keys = [one.pk for one in packages]
    if not keys:
        return {}
    found: dict[int, list[JudgedItem]] = {}
    rows = items_with_files().filter(package__in=keys)
    for judged in PackageGate(language).judge(rows):
        if judged.is_given:
            found.setdefault(judged.item.package_id, []).append(judged)
    return found
