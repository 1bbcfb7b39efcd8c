"""What the public search finds, and how it says so."""

import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page

from coalition.accounts.models import Language, Listing, Organisation
from documents.drafts.models import PublicationState
from documents.models import Publication
from home.models import FoundKind, HomePage, NewsPage, SearchItem
from home.search.find import SearchFilter, SearchOutcome, find_public, unindexed_items
from home.search.results import build_results
from home.search.words import Hit
from tests.documents.approval.builders import stage
from tests.factories import OrganisationFactory
from tests.home.search.pairs import PAIRS
from tests.markup import squeezed

pytestmark = pytest.mark.django_db
type News = Callable[..., NewsPage]


def titles(text: str, language: str = "en", **narrowing: str) -> list[str]:
    found = find_public(text, language, SearchFilter(**narrowing))
    pages = NewsPage.objects.in_bulk([hit.key for hit in found.hits if hit.kind == "news"])
    return [pages[hit.key].title for hit in found.hits if hit.kind == "news"]


def page_of(client: Client, query: str, language: str = "en") -> str:
    answer = client.get(f"/{language}/search/?{query}")
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.slow
@pytest.mark.parametrize("language", PAIRS)
def test_of_fifty_forms_and_titles_all_are_found(news: News, language: str) -> None:
    assert len(set(PAIRS[language])) == 50
    for _form, title in PAIRS[language]:
        news(title, language)
    missed = [(form, title) for form, title in PAIRS[language] if title not in titles(form, language)]
    assert missed == []


def test_the_other_forms_of_the_last_pair_are_not_everything(news: News) -> None:
    """A search that finds every title would pass the pairs too."""
    for _form, title in PAIRS["kk"]:
        news(title, "kk")
    assert len(titles("сот", "kk")) < 5
    assert titles("қозы", "kk") == []


@pytest.mark.parametrize(
    ("language", "typed", "title"),
    [
        ("kk", "қызмткер", "Қызметкердің өтініші"),
        ("kk", "кизметкер", "Қызметкердің өтініші"),
        ("ru", "домагательство", "Против домогательства"),
        ("ru", "заявлнеие", "Общее заявление"),
        ("en", "harrasment", "Against harassment"),
        ("en", "exibition", "The exhibition opens"),
    ],
)
def test_mistyped_words_find_what_was_meant(news: News, language: str, typed: str, title: str) -> None:
    news(title, language)
    news("Қоңыр" if language == "kk" else "Another thing", language)
    assert titles(typed, language) == [title]
    assert list(find_public(typed, language, SearchFilter()).meant) == [typed]


def test_a_mistyped_word_is_told_with_the_letters_that_were_typed(news: News) -> None:
    """Folded letters are the search's own: a reader would see a Kazakh word spelt wrongly."""
    news("Қызметкердің өтініші", "kk")
    assert list(find_public("«Қызмткер», өтініші", "kk", SearchFilter()).meant) == ["Қызмткер"]


@pytest.mark.parametrize(
    ("language", "typed", "title"),
    [
        ("kk", "қызм", "Қызметкердің өтініші"),
        ("ru", "домог", "Против домогательства"),
        ("en", "exh", "The exhibition"),
    ],
)
def test_the_beginning_of_a_word_is_enough(news: News, language: str, typed: str, title: str) -> None:
    news(title, language)
    assert titles(typed, language) == [title]


def test_all_words_must_be_there_and_titles_come_first(news: News) -> None:
    news("Labour in brief", published_on="2026-03-03T09:00Z", words="The law on labour is read here.")
    news("A law on labour", published_on="2026-01-01T09:00Z")
    news("A law on schools", published_on="2026-02-02T09:00Z")
    assert titles("labour law") == ["A law on labour", "Labour in brief"]


@pytest.mark.parametrize(
    "hostile",
    [
        '"', '"unclosed', "law*", "title_tokens:law", "law AND", "NEAR(law, 2)", "law OR NOT", "(((", "-law",
        "^law", "{title}", "law & | ! <-> :*", "'; DROP TABLE home_searchitem; --",
        "law\x00s", "%", "\\", "'",
        "the and of", "🙂", "  ", "", "а" * 10_000, "law " * 2_500, "{{ law }}", "<script>alert(1)</script>",
    ],
)  # fmt: skip
def test_nothing_that_is_typed_is_an_operator(news: News, client: Client, hostile: str) -> None:
    news("A law on labour")
    answer = client.get(
        "/en/search/", {"q": hostile, "page": "x", "kind": "'", "year": "٢٠٢٦", "region": '"'}
    )
    assert answer.status_code == 200
    assert "<script>alert" not in answer.content.decode()
    assert find_public("law", "en", SearchFilter()).hits


def test_signs_around_a_word_do_not_hinder(news: News) -> None:
    news("A law on labour")
    assert titles('"law" AND* (labour') == ["A law on labour"]


