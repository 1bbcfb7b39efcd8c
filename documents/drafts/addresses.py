"""Addresses that several capabilities need. The converter in `TEXT` is known wherever this is imported."""

from uuid import UUID

from django.urls import register_converter, reverse
from django.urls.converters import StringConverter
from django.utils.translation import get_language, override

from coalition.accounts.enums import Language


class LanguageConverter(StringConverter):
    """The code of a language of the coalition; anything else is not an address."""

    regex = "|".join(Language.values)


register_converter(LanguageConverter, "coalition_language")

TEXT = "drafts/<uuid:draft>/<coalition_language:language>/"  # where the address of a text begins


def sheet_address_of(publication: UUID, language: str | None = None) -> str:
    """Address of the public approval sheet of the publication with this UUID."""
    with override(language or get_language() or "kk"):
        return reverse("documents_public:sheet", args=[publication])
