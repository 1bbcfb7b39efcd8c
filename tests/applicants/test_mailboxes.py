"""When two addresses are one mailbox."""

import pytest
from hypothesis import given, settings, strategies as st

from coalition.applicants.forms import (
    DOMAIN_RULES,
    mailbox_print,
    mailbox_prints,
    normalize_domain,
    normalize_mailbox,
    normalize_owner,
    owner_print,
    owner_prints,
)
from coalition.core.throttling import fingerprint

LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"
names = st.text(LETTERS, min_size=3, max_size=20)
tags = st.text(LETTERS + "+.", max_size=10)
domains = st.sampled_from([*DOMAIN_RULES, "mail.ru", "outlook.com", "ngo.example"])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("aru@ngo.example", " ARU@Ngo.Example "),
        ("aru@ngo.example", "aru+tag@ngo.example"),
        ("aru@ngo.example", "aru@ngo.example."),
        ("aru@ngo.example", "ａｒｕ＠ngo.example"),  # full width
        ("aru@қорғау.қаз", "aru@ҚОРҒАУ.ҚАЗ"),
        ("aru@қорғау.қаз", f"aru@{'қорғау'.encode('idna').decode()}.{'қаз'.encode('idna').decode()}"),
        ("aru.b@gmail.com", "ARUB+x@googlemail.com"),
        ("a.r.u.b@gmail.com", "arub@gmail.com"),
        ("aru@yandex.kz", "aru+letters@ya.ru"),
        ("aru.b_c-d@proton.me", "arubcd@pm.me"),
        ("aru@icloud.com", "aru+a@mac.com"),
        ("aru-shop@yahoo.com", "aru-news@yahoo.com"),
    ],
)
def test_spellings_of_one_mailbox(one: str, other: str) -> None:
    assert normalize_mailbox(one) == normalize_mailbox(other)
    assert mailbox_print(one) == mailbox_print(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("aru.b@mail.ru", "arub@mail.ru"),
        ("aru-b@mail.ru", "aru@mail.ru"),
        ("aru@mail.ru", "aru@bk.ru"),
        ("aru@outlook.com", "aru@hotmail.com"),
        ("aru@ngo.example", "aru@ngo2.example"),
        ("aru.b@yandex.ru", "aru@yandex.ru"),
        ("+aru@ngo.example", "+bota@ngo.example"),
        ("...@gmail.com", "....@gmail.com"),
    ],
)
def test_mailboxes_of_their_own(one: str, other: str) -> None:
    assert mailbox_print(one) != mailbox_print(other)


def test_sharp_s_is_kept_as_idna_2008_has_it() -> None:
    assert normalize_mailbox("aru@straße.example") == "aru@xn--strae-oqa.example"
    assert normalize_mailbox("aru@straße.example") != normalize_mailbox("aru@strasse.example")


@pytest.mark.parametrize(
    "words",
    ["", "@", "aru", "aru@", "@ngo.example", "aru@ ", "aru@-x-.example", "aru@a..b", f"aru@{'x' * 64}.kz"],
)
def test_what_is_no_address_is_refused(words: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        normalize_mailbox(words)


@settings(deadline=None)
@given(st.text(max_size=60))
def test_any_text_is_read_or_refused_with_a_value_error(words: str) -> None:
    try:
        assert "@" in normalize_mailbox(words)
    except ValueError:
        return


@settings(deadline=None)
@given(st.text(min_size=1, max_size=30), domains)
def test_the_mailbox_of_a_mailbox_is_itself(local: str, domain: str) -> None:
    box = normalize_mailbox(f"x{local}@{domain}")
    assert normalize_mailbox(box) == box


@settings(deadline=None)
@given(names, tags, domains, st.booleans())
def test_tags_and_capitals_never_make_another_mailbox(name: str, tag: str, domain: str, high: bool) -> None:
    sign = DOMAIN_RULES[domain].tag_separator if domain in DOMAIN_RULES else "+"
    written = f"{name}{sign}{tag}@{domain}"
    assert mailbox_print(written.upper() if high else written) == mailbox_print(f"{name}@{domain}")


@settings(deadline=None)
@given(names, names, domains)
def test_different_names_are_different_mailboxes(one: str, other: str, domain: str) -> None:
    assert (mailbox_print(f"{one}@{domain}") == mailbox_print(f"{other}@{domain}")) == (one == other)


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("a.ru@gmail.com", "ARU+news@googlemail.com", True),
        ("aru@corp.example", " ARU@Corp.Example.", True),
        ("aru@corp.example", "aru+x@corp.example", False),
        ("aru@mail.ru", "aru+x@mail.ru", False),
    ],
)
def test_an_owner_is_sure_only_where_the_rule_of_the_provider_is_known(one, other, is_same) -> None:
    assert normalize_mailbox(one) == normalize_mailbox(other)
    assert (normalize_owner(one) == normalize_owner(other)) == is_same
    assert (owner_print(one) == owner_print(other)) == is_same


def test_prints_of_former_keys_are_looked_for_after_the_one_in_use(settings) -> None:
    before, owner_before = mailbox_prints("aru@ngo.example"), owner_prints("aru@ngo.example")
    settings.FORMER_SECRET_KEYS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another key of the same length or more, for this test only"
    assert mailbox_prints("aru@ngo.example")[0] == mailbox_print("aru@ngo.example")
    assert mailbox_prints("aru@ngo.example")[2:] == before
    assert owner_prints("aru@ngo.example")[0] == owner_print("aru@ngo.example")
    assert owner_prints("aru@ngo.example")[2:] == owner_before


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("aru@１２.kz", "aru@12.kz"),
        ("Aru+x@Corp.Example", "Aru+x@corp.example"),
        ("aru@қорғау.қаз", "aru@қорғау.қаз"),
    ],
)
def test_mail_is_sent_to_the_domain_as_it_is_mapped(written, sent) -> None:
    assert normalize_domain(written) == sent


def test_rules_lead_to_a_domain_whose_rule_is_the_same() -> None:
    for rule in DOMAIN_RULES.values():
        if rule.same_as:
            assert DOMAIN_RULES[rule.same_as] == rule


def test_nothing_of_the_address_is_in_its_print_and_the_key_matters(settings) -> None:
    before = mailbox_print("aru@ngo.example")
    assert len(before) == 64
    assert "aru" not in before
    settings.SECRET_KEY = "another key of the same length or more, for this test only"
    assert mailbox_print("aru@ngo.example") != before


def test_rows_from_before_are_found_by_the_print_they_have() -> None:
    prints = mailbox_prints("Aru@ngo.example")
    assert prints == [mailbox_print("aru@ngo.example"), fingerprint("aru@ngo.example")]
