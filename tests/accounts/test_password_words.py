"""Which passwords are taken, and that words of the coalition make none."""

import re

import pytest
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from coalition.accounts.models import User
from coalition.accounts.sign_in import COMMON_WORDS
from tests.architecture.source import ROOT
from tests.factories import PASSWORD, MembershipFactory

CHANGE = "/accounts/password/change/"


@pytest.mark.parametrize(
    "password",
    ["qorghau123456", "Қорғау123!!!!", "Coalition2026", "korgau123korgau", "CAMPAIGN-2026", "article123123"],
)
def test_words_of_the_coalition_are_no_password(password: str) -> None:
    with pytest.raises(ValidationError) as refused:
        validate_password(password, User(email="somebody@tests.example"))
    assert "password_of_the_coalition" in {error.code for error in refused.value.error_list}


@pytest.mark.parametrize("password", ["the coalition has nine lives", "qorghau-and-eleven-blue-herons"])
def test_within_a_long_password_they_do_no_harm(password: str) -> None:
    validate_password(password, User(email="somebody@tests.example"))


@pytest.mark.parametrize("password", ["administrator", "123456123456"])
def test_common_ones_are_refused(password: str) -> None:
    with pytest.raises(ValidationError) as refused:
        validate_password(password)
    assert "password_too_common" in {error.code for error in refused.value.error_list}


@pytest.mark.django_db
@pytest.mark.parametrize("new", ["жеті мың қызғалдақ", "a" * 30 + " Zz" * 30, "  spaces that count  "])
def test_anything_long_is_taken_as_it_is(client_of, new: str) -> None:
    person = MembershipFactory().person
    answer = client_of(person).post(CHANGE, {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert answer.status_code == 302
    person.refresh_from_db()
    assert person.check_password(new)
    for other in (new.strip() if new != new.strip() else new[:-1], new.swapcase()):
        assert not person.check_password(other)


@pytest.mark.django_db
def test_fields_hide_it_and_let_managers_fill_it_in(client_of, client) -> None:
    shown = client.get("/accounts/login/").content.decode()
    assert 'autocomplete="current-password"' in shown
    shown += client_of(MembershipFactory().person).get(CHANGE).content.decode()
    fields = re.findall(r'<input[^>]*name="(?:old)?password\d?"[^>]*>', shown)
    assert len(fields) == 4
    assert all('type="password"' in field for field in fields)
    assert 'autocomplete="new-password"' in shown
    assert 'autocomplete="off"' not in "".join(fields)


def test_the_page_lists_the_words() -> None:
    page = (ROOT / "docs" / "limits.md").read_text(encoding="utf-8")
    for word in COMMON_WORDS:
        assert f"`{word}`" in page, word
    assert settings.SITE_NAME in page
