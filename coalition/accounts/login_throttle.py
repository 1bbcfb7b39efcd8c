"""Key of an address for counting failed sign-ins."""

import unicodedata


def normalize_login_address(address: str) -> str:
    """Return the address without differences that a reader, mail server or database might ignore.

    Case, accents, full-width letters and invisible characters create no separate account to guess at.
    Addresses that differ only in these share one counter.
    """
    apart = unicodedata.normalize("NFKD", address.casefold())
    seen = (sign for sign in apart if unicodedata.category(sign) not in {"Mn", "Me", "Cf", "Cc", "Zs"})
    return unicodedata.normalize("NFKC", "".join(seen)).casefold()
