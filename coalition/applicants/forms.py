"""Validators of applicants' names and addresses: both appear in mails and lists that we send."""

import re
import unicodedata
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from coalition.applicants.mailboxes import normalize_domain, normalize_mailbox

BETWEEN_LETTERS: Final = " .'’‘-‐–"  # allowed besides letters and their marks
MOST_WORDS: Final = 5
MOST_MARKS: Final = 3  # per letter; the languages of the world need two
MOST_IN_ADDRESS: Final = 254  # octets, RFC 5321 4.5.3.1.3
# A word with a dot is a website if it ends so, or if more than an initial (“А.Б.Сейтова”, “Дж.Ким”)
# precedes the dot.
TOP_LEVEL: Final = "com|net|org|info|biz|io|me|co|ly|gl|cc|tk|xyz|top|site|online|shop|ru|kz|su|uz|kg|рф|қаз"
WEBSITE: Final = re.compile(
    rf"://|\bwww\.|[\w-]+\.({TOP_LEVEL}|app|dev|link|page|click|fun|bet|win)(?!\w)|\w{{3,}}\.\w",
    re.IGNORECASE,
)
EAST_ASIAN: Final = {"HIRAGANA", "KATAKANA", "HANGUL", "BOPOMOFO", "CJK"}  # may be mixed in one word


def validate_single_line(name: str) -> None:
    """Validate that a name contains neither line breaks nor website addresses: it appears in our mails.

    Names of outlets and schools pass (“Vlast.kz”); for people `validate_person_name` is stricter.
    Raises ValidationError.
    """
    if len(name.splitlines()) > 1:
        raise ValidationError(_("Write it in one line."), code="lines")
    lower = name.lower()
    if "://" in lower or "www." in lower:
        raise ValidationError(_("Write the name only, without an address of a website."), code="website")


def validate_visible_characters(words: str) -> None:
    """Validate that there are no invisible characters, such as a line break in a name.

    Zero-width and direction marks count as invisible. Raises ValidationError.
    """
    if not words.isprintable():
        raise ValidationError(_("Write it in one line."), code="invisible")


def validate_person_name(name: str) -> None:
    """Validate a person's name: at most `MOST_WORDS` words of letters, without digits, signs or
    addresses. Raises ValidationError.

    It cannot tell an insult from a name: people review what is displayed. Letters of two scripts in one
    word pass: keyboards without Kazakh letters borrow “i” and “h” from Latin.
    """
    validate_visible_characters(name)
    plain = unicodedata.normalize("NFKC", name).strip()
    if WEBSITE.search(plain) or "@" in plain:
        raise ValidationError(_("Write the name only, without an address of a website."), code="website")
    if not plain:
        raise ValidationError(_("Write a name."), code="letters")
    if not plain[0].isalpha():
        raise ValidationError(_("A name begins with a letter."), code="formula")
    if not all(unicodedata.category(one)[0] in "LM" or one in BETWEEN_LETTERS for one in plain):
        raise ValidationError(_("A name has letters, spaces, hyphens and apostrophes only."), code="signs")
    if len(plain.split()) > MOST_WORDS:
        raise ValidationError(_("Write the name only, in five words at most."), code="words")
    marks = "".join("m" if unicodedata.category(one) == "Mn" else " " for one in plain)
    if "m" * (MOST_MARKS + 1) in marks:
        raise ValidationError(_("Write the name without ornaments."), code="marks")


def validate_mail_address(address: str) -> None:
    """Validate an e-mail address, and that it has no lookalikes. Raises ValidationError.

    Refuses what an EmailField accepts: zero-width and direction marks, letters of two scripts in one
    label of the domain, and domains that IDNA 2008 does not allow.
    """
    validate_email(address)
    if not address.isprintable() or len(address.encode()) > MOST_IN_ADDRESS:
        raise _address_error()
    local, _at, domain = address.rpartition("@")
    if any(len(_scripts(part)) > 1 for part in (local, *domain.split("."))):
        raise ValidationError(
            _("This address mixes letters of two alphabets that look alike: type it again."), code="scripts"
        )
    try:
        normalize_mailbox(address)
    except ValueError as error:
        raise _address_error() from error


def _address_error() -> ValidationError:
    return ValidationError(_("Enter a valid email address."), code="invalid")


def _scripts(word: str) -> set[str]:
    """Return the scripts of the letters, by the first word of their Unicode names."""
    names = {unicodedata.name(one, "").partition(" ")[0] for one in word if one.isalpha()}
    return {"CJK" if name in EAST_ASIAN else name for name in names}


# --- form fields ---
# Form fields for an applicant's name and address, with browser validation and autofill.


MOST_IN_NAME = 120


class PersonNameField(forms.CharField):
    """The name of a person, MOST_IN_NAME characters at most."""

    default_validators = [validate_person_name]
    autocomplete = "name"

    def __init__(self, *, max_length: int = MOST_IN_NAME, **kwargs: Any) -> None:
        super().__init__(max_length=max_length, **kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return super().widget_attrs(widget) | {"autocomplete": self.autocomplete}


class MailAddressField(forms.EmailField):
    """An e-mail address without lookalikes; cleaned, its domain is spelled as mail is sent to it."""

    default_validators = [validate_mail_address]
    autocomplete = "email"

    def clean(self, value: Any) -> Any:
        address = super().clean(value)
        return normalize_domain(address) if address else address

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=MOST_IN_ADDRESS, **kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return super().widget_attrs(widget) | {"autocomplete": self.autocomplete}
