"""Applicants' names and addresses: validators, and keyed hashes of mailboxes."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Any, Final

import idna
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from coalition.core.throttling import fingerprint, lookup_keys


@dataclass(frozen=True)
class DomainRule:
    """A mail provider's rule for the part before the @.

    `ignores`: characters without a meaning; `tag_separator`: what follows it is a tag; `same_as`: the
    domain that has the same mailboxes.
    """

    ignores: str = ""
    tag_separator: str = "+"
    same_as: str = ""


DEFAULT_RULE: Final = DomainRule()  # "+" is the separator of RFC 5233, and of nearly all providers
GMAIL: Final = DomainRule(ignores=".", same_as="gmail.com")
YANDEX: Final = DomainRule(same_as="yandex.ru")
PROTON: Final = DomainRule(ignores="._-", same_as="proton.me")
ICLOUD: Final = DomainRule(same_as="icloud.com")
YAHOO: Final = DomainRule(tag_separator="-")  # hyphens separate tags only

# Every rule needs a source. Gmail: support.google.com/mail/answer/7436150 (dots). Yandex:
# yandex.com/support/domain/additional/mailbox-alias.xml (each mailbox in all of its domains).
# Proton's domains: proton.me/support/addresses-and-aliases. Its dots, hyphens and underscores:
# function "removeEmailAlias" of github.com/ProtonMail/WebClients. iCloud: support.apple.com/118230.
# The lists of domains, Gmail's other domain and Yahoo's hyphen: the file src/lib/normalizeEmail.js of
# github.com/validatorjs/validator.js. The domains of Mail.ru and of Outlook have separate mailboxes:
# the default rule.
DOMAIN_RULES: Final[dict[str, DomainRule]] = {
    **dict.fromkeys(["gmail.com", "googlemail.com"], GMAIL),
    **dict.fromkeys(["yandex.ru", "yandex.com", "yandex.kz", "yandex.by", "yandex.ua", "ya.ru"], YANDEX),
    **dict.fromkeys(["proton.me", "protonmail.com", "protonmail.ch", "pm.me"], PROTON),
    **dict.fromkeys(["icloud.com", "me.com", "mac.com"], ICLOUD),
    **dict.fromkeys(["yahoo.com", "yahoo.co.uk", "yahoo.de", "yahoo.fr", "yahoo.it", "yahoo.in"], YAHOO),
    **dict.fromkeys(["yahoo.ca", "ymail.com", "rocketmail.com"], YAHOO),
}


def normalize_mailbox(address: str) -> str:
    """Return the normal form of all addresses of the same mailbox.

    NFKC and case folding before the @, IDNA 2008 after it (with the mapping of UTS #46), then the provider's
    rule. Only for comparison: mail goes to the address as written. Raises ValueError if it is no address.
    """
    whole, host = _split_address(address)
    rule = DOMAIN_RULES.get(host, DEFAULT_RULE)
    name = whole.partition(rule.tag_separator)[0].translate(dict.fromkeys(map(ord, rule.ignores)))
    return f"{name or whole}@{rule.same_as or host}"


def normalize_owner(address: str) -> str:
    """Return the normal form of all addresses that certainly belong to the same person.

    Where the provider's rule is known, that is the mailbox. Elsewhere `aru+x@corp.example` is most
    likely a tag of `aru@corp.example` and counts as the same mailbox, but it may be another person's: a
    link of one is never sent to the other. Raises ValueError if it is no address.
    """
    whole, host = _split_address(address)
    return normalize_mailbox(address) if host in DOMAIN_RULES else f"{whole}@{host}"


def normalize_domain(address: str) -> str:
    """Return the address as mail is sent to it: its domain mapped by UTS #46, not in ASCII.

    `a@１２.kz` is `a@12.kz`. Raises ValueError if it is no address.
    """
    _local, host = _split_address(address)
    return f"{address.strip().rpartition('@')[0]}@{idna.decode(host)}"


def _split_address(address: str) -> tuple[str, str]:
    """Return the case-folded part before the @, and the domain in ASCII. Raises ValueError."""
    plain = unicodedata.normalize("NFKC", address).strip()
    local, at, domain = plain.rpartition("@")
    if not at or not local or not domain:
        raise ValueError("not an e-mail address")
    host = idna.encode(domain.rstrip("."), uts46=True).decode()
    return unicodedata.normalize("NFKC", local.casefold()), host


def mailbox_print(address: str) -> str:
    """Return a keyed, irreversible hash of the mailbox, the same for all spellings.

    Raises ValueError if it is no address.
    """
    return _keyed_hash(normalize_mailbox(address))


def owner_print(address: str) -> str:
    """Return a keyed hash of `normalize_owner`; equal to `mailbox_print` where both forms are equal.

    Raises ValueError if it is no address.
    """
    return _keyed_hash(normalize_owner(address))


def mailbox_prints(address: str) -> list[str]:
    """Return the lookup hashes for rows of this mailbox, the one used for new rows first.

    The others are for rows written before November 2026, by the address in lower case, and for rows
    written with a former SECRET_KEY. Raises ValueError if it is no address.
    """
    return _fingerprints_for(normalize_mailbox(address), address)


def owner_prints(address: str) -> list[str]:
    """Return the lookup hashes for `normalize_owner`. Raises ValueError if it is no address."""
    return _fingerprints_for(normalize_owner(address), address)


def _fingerprints_for(spelling: str, address: str) -> list[str]:
    pairs = [(_keyed_hash(spelling, key), fingerprint(address, key=key)) for key in lookup_keys()]
    return [one for pair in pairs for one in pair]


def _keyed_hash(words: str, key: str | None = None) -> str:
    return salted_hmac("coalition.applicants.mailbox", words, secret=key, algorithm="sha256").hexdigest()


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


MOST_IN_NAME = 120


class PersonNameField(forms.CharField):
    """The name of a person, MOST_IN_NAME characters at most."""

    default_validators = [validate_person_name]

    def __init__(self, *, max_length: int = MOST_IN_NAME, **kwargs: Any) -> None:
        super().__init__(max_length=max_length, **kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return super().widget_attrs(widget) | {"autocomplete": "name"}


class MailAddressField(forms.EmailField):
    """An e-mail address without lookalikes; cleaned, its domain is spelled as mail is sent to it."""

    default_validators = [validate_mail_address]

    def clean(self, value: Any) -> Any:
        address = super().clean(value)
        return normalize_domain(address) if address else address

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=MOST_IN_ADDRESS, **kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return super().widget_attrs(widget) | {"autocomplete": "email"}
