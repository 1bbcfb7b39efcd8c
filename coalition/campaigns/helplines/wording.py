"""What words of an entry must not tell: names of organisations that are not listed, addresses of shelters."""

import re
from typing import Final

from coalition.accounts.models import Language, Listing, Organisation
from coalition.campaigns.helplines.content import NAMED_FIELDS
from coalition.campaigns.helplines.models import HelplineEntry

_STREET: Final = (
    r"(?:\b(?:көшесі|көш\.|даңғылы|(?:шағын|мөлтек) ауданы|улиц[аеу]|ул\.|проспект[ае]?|пр(?:осп)?\.|пр-т|"
    r"микрорайон[ае]?|мкр\b\.?|переул(?:ок|ке)|пер\.|street\b|st\b\.?|avenue\b|ave\b\.?))"
)
_ADDRESS: Final = re.compile(rf"{_STREET}\W[^\n\d]{{0,30}}\d|\b\d+[^\n\d]{{0,20}}\s{_STREET}", re.IGNORECASE)
_QUOTES: Final = "«»“”„\"'‘’"


def looks_like_address(text: str) -> bool:
    """Return whether a street and a number stand beside each other. Only a hint: a person decides."""
    return _ADDRESS.search(text) is not None


def fields_naming_unlisted(entry: HelplineEntry) -> tuple[str, ...]:
    """Return in which fields the entry has the name of an organisation that is not to be named to everybody.

    In any language, in small or capital letters. A name of one word, which may be an everyday one, counts if
    it is the whole text or stands in quotation marks. One query.
    """
    unlisted = Organisation.objects.exclude(listing=Listing.PUBLIC)
    names = {name for one in unlisted for code in Language.values if (name := _plain(one.name_in(code)))}
    return tuple(
        field
        for field in NAMED_FIELDS
        if any(_has_name(text, name) for text in getattr(entry, field).values() for name in names)
    )


def _has_name(text: str, name: str) -> bool:
    plain = _plain(text)
    if plain == name:
        return True
    if " " in name:
        return f" {name} " in f" {plain} "
    quoted = re.findall(f"[{_QUOTES}]([^{_QUOTES}]+)[{_QUOTES}]", text)
    return name in {_plain(one) for one in quoted}


def _plain(text: str) -> str:
    """Return small letters and digits with one space between words."""
    return " ".join(re.sub(r"\W+", " ", text.casefold()).split())
