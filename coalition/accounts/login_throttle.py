"""How an address is known again when guesses at its password are counted."""

import unicodedata


def normalize_login_address(address: str) -> str:
    """The address without what a reader, a mail server or a database might overlook.

    Case, accents, full-width letters and signs that are not seen make no further account to guess at.
    Addresses that differ in nothing else share one counter.
    """
    apart = unicodedata.normalize("NFKD", address.casefold())
    seen = (sign for sign in apart if unicodedata.category(sign) not in {"Mn", "Me", "Cf", "Cc", "Zs"})
    return unicodedata.normalize("NFKC", "".join(seen)).casefold()
