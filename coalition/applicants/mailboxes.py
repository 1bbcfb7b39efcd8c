"""When two addresses are one mailbox, and the keyed prints by which it is found again."""

import unicodedata
from dataclasses import dataclass
from typing import Final

import idna
from django.utils.crypto import salted_hmac

from coalition.core.throttling import fingerprint
from coalition.core.tokens import lookup_keys


@dataclass(frozen=True)
class DomainRule:
    """How a mail provider reads the part before the @.

    `ignores`: characters without a meaning; `tag_separator`: what follows it is a tag; `same_as`: the domain
    whose mailboxes it shows under another name.
    """

    ignores: str = ""
    tag_separator: str = "+"
    same_as: str = ""


DEFAULT_RULE: Final = DomainRule()  # "+" is the separator of RFC 5233, and of nearly all providers
GMAIL: Final = DomainRule(ignores=".", same_as="gmail.com")
YANDEX: Final = DomainRule(same_as="yandex.ru")
PROTON: Final = DomainRule(ignores="._-", same_as="proton.me")
ICLOUD: Final = DomainRule(same_as="icloud.com")
YAHOO: Final = DomainRule(tag_separator="-")  # no other address of theirs has a hyphen

# A rule is here only with a source. Gmail: support.google.com/mail/answer/7436150 (dots); Yandex:
# yandex.com/support/domain/additional/mailbox-alias.xml (each mailbox in all of its domains); Proton:
# proton.me/support/addresses-and-aliases (domains) and `removeEmailAlias` in github.com/ProtonMail/WebClients
# (dots, hyphens, underscores); iCloud: support.apple.com/118230; the lists of domains, Gmail's other domain
# and Yahoo's hyphen: github.com/validatorjs/validator.js, src/lib/normalizeEmail.js. The domains of Mail.ru
# and of Outlook are mailboxes of their own: the default rule.
DOMAIN_RULES: Final[dict[str, DomainRule]] = {
    **dict.fromkeys(["gmail.com", "googlemail.com"], GMAIL),
    **dict.fromkeys(["yandex.ru", "yandex.com", "yandex.kz", "yandex.by", "yandex.ua", "ya.ru"], YANDEX),
    **dict.fromkeys(["proton.me", "protonmail.com", "protonmail.ch", "pm.me"], PROTON),
    **dict.fromkeys(["icloud.com", "me.com", "mac.com"], ICLOUD),
    **dict.fromkeys(["yahoo.com", "yahoo.co.uk", "yahoo.de", "yahoo.fr", "yahoo.it", "yahoo.in"], YAHOO),
    **dict.fromkeys(["yahoo.ca", "ymail.com", "rocketmail.com"], YAHOO),
}


def normalize_mailbox(address: str) -> str:
    """Return the one spelling of all addresses that lead to the same mailbox.

    NFKC and case folding before the @, IDNA 2008 after it (with the mapping of UTS #46), then the provider's
    rule. Only for comparison: mail goes to the address as it was written. Raises ValueError if it is no
    address.
    """
    whole, host = _split_address(address)
    rule = DOMAIN_RULES.get(host, DEFAULT_RULE)
    name = whole.partition(rule.tag_separator)[0].translate(dict.fromkeys(map(ord, rule.ignores)))
    return f"{name or whole}@{rule.same_as or host}"


def normalize_owner(address: str) -> str:
    """Return the one spelling of all addresses that surely belong to the same person.

    Where the provider's rule is known, that is the mailbox. Elsewhere `aru+x@corp.example` most likely is a
    tag of `aru@corp.example`, and counts as one with it, but it may be somebody else's: no link that belongs
    to the one is sent to the other. Raises ValueError if it is no address.
    """
    whole, host = _split_address(address)
    return normalize_mailbox(address) if host in DOMAIN_RULES else f"{whole}@{host}"


def normalize_domain(address: str) -> str:
    """Return the address as mail is sent to it: its domain as UTS #46 maps it, not in ASCII.

    `a@１２.kz` is `a@12.kz`. Raises ValueError if it is no address.
    """
    _local, host = _split_address(address)
    return f"{address.strip().rpartition('@')[0]}@{idna.decode(host)}"


def _split_address(address: str) -> tuple[str, str]:
    """Return what stands before the @, folded, and the domain in ASCII. Raises ValueError."""
    plain = unicodedata.normalize("NFKC", address).strip()
    local, at, domain = plain.rpartition("@")
    if not at or not local or not domain:
        raise ValueError("not an e-mail address")
    host = idna.encode(domain.rstrip("."), uts46=True).decode()
    return unicodedata.normalize("NFKC", local.casefold()), host


def mailbox_print(address: str) -> str:
    """Return a keyed hash of the mailbox: the same for all spellings, nothing can be read from it.

    Raises ValueError if it is no address.
    """
    return _keyed_hash("mailbox", normalize_mailbox(address))


def owner_print(address: str) -> str:
    """Return a keyed hash of `owner_of`; the same as `mailbox_print` where both spellings are the same.

    Raises ValueError if it is no address.
    """
    return _keyed_hash("mailbox", normalize_owner(address))


def mailbox_prints(address: str) -> list[str]:
    """Return under which prints a row of this mailbox can be found, the one that is written now first.

    The others are of rows written before November 2026, by the address in small letters, and of rows written
    with a former SECRET_KEY. Raises ValueError if it is no address.
    """
    return _fingerprints_for(normalize_mailbox(address), address)


def owner_prints(address: str) -> list[str]:
    """Return the same for `owner_of`. Raises ValueError if it is no address."""
    return _fingerprints_for(normalize_owner(address), address)


def _fingerprints_for(spelling: str, address: str) -> list[str]:
    pairs = [(_keyed_hash("mailbox", spelling, key), fingerprint(address, key=key)) for key in lookup_keys()]
    return [one for pair in pairs for one in pair]


def sender_print(messenger: str, sender: str) -> str:
    """Return a keyed hash of somebody's number or name in a messenger, for proofs that keep nothing else."""
    return _keyed_hash(f"sender.{messenger}", sender.strip().casefold())


def _keyed_hash(kind: str, words: str, key: str | None = None) -> str:
    return salted_hmac(f"coalition.applicants.{kind}", words, secret=key, algorithm="sha256").hexdigest()
