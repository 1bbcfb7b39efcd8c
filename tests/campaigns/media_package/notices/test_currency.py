"""Is this current? What is answered about a file by its name or SHA-256."""

import datetime

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import override

from coalition.campaigns.media_package.actions.items import change_item, remove_item, restore_item
from coalition.campaigns.media_package.actions.packages import publish_package, set_access, unpublish_package
from coalition.campaigns.media_package.actions.renditions import remove_rendition
from coalition.campaigns.media_package.enums import Currency, PackageAudience
from coalition.campaigns.media_package.gate import MEDIA_ITEM
from coalition.campaigns.media_package.models import Rendition
from coalition.campaigns.media_package.notices import public_views
from coalition.campaigns.media_package.notices.currency import answer_about, currency_of
from coalition.consent.actions.withdraw import withdraw_consent
from coalition.core.clock import now
from documents.publication.actions import withdraw_publication
from tests.campaigns.media_package.builders import Press
from tests.consent.builders import (
    agree_to,
    caseworker_of,
    consent_asked,
    put_under_consent,
    shown_under_consent,
)

pytestmark = pytest.mark.django_db

NAME = "film_document_v1.txt"


@pytest.fixture
def film(open_package: Press) -> Rendition:
    return Rendition.objects.get()


def page(language: str = "en") -> str:
    with override(language):
        return reverse("media_current")


@pytest.mark.parametrize(
    "name",
    [
        NAME,
        "  Film_Document_V1.TXT ",
        "film_document_v1 (1).txt",
        "C:\\Users\\a\\film_document_v1 - copy.txt",
        "film_document_v1-1.txt",
        "film_document_v1 2.txt",
        "film_document_v1_1.txt",
        "film_document_v1",
        "Copy of film_document_v1.txt",
        "copy_of_film_document_v1.txt",
        "Копия film_document_v1.txt",
        "film_document_v1 — көшірме.txt",
    ],
)
def test_a_file_is_found_by_its_name_however_it_was_saved(film: Rendition, name: str) -> None:
    assert currency_of(name) == Currency.CURRENT


def test_a_file_with_a_language_is_found_by_the_name_of_a_copy(here: Press) -> None:
    item = here.item("two-films")
    made = here.file(item, language="kk")
    here.approve(item)
    here.package = publish_package(access=here.access, package=here.package)
    assert made.file_name == "two-films_document_kk_v1.txt"
    for name in ("Copy of Two-Films_document_kk_v1 (2)", "copy_of_two-films_document_kk_v1.txt"):
        assert answer_about(name).known == made


def test_a_file_is_found_by_its_sha256_with_spaces_and_upper_case(film: Rendition) -> None:
    spaced = " ".join(film.sha256[at : at + 8] for at in range(0, 64, 8)).upper()
    assert currency_of(film.sha256) == currency_of(spaced) == Currency.CURRENT


@pytest.mark.parametrize(
    "words",
    [
        "",
        " ",
        "other.txt",
        "0" * 64,
        "0" * 63,
        "film",
        "x" * 5000,
        "\x00",
        "😀",
        "film_document_v1.pdf",
        "film_document_v11.txt",
        "film_document_v.txt",
        "film_document_kk_v1.txt",
        "document_v1",
        "_v1",
    ],
)
def test_what_is_not_ours_is_unknown(film: Rendition, words: str) -> None:
    assert currency_of(words) == Currency.UNKNOWN


def test_a_file_that_was_never_released_is_unknown(open_package: Press, film: Rendition) -> None:
    draft = open_package.file(open_package.items[0], b"Not approved yet.")
    assert currency_of(draft.file_name) == currency_of(draft.sha256) == Currency.UNKNOWN


def test_a_file_is_known_though_consent_kept_it_back_at_publication(here: Press) -> None:
    """She agrees after the publication, and in Russian only; the file has no language."""
    item = here.item()
    made = here.file(item)
    under = put_under_consent(consent_asked(), MEDIA_ITEM, str(item.uuid), languages=["ru"])
    here.approve(item)
    here.package = publish_package(access=here.access, package=here.package)
    assert not here.judge(item, "ru").is_given
    agree_to(under)
    assert here.judge(item, "ru").files == [made]
    assert currency_of(made.file_name) == Currency.CURRENT
    withdraw_consent(by=caseworker_of(under.consent.organisation), consent=under.consent)
    assert currency_of(made.file_name) == Currency.DO_NOT_USE


def test_a_file_is_known_though_its_item_was_not_in_the_package_at_publication(here: Press) -> None:
    item = here.item()
    made = here.file(item)
    remove_item(access=here.access, item=item)
    here.approve(item)
    here.item("other")
    here.package = publish_package(access=here.access, package=here.package)
    restore_item(access=here.access, item=item)
    assert here.judge(item).files == [made]
    assert currency_of(made.sha256) == Currency.CURRENT


