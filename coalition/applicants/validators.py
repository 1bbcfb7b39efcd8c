"""What strangers may write into a name or an address: both end up in mails and lists that we send."""

import re
import unicodedata
from typing import Final

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from coalition.applicants.mailboxes import normalize_mailbox

BETWEEN_LETTERS: Final = " .'’‘-‐–"  # beside letters and their marks, all that a name consists of
MOST_WORDS: Final = 5
MOST_MARKS: Final = 3  # on one letter; the languages of the world need two
MOST_IN_ADDRESS: Final = 254  # octets, RFC 5321 4.5.3.1.3
# A word with a dot is an address of a website if it ends so, or if more than an initial (“А.Б.Сейтова”,
# “Дж.Ким”) stands before the dot.
TOP_LEVEL: Final = "com|net|org|info|biz|io|me|co|ly|gl|cc|tk|xyz|top|site|online|shop|ru|kz|su|uz|kg|рф|қаз"
WEBSITE: Final = re.compile(
    rf"://|\bwww\.|[\w-]+\.({TOP_LEVEL}|app|dev|link|page|click|fun|bet|win)(?!\w)|\w{{3,}}\.\w",
    re.IGNORECASE,
)
EAST_ASIAN: Final = {"HIRAGANA", "KATAKANA", "HANGUL", "BOPOMOFO", "CJK"}  # stand together in one word


def validate_single_line(name: str) -> None:
    """Validate that a name brings neither lines nor addresses of websites into our mails.

    Names of outlets and schools pass (“Vlast.kz”); for people `validate_person_name` is stricter. Raises
    ValidationError.
    """
    if len(name.splitlines()) > 1:
        raise ValidationError(_("Write it in one line."), code="lines")
    lower = name.lower()
    if "://" in lower or "www." in lower:
        raise ValidationError(_("Write the name only, without an address of a website."), code="website")


def validate_visible_characters(words: str) -> None:
    """Validate that there is no invisible character, such as an end of line in the middle of a name.

    Zero-width and direction marks count as invisible. Raises ValidationError.
    """
    if not words.isprintable():
        raise ValidationError(_("Write it in one line."), code="invisible")


def validate_person_name(name: str) -> None:
    """Validate the name of a person: at most `MOST_WORDS` words of letters, without digits, signs or
    addresses. Raises ValidationError.

    It cannot know an insult from a name: people look at what is shown. Letters of two scripts in one word
    pass: keyboards without Kazakh letters lend “i” and “h” from Latin.
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
    """Validate an e-mail address, and that it is what it looks like. Raises ValidationError.

    Refuses what an EmailField lets pass: zero-width and direction marks, letters of two scripts in one label
    of the domain, and domains that IDNA 2008 does not allow.
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