def test_the_page_marks_what_was_looked_for_and_counts(news: News, client: Client) -> None:
    news("Laws & <others>", words="First of all. Then the law was adopted, and that is all there is to say.")
    text = page_of(client, "q=law")
    assert "<mark>Laws</mark> &amp; &lt;others&gt;" in text
    assert "the <mark>law</mark> was adopted" in text
    assert "1 result" in text
    assert '<meta name="robots" content="noindex">' in text


def test_it_tells_what_it_took_a_mistyped_word_for(news: News, client: Client) -> None:
    news("Against harassment")
    text = page_of(client, "q=harrasment")
    assert "harrasment" in text
    assert "“harassment”" in text


def test_other_languages_are_told_of(news: News, client: Client) -> None:
    news("Закон о труде", "ru")
    text = page_of(client, "q=законы")
    link = r'href="/ru/search/\?q=[^"]+" hreflang="ru"><span lang="ru">Русский</span>\(1\)'
    assert re.search(link, squeezed(text))


def test_narrowing_by_kind_and_year(news: News) -> None:
    news("Law one", published_on="2025-05-05T09:00Z")
    news("Law two", published_on="2026-05-05T09:00Z")
    assert titles("law", year="2025") == ["Law one"]
    assert titles("law", kind="event") == []
    assert dict(find_public("law", "en", SearchFilter()).years) == {"2025": 1, "2026": 1}


def test_partners_are_found_by_name_and_region_and_withheld_ones_never(
    site: HomePage, client: Client
) -> None:
    OrganisationFactory(name_en="House of Tulips", slug="tulips", regions=["KZ-75"])
    hidden = OrganisationFactory(name_en="House of Canaryhidden", listing=Listing.WITHHELD)
    assert "<mark>House</mark> of Tulips" in page_of(client, "q=house")
    assert "Tulips" in page_of(client, "q=tulip&region=KZ-75")
    assert "Tulips" not in page_of(client, "q=tulip&region=KZ-71")
    for typed in ("canaryhidden", "canaryhiden", "canary", hidden.code):
        text = page_of(client, f"q={typed}")
        assert "Canaryhidden" not in text
        assert "Nothing was found" in text
        assert "canaryhidden”" not in text


def test_a_name_that_is_withheld_is_gone_at_the_next_question(site: HomePage, client: Client) -> None:
    named = OrganisationFactory(name_en="House of Tulips", slug="tulips")
    assert "<mark>House</mark> of Tulips" in page_of(client, "q=house")
    named.listing = Listing.WITHHELD
    named.save()
    assert "Tulips" not in page_of(client, "q=house")


def test_as_many_queries_for_three_as_for_one(news: News, client: Client) -> None:
    news("Law 1")
    page_of(client, "q=law")
    with CaptureQueriesContext(connection) as one:
        page_of(client, "q=law")
    for number in (2, 3):
        news(f"Law {number}")
    with CaptureQueriesContext(connection) as three:
        page_of(client, "q=law")
    assert len(three) == len(one)
    asked = [query for query in one if query["sql"].startswith("SELECT")]  # PostgreSQL is told how to plan
    assert len(asked) <= 20


@pytest.mark.parametrize("language", Language.values)
def test_as_many_queries_for_three_without_a_name_in_the_language_as_for_one(
    db: None, language: Language
) -> None:
    """Their other names are read of all at once, in the language that comes next."""
    costs, nameless = [], {f"name_{language}": "", f"name_{_next_best(language)}": "Next best"}
    for many in (1, 3):
        while Organisation.objects.count() < many:
            OrganisationFactory(listing=Listing.PUBLIC, **nameless)
        with CaptureQueriesContext(connection) as queries:
            assert [one.title for one in unindexed_items(language)] == ["Next best"] * many
        costs.append(len(queries))
    assert costs[0] == costs[1]


def _next_best(language: Language) -> Language:
    return next(code for code in Language.values if code != language)


def test_long_lists_have_pages_that_keep_the_question(news: News, client: Client) -> None:
    for number in range(21):
        news(f"Law {number}")
    assert 'href="?q=law&amp;page=2"' in page_of(client, "q=law")
    assert page_of(client, "q=law&page=2").count('class="result"') == 1


def test_no_cache_keeps_what_somebody_asked(site: HomePage, client: Client) -> None:
    answer = client.get("/en/search/?q=law")
    assert "no-store" in answer["Cache-Control"]
    assert "private" in answer["Cache-Control"]


def test_a_page_that_is_live_against_its_record_is_no_result(site: HomePage) -> None:
    """Whatever kind the index has for it: SQL can set a page live whose publication is withdrawn."""
    page = NewsPage.objects.get(publication=stage(2).publish("en"))
    item = SearchItem.objects.create(kind=FoundKind.PAGE, key=page.pk, language="en", url="/", title="Law")
    hits = [Hit(item.pk, FoundKind.PAGE, page.pk, None, 0)]
    assert len(build_results(SearchOutcome([]), hits, "en")) == 1
    Publication.objects.update(state=PublicationState.WITHDRAWN)
    assert Page.objects.get(pk=page.pk).live
    assert build_results(SearchOutcome([]), hits, "en") == []
