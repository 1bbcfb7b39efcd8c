"""What stands on a poster: words of one text of an item, and where they come from.

Nothing is added to the approved words but the name of the site, its logo, and the address of the package or
of the site.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _, override

from coalition.accounts.models import Language
from coalition.campaigns.media_package.enums import ItemKind, PackageAudience
from coalition.campaigns.media_package.models import MediaItem, MediaPackage
from coalition.campaigns.media_package.sections import ItemSection, sections_of
from coalition.core.crypto import parse_uuid
from coalition.core.errors import Refused
from coalition.mail.outbox import absolute_url
from documents.canonical.form import Document, Fact
from documents.canonical.nodes import inlines
from documents.facts.models import FactWords

_ON_POSTER: Final = ("credit", "funding")
_PERCENTAGE: Final = re.compile(r"(\d{1,3}(?:[.,]\d+)?)\s*%")
_LONGEST_ALT: Final = 300  # characters, as of a stored file

type Numerals = Mapping[tuple[UUID, str], str]  # by version of a fact and language


@dataclass(frozen=True)
class PosterContent:
    """What stands on a poster in one language. `numeral`: "" if the figure has none in the register;
    `figure`: the words after it; `terms`: credit and funding with their headings; `description`: for those
    who do not see it."""

    template: Literal["poster", "infographic"]
    language: str
    title: str
    lead: str
    numeral: str
    figure: str
    source: str
    terms: tuple[tuple[str, str], ...]
    address: str
    description: str

    @property
    def alt(self) -> str:
        words = self.description or " ".join(filter(None, (self.title, self.lead)))
        return words if len(words) <= _LONGEST_ALT else words[: _LONGEST_ALT - 1].rstrip() + "…"

    @property
    def percentage(self) -> float | None:
        """Return the numeral as a number if it is a percentage of a whole."""
        found = _PERCENTAGE.fullmatch(self.numeral.strip())
        value = float(found[1].replace(",", ".")) if found is not None else None
        return value if value is not None and value <= 100 else None

    def data(self) -> dict[str, Any]:
        """Return what the templates read."""
        percentage = self.percentage
        is_whole = percentage is not None and percentage == int(percentage)
        return {
            "language": self.language,
            "title": self.title,
            "lead": self.lead,
            "numeral": self.numeral,
            "figure": self.figure,
            "source": self.source,
            "terms": [{"heading": heading, "words": words} for heading, words in self.terms],
            "site": settings.SITE_NAME,
            "address": self.address.partition("://")[2].rstrip("/"),
            "of_hundred": int(percentage) if percentage is not None and is_whole else None,
            "share": percentage / 100 if percentage is not None and not is_whole else None,
        }


def content_of(item: MediaItem, document: Document, numerals: Numerals) -> PosterContent:
    """Return what stands on the item's poster by this document. Needs `item.package`. No query.

    `numerals`: see `numerals_in`. Raises Refused if the title is missing, or an infographic has no figure.
    """
    language = document["language"]
    name = language_name(language)
    if not document["title"]:
        raise Refused(_("The text in %(language)s has no title yet."), language=name)
    fact = first_fact(document)
    if fact is None and item.kind == ItemKind.INFOGRAPHIC:
        raise Refused(
            _(
                "The text in %(language)s has no figure of the facts register, and an infographic shows one. "
                "Insert it into the text."
            ),
            language=name,
        )
    numeral, figure = _split(fact, language, numerals) if fact is not None else ("", "")
    parts = {part.key: part for part in reversed(sections_of(document))}
    description = parts.get("description")
    return PosterContent(
        template="infographic" if item.kind == ItemKind.INFOGRAPHIC else "poster",
        language=language,
        title=document["title"],
        lead=document["lead"],
        numeral=numeral,
        figure=figure,
        source=fact["source"] if fact is not None else "",
        terms=tuple(_term(parts[key]) for key in _ON_POSTER if key in parts),
        address=package_address(item.package, language),
        description=" ".join(description.words.split()) if description is not None else "",
    )


def numerals_in(documents: Iterable[Document]) -> Numerals:
    """Return the numerals of the register for the first fact of each document. One query at most."""
    facts = [fact for document in documents if (fact := first_fact(document)) is not None]
    uuids = {uuid for fact in facts if (uuid := parse_uuid(fact["id"])) is not None}
    if not uuids:
        return {}
    rows = FactWords.objects.filter(version__uuid__in=uuids).exclude(numeral="")
    found = rows.values_list("version__uuid", "language", "numeral")
    return {(uuid, language): numeral for uuid, language, numeral in found}


def first_fact(document: Document) -> Fact | None:
    """Return the first fact in the order of the text."""
    return next((one for one in inlines(document["blocks"]) if one["type"] == "fact"), None)


def package_address(package: MediaPackage, language: str) -> str:
    """Return the address of the package's page, that of the site if only outlets open the page: whoever reads
    a poster in the street finds nothing there."""
    if package.audience == PackageAudience.OUTLETS:
        return absolute_url(f"/{language}/")
    with override(language):
        return absolute_url(reverse("media_package", args=[package.slug]))


def language_name(language: str) -> str:
    """Return the name of a language, in the active one."""
    return str(Language(language).label)


def _split(fact: Fact, language: str, numerals: Numerals) -> tuple[str, str]:
    """Return the numeral and the words after it; the approved words alone decide."""
    words, uuid = fact["words"], parse_uuid(fact["id"])
    numeral = numerals.get((uuid, language), "") if uuid is not None else ""
    rest = words.removeprefix(numeral)
    if not numeral or rest == words or (rest and not rest[0].isspace()):
        return "", words
    return numeral, rest.strip()


def _term(part: ItemSection) -> tuple[str, str]:
    return part.heading, " ".join(part.words.split())
