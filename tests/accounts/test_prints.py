"""Prints of addresses: found again by who has the key, and made by nobody else."""

import hashlib

from coalition.accounts.throttling import fingerprint

ADDRESS = "aru@media.example"


def test_the_same_address_has_the_same_print_however_it_is_typed() -> None:
    assert fingerprint(f" {ADDRESS.upper()} ") == fingerprint(ADDRESS)
    assert fingerprint("another@media.example") != fingerprint(ADDRESS)


def test_a_print_hangs_on_the_key(settings) -> None:
    """Who reads the database tries every address there is, and finds nothing without the key."""
    before = fingerprint(ADDRESS)
    settings.SECRET_KEY = "another one"
    assert fingerprint(ADDRESS) != before
    assert before != hashlib.sha256(ADDRESS.encode()).hexdigest()
