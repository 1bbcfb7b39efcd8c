"""Prints of addresses: found again by who has the key, and made by nobody else."""

import hashlib

import pytest

from coalition.core.throttling import fingerprint, is_rate_limited, network_of

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


@pytest.mark.parametrize(
    ("ip", "network"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2::3", "2001:db8:1::/48"),
        ("2001:db8:1:ffff::", "2001:db8:1::/48"),
        ("2001:db8:2::3", "2001:db8:2::/48"),
    ],
)
def test_addresses_of_one_site_are_one_network(ip: str, network: str) -> None:
    assert network_of(ip) == network


def test_a_site_asks_as_often_as_one_address(rf) -> None:
    asked = [
        is_rate_limited(rf.post("/", REMOTE_ADDR=f"2001:db8:1:{number}::1"), "a-form", 3)
        for number in range(5)
    ]
    assert asked == [False] * 3 + [True] * 2
    assert not is_rate_limited(rf.post("/", REMOTE_ADDR="2001:db8:2::1"), "a-form", 3)