def test_a_replaced_file_leads_to_the_current_one(open_package: Press, film: Rendition) -> None:
    newer = open_package.file(open_package.items[0], b"Corrected words.")
    assert currency_of(NAME) == Currency.CURRENT
    open_package.approve(open_package.items[0], "Every second woman.")
    found = answer_about(NAME)
    assert (found.currency, found.current) == (Currency.REPLACED, newer)
    assert currency_of(newer.file_name) == Currency.CURRENT


def test_a_file_that_is_not_given_any_more_is_not_to_be_used(open_package: Press, film: Rendition) -> None:
    access, item, package = open_package.access, open_package.items[0], open_package.package
    yesterday = localdate(now()) - datetime.timedelta(days=1)
    change_item(access=access, item=item, licence_until=yesterday)
    assert currency_of(NAME) == Currency.DO_NOT_USE
    change_item(access=access, item=item, licence_until=None)
    assert currency_of(NAME) == Currency.CURRENT
    unpublish_package(access=access, package=package)
    assert currency_of(NAME) == Currency.DO_NOT_USE


def test_what_was_taken_out_is_not_to_be_used(open_package: Press, film: Rendition) -> None:
    remove_rendition(access=open_package.access, rendition=film)
    assert currency_of(film.sha256) == Currency.DO_NOT_USE


def test_an_item_that_was_taken_out_is_not_to_be_used(open_package: Press, film: Rendition) -> None:
    remove_item(access=open_package.access, item=open_package.items[0])
    assert currency_of(NAME) == Currency.DO_NOT_USE


def test_a_withdrawn_text_is_not_to_be_used(open_package: Press, film: Rendition) -> None:
    publication = open_package.items[0].draft.publications.get()
    withdraw_publication(access=open_package.access, publication=publication, note="A mistake")
    assert currency_of(NAME) == Currency.DO_NOT_USE


def test_a_file_without_consent_is_not_to_be_used(open_package: Press, film: Rendition) -> None:
    consent = consent_asked()
    shown_under_consent(consent, MEDIA_ITEM, str(film.item.uuid))
    assert currency_of(NAME) == Currency.CURRENT
    withdraw_consent(by=caseworker_of(consent.organisation), consent=consent)
    assert currency_of(NAME) == Currency.DO_NOT_USE


def test_an_embargo_or_an_audience_does_not_make_a_file_old(open_package: Press, film: Rendition) -> None:
    set_access(
        access=open_package.access,
        package=open_package.package,
        audience=PackageAudience.OUTLETS,
        opens_at=now() + datetime.timedelta(days=1),
    )
    assert currency_of(NAME) == Currency.CURRENT


def test_the_page_answers_without_script_and_is_never_cached(film: Rendition, client: Client) -> None:
    empty = client.get(page())
    assert empty.status_code == 200
    assert "You may use this file" not in empty.content.decode()
    answer = client.get(page(), {"file": NAME})
    assert "You may use this file" in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    assert len(answer.content) < 60_000
    assert "csrftoken" not in answer.cookies
    kazakh = client.get(page("kk"), {"file": NAME})
    assert (kazakh.status_code, kazakh["Content-Language"]) == (200, "kk")


def test_the_page_leads_to_the_package_only_while_it_is_public(
    open_package: Press, film: Rendition, client: Client
) -> None:
    open_package.file(open_package.items[0], b"Corrected words.")
    open_package.approve(open_package.items[0], "Every second woman.")
    words = client.get(page(), {"file": NAME}).content.decode()
    assert "film_document_v2.txt" in words
    assert 'href="/en/media/package/"' in words
    set_access(
        access=open_package.access,
        package=open_package.package,
        audience=PackageAudience.OUTLETS,
        opens_at=None,
    )
    words = client.get(page(), {"file": NAME}).content.decode()
    assert "film_document_v2.txt" in words
    assert "/en/media/package/" not in words


def test_script_in_a_name_is_shown_as_words(film: Rendition, client: Client) -> None:
    words = client.get(page(), {"file": "<script>alert(1)</script>"}).content.decode()
    assert "<script>alert" not in words
    assert "&lt;script&gt;alert" in words


def test_questions_are_limited_and_the_question_is_not_lost(
    film: Rendition, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(public_views, "MOST_QUESTIONS", 2)
    assert [client.get(page(), {"file": NAME}).status_code for _time in range(3)] == [200, 200, 429]
    refused = client.get(page(), {"file": NAME}).content.decode()
    assert f'value="{NAME}"' in refused
    assert "You may use" not in refused
    assert client.get(page()).status_code == 200
