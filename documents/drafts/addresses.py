"""Where the address of a text begins; the converter in it is known wherever this is imported."""

from django.urls import register_converter
from django.urls.converters import StringConverter

from coalition.accounts.enums import Language


class LanguageConverter(StringConverter):
    """The code of a language of the coalition; anything else is not an address."""

    regex = "|".join(Language.values)


register_converter(LanguageConverter, "coalition_language")

TEXT = "drafts/<uuid:draft>/<coalition_language:language>/"
