"""Where the address of a text begins; the converter in it is known wherever this is imported."""

from uuid import UUID

from django.urls import register_converter, reverse
from django.urls.converters import StringConverter
from django.utils.translation import get_language, override

from coalition.accounts.enums import Language


class LanguageConverter(StringConverter):
    """The code of a language of the coalition; anything else is not an address."""

    regex = "|".join(Language.values)


register_converter(LanguageConverter, "coalition_language")


TEXT = "drafts/<uuid:draft>/<coalition_language:language>/"


# --- queries ---
# Handling mark and list as conditions: who may know of a thing, of those who may see drafts there.


def sheet_address_of(publication: UUID, language: str | None = None) -> str:
    """The same, of the publication with this UUID."""
    with override(language or get_language() or "kk"):
        return reverse("documents_public:sheet", args=[publication])
