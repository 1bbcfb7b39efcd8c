"""Facts on the public site: what everyone may read of them, and what pages show."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import Page

from coalition.accounts.models import Listing
from coalition.roles import SeatRole
from coalition.workspaces.models import Notification
from documents.drafts.actions.manage import name_version, save_text
from documents.drafts.models import PublicationState
from documents.facts.actions import change_fact, check_fact, retire_fact, set_fact_public
from documents.models import Fact, Publication
from documents.publication.actions import publish_approved
from home.models import FactOnPage, HomePage, NewsPage
from home.sections import facts_for_pages, facts_needing_attention, places_of, public_facts
from tests.documents.approval.builders import stage
from tests.documents.conftest import Room
from tests.documents.facts.writing import WORDS, body_with, fact_content, node_of, soon, write_down
from tests.factories import WorkspaceFactory, seat
from tests.markup import squeezed

pytestmark = pytest.mark.django_db


def words(answer):
    return squeezed(answer.content.decode())


def at(fact, language="en"):
    return f"/{language}/facts/{fact.uuid}/"


@pytest.fixture
def room(db):
    made = Room(WorkspaceFactory())
    made.take("editor")
    made.take("coordinator")
    return made


@pytest.fixture
def fact(site, room):
    """Written down, and checked by somebody else."""
    return checked(room, write_down(room.user("editor")))


def checked(room, fact, by="coordinator"):
    number = Fact.objects.get(pk=fact.pk).current.number
    return check_fact(person=room.user(by), fact=fact, seen=number, next_check=soon())


def change(room, fact, numeral, **given):
    number = Fact.objects.get(pk=fact.pk).current.number
    return change_fact(
        person=room.user("editor"),
        fact=fact,
        **fact_content(numeral, **given),
        why="Canaryreason",
        next_check=soon(),
        seen=number,
    )


def opened(room, fact):
    return set_fact_public(person=room.user("editor"), fact=fact, opened=True)


def on_home(fact, *others):
    home = HomePage.objects.get(locale__language_code="en")
    figures = [("fact", str(one.uuid)) for one in (fact, *others)]
    home.sections = [("numbers", {"heading": "", "figures": figures})]
    home.save_revision().publish()
    return HomePage.objects.get(pk=home.pk)


def test_what_nobody_opened_or_used_is_not_public(room, fact, client):
    unchecked = opened(room, write_down(room.user("editor"), **fact_content("77")))
    for one in (fact, unchecked):
        assert client.get(at(one)).status_code == 404
    page = words(client.get("/en/facts/"))
    assert WORDS["en"]["sentence"] not in page
    assert not public_facts()
    assert client.get("/en/facts/not-a-uuid/").status_code == 404


def test_an_opened_and_checked_fact_says_how_we_know(room, fact, client):
    opened(room, fact)
    for language, one in WORDS.items():
        page = words(client.get(at(fact, language)))
        for said in (one["sentence"], one["scope"], one["source"], one["how"], "Internews", "2018"):
            assert said in page
        assert f'href="{at(fact, language)}"' in words(client.get(f"/{language}/facts/"))
    assert at(fact) in words(client.get("/sitemap.xml"))
    assert '/en/facts/"' in words(client.get("/en/"))


def test_a_language_that_is_missing_is_said_openly(room, fact, client):
    opened(room, fact)
    change(room, fact, "26", words={"kk": WORDS["kk"]})
    checked(room, fact)
    page = words(client.get(at(fact)))
    assert "not there in this language yet" in page
    assert WORDS["kk"]["sentence"] in page
    assert f'href="{at(fact, "kk")}"' in page
    assert WORDS["kk"]["sentence"] not in words(client.get("/en/facts/"))


def test_the_public_reads_checked_words_and_no_reason(room, fact, client):
    opened(room, fact)
    change(room, fact, "26")
    page = words(client.get(at(fact)))
    assert "25 convictions" in page
    assert "26 convictions" not in page
    checked(room, fact)
    page = words(client.get(at(fact)))
    assert "26 convictions" in page
    assert "25 convictions" in page  # what it said before
    assert "Canaryreason" not in page


def test_what_was_said_before_it_was_opened_stays_inside(room, fact, client):
    change(room, fact, "26")
    checked(room, fact)
    opened(room, fact)
    page = words(client.get(at(fact)))
    assert "26 convictions" in page
    assert "25 convictions" not in page


def test_closing_takes_the_page_away_unless_something_public_shows_the_fact(room, fact, client):
    opened(room, fact)
    home = on_home(fact)
    set_fact_public(person=room.user("editor"), fact=fact, opened=False)
    assert client.get(at(fact)).status_code == 200
    home.unpublish()
    assert client.get(at(fact)).status_code == 404


def test_a_name_that_is_withheld_is_not_told(room, fact, client):
    owner = opened(room, fact).owner
    owner.name_en, owner.listing = "Canary House", Listing.PUBLIC
    owner.save()
    assert "Canary House" in words(client.get(at(fact)))
    for listing in (Listing.WITHHELD, Listing.CONFIDENTIAL):
        owner.listing = listing
        owner.save()
        page = words(client.get(at(fact)))
        assert "Canary House" not in page
        assert owner.code not in page


def test_pages_show_the_checked_words_and_follow(room, fact, client):
    opened(room, fact)
    on_home(fact)
    assert FactOnPage.objects.get().fact == fact
    page = words(client.get("/en/"))
    assert "<b>25</b><p>convictions in 20 years.</p>" in page
    assert at(fact) in page
    change(room, fact, "26")
    assert "<b>25</b>" in words(client.get("/en/"))
    checked(room, fact)
    assert "<b>26</b>" in words(client.get("/en/"))
    retire_fact(person=room.user("editor"), fact=fact, why="Not so")
    page = words(client.get("/en/"))
    assert "convictions in 20 years" not in page
    assert "any more" in words(client.get(at(fact)))
    assert WORDS["en"]["sentence"] not in words(client.get("/en/facts/"))


def test_a_page_that_is_live_against_its_record_makes_no_fact_public(room, fact):
    """SQL can set a page live whose publication is withdrawn."""
    page = NewsPage.objects.get(publication=stage(2).publish("en"))
    FactOnPage.objects.create(page=page, fact=fact)
    assert [place.title for place in places_of(fact)] == [page.title]
    assert fact in public_facts()
    Publication.objects.update(state=PublicationState.WITHDRAWN)
    assert Page.objects.get(pk=page.pk).live
    assert places_of(fact) == []
    assert fact not in public_facts()


def test_a_fact_taken_off_a_page_is_on_it_no_more(room, fact):
    opened(room, fact)
    home = on_home(fact)
    home.sections = []
    home.save_revision().publish()
    assert not FactOnPage.objects.exists()


@pytest.mark.parametrize("address", ["/en/", "/en/facts/"])
def test_pages_take_the_same_queries_for_one_fact_and_for_three(room, fact, client, address):
    opened(room, fact)
    counts = []
    for numbers in ((), ("31", "32")):
        more = [
            opened(room, checked(room, write_down(room.user("editor"), **fact_content(one))))
            for one in numbers
        ]
        on_home(fact, *more)
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_newsroom_chooses_among_opened_facts_alone(room, fact, newsroom):
    kept = checked(room, write_down(room.user("editor"), **fact_content("77")))
    opened(room, fact)
    assert list(facts_for_pages()) == [fact]
    home = HomePage.objects.get(locale__language_code="en")
    address = reverse("wagtailadmin_pages:edit", args=[home.pk])
    form = words(newsroom.get(address))
    assert str(fact.uuid) in form
    assert str(kept.uuid) not in form
    for chosen, taken in ((kept, False), (fact, True)):
        newsroom.post(address, posted(home, chosen))
        assert FactOnPage.objects.filter(fact=chosen).exists() is taken


def posted(home, fact):
    return {
        "title": home.title,
        "seo_title": "",
        "search_description": "",
        "sections-count": "1",
        "sections-0-deleted": "",
        "sections-0-order": "0",
        "sections-0-type": "numbers",
        "sections-0-id": "",
        "sections-0-value-heading": "Facts",
        "sections-0-value-figures-count": "1",
        "sections-0-value-figures-0-deleted": "",
        "sections-0-value-figures-0-order": "0",
        "sections-0-value-figures-0-type": "fact",
        "sections-0-value-figures-0-id": "",
        "sections-0-value-figures-0-value": str(fact.uuid),
        "comments-TOTAL_FORMS": 0,
        "comments-INITIAL_FORMS": 0,
        "action-publish": "1",
    }


def test_a_page_takes_no_fact_that_lacks_its_language(room, fact, newsroom):
    only = checked(room, write_down(room.user("editor"), **fact_content(words={"kk": WORDS["kk"]})))
    opened(room, only)
    home = HomePage.objects.get(locale__language_code="en")
    answer = newsroom.post(reverse("wagtailadmin_pages:edit", args=[home.pk]), posted(home, only))
    assert "not there in the language of the page" in words(answer)
    assert not FactOnPage.objects.exists()


def test_the_newsroom_sees_which_pages_have_facts_to_look_at(room, fact, newsroom):
    opened(room, fact)
    on_home(fact)
    assert "Facts on pages" not in words(newsroom.get("/cms/"))
    change(room, fact, "26")
    assert "Newer words wait for a check" in words(newsroom.get("/cms/"))
    checked(room, fact)
    assert "the page shows the new words" in words(newsroom.get("/cms/"))
    retire_fact(person=room.user("editor"), fact=fact, why="Not so")
    assert "the page shows it no more" in words(newsroom.get("/cms/"))
    assert facts_needing_attention().count() == 1


def test_a_published_text_makes_its_fact_public_and_keeps_its_words(site, client, client_of):
    made = stage(2)
    fact = write_down(made.coordinator)
    assert client.get(at(fact, "kk")).status_code == 404
    text = save_text(
        access=made.access,
        text=made.text(),
        title="On cases",
        lead="",
        body=body_with(node_of(fact.current)),
    )
    version = name_version(access=made.access, text=text, name="As agreed")
    round_ = made.put(versions=[version])
    made.approve_all(round_)
    news = NewsPage.objects.get(publication=publish_approved(access=made.access, round_=round_))
    page = words(client.get(at(fact, "kk")))
    assert "25 айыптау үкімі шықты" in page
    assert "On cases" in page
    assert "Nobody else has checked it" in words(client.get(at(fact)))
    article = words(client.get(news.get_url()))
    assert f'<a href="{at(fact, "kk")}"' in article
    other = seat(workspace=made.workspace, role=SeatRole.COORDINATOR).person
    change_fact(person=other, fact=fact, **fact_content("26"), why="Canaryreason", next_check=soon(), seen=1)
    told = Notification.objects.get(kind="fact_older_public")
    assert (told.person, told.subject) == (made.coordinator, made.draft.uuid)
    assert "25 айыптау" in words(client.get(news.get_url()))
    for answer in (client.get(at(fact, "kk")), client.get(news.get_url())):
        assert "26 айыптау" not in words(answer)
    desk = words(client_of(made.coordinator).get(made.text().get_absolute_url()))
    assert "The published text uses the older words" in desk


def test_news_that_is_passed_on_keeps_its_facts_with_their_source(room, fact, news, client):
    opened(room, fact)
    page = news("On cases", body=[("fact", str(fact.uuid))])
    said = words(client.get(f"{page.get_url()}pass-on/"))
    assert "25 convictions in 20 years. (Kazakhstan, 20 years Internews, 2018)" in said
    assert "convictions in 20 years." in words(client.get(page.get_url()))


def test_numbers_written_on_the_page_itself_go_on_working(site, client):
    home = HomePage.objects.get(locale__language_code="en")
    number = {"numeral": "5", "sentence": "things", "scope": "Here", "source": "Us"}
    home.sections = [("numbers", {"heading": "", "figures": [("number", number)]})]
    home.save_revision().publish()
    assert "<b>5</b><p>things</p>" in words(client.get("/en/"))
    assert not NewsPage.objects.exists()
