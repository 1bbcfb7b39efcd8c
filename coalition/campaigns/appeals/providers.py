"""Domains of mail: those of large providers, and those that are made to be thrown away."""

from functools import cache
from importlib import import_module
from typing import Final

from django.conf import settings

# Where much honest mail comes from in Kazakhstan: many supporters of one hour are no burst there.
COMMON_DOMAINS: Final = frozenset(
    {
        "aol.com",
        "bk.ru",
        "gmail.com",
        "gmx.com",
        "gmx.de",
        "hotmail.com",
        "icloud.com",
        "inbox.ru",
        "internet.ru",
        "list.ru",
        "live.com",
        "mac.com",
        "mail.kz",
        "mail.ru",
        "me.com",
        "msn.com",
        "outlook.com",
        "proton.me",
        "rambler.ru",
        "tutanota.com",
        "ukr.net",
        "web.de",
        "xmail.ru",
        "yahoo.com",
        "yandex.ru",
    }
)


@cache
def _listed() -> frozenset[str]:
    """The list of the package `disposable-email-domains`; empty where it is not installed."""
    try:
        module = import_module("disposable_email_domains")
    except ModuleNotFoundError:
        return frozenset()
    return frozenset(module.blocklist)


def is_disposable(domain: str) -> bool:
    """Whether addresses of this domain, or of one above it, are made to be thrown away."""
    parts = domain.split(".")
    above = {".".join(parts[start:]) for start in range(len(parts) - 1)}
    return not above.isdisjoint(_listed()) or not above.isdisjoint(settings.SUPPORT_DISPOSABLE_DOMAINS)


# Under a country's ending, registries give names to others below these: `school.edu.kz`, `firm.com.kz`.
SECOND_LEVELS: Final = frozenset({"ac", "co", "com", "edu", "gov", "mil", "net", "org"})


def registrable_domain(domain: str) -> str:
    """Return the part of a domain that somebody registered, below which they make as many as they like.

    Two labels, three under a second level of a country. Not by the Public Suffix List, which also splits the
    domains of those who give away subdomains: these are to be counted as one.
    """
    labels = domain.split(".")
    is_split = len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in SECOND_LEVELS
    return ".".join(labels[-3:] if is_split else labels[-2:])
