"""The search follows what is public: published, corrected, withdrawn, cancelled, told more narrowly."""

from collections.abc import Callable

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client

from documents.drafts.actions.manage import name_version, save_text
from documents.publication.actions import publish_approved, withdraw_publication
from events.core.actions.plan import cancel_event
from events.core.enums import Visibility
from home.models import FoundKind, HomePage, NewsPage, SearchItem, SearchWord, StandardPage
from home.search.find import SearchFilter, find_public
from home.search.words import trigrams
from tests.documents.approval.builders import stage
from tests.documents.conftest import body
from tests.events.planning.builders import announced, planned, planner_of

pytestmark = pytest.mark.django_db
type News = Callable[..., NewsPage]


def found(text: str, language: str = "en") -> list[tuple[str, int]]:
    return [(hit.kind, hit.key) for hit in find_public(text, language, SearchFilter()).hits]


def traces(word: str) -> list[str]:
    """Tables of the search in which the word stands, in any way: its pieces and SQLite's own tables too."""
    tables = [name for name in connection.introspection.table_names() if name.startswith("home_search")]
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("SELECT name FROM sqlite_master WHERE name LIKE 'home_search%' AND type = 'table'")
            tables = [name for (name,) in cursor.fetchall()]
    there = []
    with connection.cursor() as cursor:
        for table in tables:
            if table.endswith("_words"):  # asked through the tables below it
                continue
            cursor.execute(f"SELECT * FROM {table}")
            if word in repr(cursor.fetchall()).lower():
                there.append(table)
    return there


def test_news_comes_and_goes_with_its_words(news: News) -> None:
    page = news("A law on canaries", words="Said nowhere else: tulipgarden.")
    news("A law on schools")
    assert found("tulipgarden") == [("news", page.pk)]
    assert traces("tulipgarden")
    page.unpublish()
    assert found("tulipgarden") == found("tulipgardn") == []
    assert traces("tulipgarden") == traces(trigrams("tulipgarden")[4]) == []
    assert found("law")  # the other one
    assert SearchWord.objects.filter(language="en", word="schools").exists()


def test_a_word_goes_with_the_last_text_that_has_a_form_of_it(news: News) -> None:
    one, other = news("Tulipgarden"), news("Tulipgardens")
    one.unpublish()
    other.unpublish()
    assert traces("tulipgarden") == []


def test_a_page_that_is_changed_is_found_by_its_new_words_alone(news: News) -> None:
    page = news("Oldword here")
    page.title = page.lead = "Newword here"
    assert found("oldword") == [("news", page.pk)]  # a draft changes nothing
    page.save_revision()
    assert found("newword") == []
    page.save_revision().publish()
    assert found("newword") == [("news", page.pk)]
    assert found("oldword") == []
    assert not SearchWord.objects.filter(word="oldword").exists()  # its address alone keeps it


def test_a_page_that_is_deleted_leaves_nothing(news: News) -> None:
    news("Tulipgarden").delete()
    assert traces("tulipgarden") == []


def test_pages_of_text_are_found(site: HomePage) -> None:
    page = StandardPage.objects.get(locale__language_code="en")
    page.body = [("text", "<p>How the <b>tulipgarden</b> works</p>")]
    page.save_revision().publish()
    assert found("tulipgarden") == [("page", page.pk)]


def test_a_publication_is_found_in_each_language_and_not_once_withdrawn(site: HomePage) -> None:
    made = stage(2)
    publication = made.publish("kk", "ru", "en")
    for language in ("kk", "ru", "en"):
        page = NewsPage.objects.get(publication=publication, locale__language_code=language)
        assert found("harassment", language) == [("news", page.pk)]
    withdraw_publication(access=made.access, publication=publication, note="A mistake.")
    assert not any(found("harassment", language) for language in ("kk", "ru", "en"))
    assert traces("harassment") == []


def test_a_correction_is_found_by_its_own_words_alone(site: HomePage) -> None:
    made = stage(2)
    made.publish("kk")
    made.write("We ask for a better law.", title="Tulipgarden")
    version = name_version(access=made.access, text=made.text("kk"), name="As mended")
    round_ = made.put(versions=[version])
    made.approve_all(round_)
    publish_approved(access=made.access, round_=round_, correction_note="The date was wrong.")
    assert found("tulipgarden", "kk")
    assert found("harassment", "kk") == []
    assert not SearchWord.objects.filter(word="harassment").exists()  # its address alone keeps it


def test_drafts_and_planned_events_are_never_in_the_index(site: HomePage) -> None:
    made = stage(2)
    save_text(
        access=made.access, text=made.text("en"), title="Canarydraft", lead="", body=body("Canarybody.")
    )
    planned(title="Canaryplanned")
    announced(title="Canaryworkspace", visibility=Visibility.WORKSPACE)
    announced(title="Canarycoalition", visibility=Visibility.COALITION)
    assert traces("canary") == []


def test_events_are_found_while_they_are_public(site: HomePage) -> None:
    event = announced(title="Tulipgarden opens")
    assert found("tulipgardens") == [("event", event.pk)]
    cancel_event(access=planner_of(event), event=event)
    assert found("tulipgarden") == [("event", event.pk)]  # and the page says that it is cancelled


def test_the_page_says_that_an_event_is_cancelled(site: HomePage, client: Client) -> None:
    event = announced(title="Tulipgarden opens")
    cancel_event(access=planner_of(event), event=event)
    text = client.get("/en/search/?q=tulipgarden").content.decode()
    assert "<mark>Tulipgarden</mark> opens" in text
    assert "Cancelled" in text


def test_a_deleted_event_leaves_nothing(site: HomePage) -> None:
    announced(title="Tulipgarden opens").delete()
    assert traces("tulipgarden") == []


def test_what_is_behind_is_not_shown_and_is_mended(site: HomePage, news: News, client: Client) -> None:
    page = news("Tulipgarden")
    NewsPage.objects.filter(pk=page.pk).update(live=False)  # past every signal
    assert "<mark>Tulipgarden" not in client.get("/en/search/?q=tulipgarden").content.decode()
    call_command("rebuild_search")
    assert traces("tulipgarden") == []


def test_the_index_is_written_anew_from_nothing(site: HomePage, news: News) -> None:
    page, event = news("Tulipgarden"), announced(title="Tulipgarden opens")
    SearchItem.objects.all().delete()
    SearchWord.objects.all().delete()
    assert found("tulipgarden") == traces("tulipgarden") == []
    call_command("rebuild_search")
    assert sorted(found("tulipgardn")) == [("event", event.pk), ("news", page.pk)]


@pytest.mark.django_db(transaction=True)
def test_a_deletion_that_is_rolled_back_does_not_damage_the_index() -> None:
    """Of SQLite: its version of the index is in the file before the first deletion of a connection."""
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL has no index of its own for words")
    row = {"kind": FoundKind.PAGE, "key": 1, "language": "en", "url": "/", "title_tokens": "law"}
    item = SearchItem.objects.create(**row, text_tokens="law")
    with transaction.atomic():
        SearchItem.objects.all().delete()
        transaction.set_rollback(True)
    item.delete()
    connection.close()  # what this one knows of the index, another does not
    with connection.cursor() as cursor:
        assert cursor.execute("PRAGMA quick_check").fetchall() == [("ok",)]
