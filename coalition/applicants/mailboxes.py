"""When two addresses are one mailbox."""

import unicodedata
from dataclasses import dataclass
from typing import Final

from django.utils.crypto import salted_hmac


@dataclass(frozen=True)
class DomainRule:
    """How a mail provider reads the part before the @. `same_as`: the domain that it also answers for."""

    ignores_dots: bool = False
    tag_separator: str = "+"
    same_as: str = ""


GMAIL: Final = DomainRule(ignores_dots=True, same_as="gmail.com")
# Sources: the providers' own help pages on aliases. Where nothing is known, only the default rule holds.
DOMAIN_RULES: Final[dict[str, DomainRule]] = {
    "gmail.com": GMAIL,
    "googlemail.com": GMAIL,
    "yandex.ru": DomainRule(same_as="yandex.ru"),
    "yandex.com": DomainRule(same_as="yandex.ru"),
    "yandex.kz": DomainRule(same_as="yandex.ru"),
    "ya.ru": DomainRule(same_as="yandex.ru"),
    "protonmail.com": DomainRule(same_as="proton.me"),
    "pm.me": DomainRule(same_as="proton.me"),
    "yahoo.com": DomainRule(tag_separator="-"),
}


def mailbox_of(address: str) -> str:
    """Return the one spelling of all addresses that lead to the same mailbox.

    NFKC, case folding, IDNA for the domain, then the provider's rule. Only for comparison: mail goes to the
    address as it was written. Raises ValueError if it is no address.
    """
    plain = unicodedata.normalize("NFKC", address).strip()
    local, at, domain = plain.rpartition("@")
    if not at or not local or not domain:
        raise ValueError("not an e-mail address")
    domain = domain.rstrip(".").encode("idna").decode().lower()
    rule = DOMAIN_RULES.get(domain, DomainRule())
    local = local.casefold().partition(rule.tag_separator)[0] or local.casefold()
    if rule.ignores_dots:
        local = local.replace(".", "")
    return f"{local}@{rule.same_as or domain}"


def mailbox_print(address: str) -> str:
    """Return a keyed hash of the mailbox: the same for all spellings, nothing can be read from it."""
    return salted_hmac("coalition.applicants.mailbox", mailbox_of(address), algorithm="sha256").hexdigest()
