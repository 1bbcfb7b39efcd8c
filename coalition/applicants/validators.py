"""What people type into open forms: refused in words if it could be read as something else elsewhere."""

import unicodedata

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

FORMULA = ("=", "+", "-", "@")  # how spreadsheets know a formula


def scripts_of(word: str) -> set[str]:
    """Return the scripts of the letters of a word, as Unicode names them: {"LATIN"}."""
    return {unicodedata.name(letter, "?").partition(" ")[0] for letter in word if letter.isalpha()}


def has_hidden_characters(text: str) -> bool:
    """Whether something in it is not seen: zero-width and bidirectional characters, controls."""
    return any(unicodedata.category(one) in {"Cc", "Cf", "Co", "Cs", "Zl", "Zp"} for one in text)


def validate_person_name(name: str) -> None:
    """A field's validator: a name is one line of letters that everybody sees. Raises ValidationError."""
    if len(name.splitlines()) > 1:
        raise ValidationError(_("Write it in one line."))
    if has_hidden_characters(name) or not name.isprintable():
        raise ValidationError(_("It holds characters that nobody sees. Type the name anew, without copying."))
    if name.lstrip().startswith(FORMULA):
        raise ValidationError(_("A name does not begin with one of the characters = + - @."))
    lower = name.lower()
    if "://" in lower or "www." in lower:
        raise ValidationError(_("Write the name only, without an address of a website."))
    if not any(letter.isalpha() for letter in name):
        raise ValidationError(_("Write the name in letters."))
    if any(len(scripts_of(word)) > 1 for word in name.replace("-", " ").split()):
        raise ValidationError(_("A word of the name mixes letters of two alphabets. Type it anew."))


def validate_mail_address(address: str) -> None:
    """A field's validator: an address whose letters are what they look like. Raises ValidationError."""
    if has_hidden_characters(address):
        raise ValidationError(_("It holds characters that nobody sees. Type the address anew."))
    validate_email(address)
    local, _at, domain = address.rpartition("@")
    if any(len(scripts_of(part)) > 1 for part in (local, *domain.split("."))):
        raise ValidationError(_("The address mixes letters of two alphabets. Type it anew."))
