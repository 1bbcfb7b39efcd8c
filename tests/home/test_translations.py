"""The newsroom sees which page is missing or older in which language, and makes the missing one."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import Locale

from coalition.core.errors import Refused
from home.models import NewsIndexPage, NewsPage, StandardPage, Topic
from home.translations import LanguageState, create_translation, families, family
from tests.documents.approval.builders import stage
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

LIST = "newsroom_translations"


@pytest.fixture
def editor(newsroom):
    from coalition.accounts.models import User

    return User.objects.get(pk=newsroom.session["_auth_user_id"])


def states(key) -> dict[str, LanguageState]:
    return {code: one.state for code, one in family(key).languages.items()}


def published(page, **words):
    for name, value in words.items():
        setattr(page, name, value)
    page.save_revision().publish()
    return type(page).objects.get(pk=page.pk)


def test_what_is_there_and_what_is_missing(site, news):
    page = news("Юрта", "kk")
    assert states(page.translation_key) == {
        "kk": LanguageState.THERE,
        "ru": LanguageState.MISSING,
        "en": LanguageState.MISSING,
    }


def test_a_page_is_older_when_words_of_its_source_changed_since(site, news, editor):
    source = news("Юрта", "kk")
    copy = published(create_translation(source, language="en", by=editor), title="A yurt")
    assert states(source.translation_key)["en"] == LanguageState.THERE
    source = published(source, lead="Жаңа")
    found = family(source.translation_key).languages
    assert (found["en"].state, found["en"].changed) == (LanguageState.OLDER, ["lead"])
    assert found["kk"].state == LanguageState.THERE
    published(copy, title="The yurt")
    assert states(source.translation_key)["en"] == LanguageState.THERE


def test_a_source_dressed_anew_or_published_later_makes_nothing_older(site, news, editor):
    source = news("Юрта", "kk")
    published(create_translation(source, language="en", by=editor))
    published(source, placement="index")
    assert states(source.translation_key)["en"] == LanguageState.THERE


def test_words_written_and_not_published_make_nothing_older(site, news, editor):
    source = news("Юрта", "kk")
    copy = published(create_translation(source, language="en", by=editor))
    source.lead = "Жоба"
    source.save_revision()
    assert states(copy.translation_key)["en"] == LanguageState.THERE
    source.latest_revision.publish()
    assert states(copy.translation_key)["en"] == LanguageState.OLDER


def test_a_draft_made_in_a_language(site, news, editor):
    topics = {
        code: Topic.objects.create(
            name=f"Law {code}", slug="law", locale=Locale.objects.get(language_code=code), translation_key=key
        )
        for key in ["11111111-1111-7111-8111-111111111111"]
        for code in ("kk", "en")
    }
    source = news("Юрта", "kk", go_live_at=None, share_card="share/x.png")
    source.topics.set([topics["kk"]])
    source.save()
    copy = NewsPage.objects.get(pk=create_translation(source, language="en", by=editor).pk)
    assert not copy.live
    assert copy.translation_key == source.translation_key
    assert copy.get_parent().specific == NewsIndexPage.objects.get(locale__language_code="en")
    assert (copy.lead, copy.share_card.name, copy.owner) == (source.lead, "", editor)
    assert list(copy.topics.all()) == [topics["en"]]
    assert list(copy.get_latest_revision_as_object().topics.all()) == [topics["en"]]
    assert states(source.translation_key)["en"] == LanguageState.DRAFT


def test_a_page_of_text_is_made_too(site, editor):
    about = StandardPage.objects.get(locale__language_code="kk")
    StandardPage.objects.get(locale__language_code="en").delete()
    assert not create_translation(about, language="en", by=editor).live


def test_there_already(site, news, editor):
    source = news("Юрта", "kk")
    create_translation(source, language="en", by=editor)
    with pytest.raises(Refused, match="already"):
        create_translation(source, language="en", by=editor)


def test_nothing_above_it(site, news, editor):
    source = news("Юрта", "kk")
    NewsIndexPage.objects.get(locale__language_code="en").delete()
    with pytest.raises(Refused, match="above"):
        create_translation(source, language="en", by=editor)


def test_who_may_not_add_there_is_refused(site, news):
    with pytest.raises(Refused, match="may not"):
        create_translation(news("Юрта", "kk"), language="en", by=UserFactory())


def test_approved_words_are_not_copied(newsroom, editor):
    publication = stage(2).publish("en")
    page = NewsPage.objects.get(publication=publication)
    assert family(page.translation_key).of_publication
    with pytest.raises(Refused, match="approved"):
        create_translation(page, language="ru", by=editor)
    answer = newsroom.get(reverse("newsroom_side_by_side", args=[page.translation_key]))
    assert "Make a page in this language" not in answer.content.decode()
    newsroom.post(reverse("newsroom_make", args=[page.pk, "ru"]))
    assert not NewsPage.objects.filter(locale__language_code="ru").exists()


def test_the_list_filters_by_state_and_language(newsroom, news, editor):
    news("Alone", "en")
    both = news("Юрта", "kk")
    published(create_translation(both, language="ru", by=editor), title="Юрта здесь")
    assert "Alone" in newsroom.get(reverse(LIST)).content.decode()
    missing = newsroom.get(reverse(LIST), {"state": "missing", "language": "ru"}).content.decode()
    assert "Alone" in missing
    assert "Юрта" not in missing
    assert newsroom.get(reverse(LIST), {"state": "x", "language": "x", "page": "x"}).status_code == 200


def queries(client) -> int:
    with CaptureQueriesContext(
        connection,
    ) as caught:
        assert client.get(reverse(LIST)).status_code == 200
    return len(caught)


def test_one_page_and_three_cost_the_same(newsroom, news, editor):
    def one(number: int) -> None:
        source = news(f"Юрта {number}", "kk")
        published(create_translation(source, language="en", by=editor))
        published(source, lead="Жаңа")

    one(1)
    newsroom.get(reverse(LIST))
    before = queries(newsroom)
    one(2)
    one(3)
    assert sum(one.has("older", "en") for one in families()) == 3
    assert queries(newsroom) == before


def test_side_by_side_and_the_press_that_makes_the_page(newsroom, news):
    body = [("quote", {"words": "Біз айттық", "speaker": "А", "role": ""})]
    source = news("Юрта", "kk", body=body)
    address = reverse("newsroom_side_by_side", args=[source.translation_key])
    answer = newsroom.get(address, {"left": "kk", "right": "en"}).content.decode()
    assert "Біз айттық" in answer
    assert "Make a page in this language" in answer
    made = newsroom.post(reverse("newsroom_make", args=[source.pk, "en"]))
    copy = NewsPage.objects.get(locale__language_code="en")
    assert made["Location"] == reverse("wagtailadmin_pages:edit", args=[copy.pk])
    assert newsroom.get(address, {"right": "en"}).content.decode().count("Біз айттық") == 2
    assert newsroom.get(made["Location"]).status_code == 200


def test_bad_addresses(newsroom, news):
    page = news("Юрта", "kk")
    nothing = "00000000-0000-7000-8000-000000000000"
    assert newsroom.get(reverse("newsroom_side_by_side", args=[nothing])).status_code == 404
    assert (
        newsroom.get(reverse("newsroom_side_by_side", args=[page.translation_key]), {"left": "<"}).status_code
        == 200
    )
    neither = reverse("newsroom_side_by_side", args=[page.translation_key])
    assert newsroom.get(neither, {"left": "ru", "right": "en"}).status_code == 200
    assert newsroom.post(reverse("newsroom_make", args=[page.pk, "xx"])).status_code == 404
    assert newsroom.post(reverse("newsroom_make", args=[1, "en"])).status_code == 404
    assert newsroom.get(reverse("newsroom_make", args=[page.pk, "en"])).status_code == 405


@pytest.mark.parametrize("door", ["list", "side", "make"])
def test_shut_to_who_is_not_of_the_newsroom(site, news, client_of, door):
    page = news("Юрта", "kk")
    client = client_of(UserFactory())
    if door == "make":
        answer = client.post(reverse("newsroom_make", args=[page.pk, "en"]))
    else:
        address = (
            reverse(LIST) if door == "list" else reverse("newsroom_side_by_side", args=[page.translation_key])
        )
        answer = client.get(address)
    assert answer.status_code in {302, 403, 404}
    assert NewsPage.objects.count() == 1
