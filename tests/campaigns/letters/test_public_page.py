"""The page where people write: for everybody the same, light, without their letters."""

import gzip
import re

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localdate
from django.utils.translation import override
from lxml import html

from coalition.campaigns.appeals.flow import SUPPORT
from coalition.campaigns.letters import presenters
from coalition.campaigns.letters.presenters import MOST_MAILTO, mailto_of, usable_email
from coalition.campaigns.letters.texts import MOST_BLOCKS, paragraphs_of
from coalition.campaigns.models import LetterAction, LetterDay, Target
from coalition.core.clock import now
from documents.facts.actions import check_fact, retire_fact, set_fact_public
from documents.models import Fact
from documents.publication.actions import withdraw_publication
from documents.publication.models import TakenOff
from tests.campaigns.appeals.builders import support
from tests.campaigns.appeals.factories import open_appeal
from tests.campaigns.appeals.test_counting import code
from tests.campaigns.letters.builders import (
    PARAGRAPHS,
    BodyFactory,
    TargetFactory,
    open_deputies,
    open_letters,
)
from tests.documents.approval.builders import Stage, stage
from tests.documents.facts.writing import soon, write_down
from tests.factories import seat

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_pages")]
PAGE = "/en/write/to-deputies/"


@pytest.fixture
def made() -> Stage:
    return stage()


@pytest.fixture
def letters(made: Stage) -> LetterAction:
    return open_letters(made)


def text(answer) -> str:
    return answer.content.decode()


def tree(answer):
    return html.fromstring(answer.content)


def test_the_page_is_the_same_for_everybody_and_kept_for_a_minute(client, letters, client_of, made, settings):
    settings.PAGES_KEPT = 600
    stranger = client.get(PAGE)
    assert text(stranger) == text(client_of(made.coordinator).get(PAGE))
    assert not stranger.cookies
    assert stranger["Cache-Control"] == "public, no-cache"
    assert "Vary" not in stranger
    assert stranger.proxy_max_age == 60
    assert stranger["Referrer-Policy"] == "same-origin"


def test_it_shows_everybody_with_their_addresses_without_script(client, letters):
    page = tree(client.get(PAGE))
    shown = page.xpath("//*[@data-people]//li")
    assert [one.xpath("string(.//b)") for one in shown] == [str(one.name) for one in Target.objects.all()]
    assert [one.xpath("string(.//i)") for one in shown] == [one.email for one in Target.objects.all()]
    assert page.xpath("string(//*[@data-position])") == "member"
    assert not page.xpath("//*[@data-people]//li//span"), "what all have in common stands once"
    assert "1 Test street, Astana" in page.xpath("string(//*[@data-people])")
    assert [one.strip() for one in page.xpath("//ul[@class='letter__blocks']/li/p/text()")] == [*PARAGRAPHS]


def test_without_script_it_says_first_what_to_do_and_nothing_of_what_is_not_there(client, letters):
    page = tree(client.get(PAGE))
    assert "Without JavaScript: choose people below" in page.xpath("string((//main//noscript)[1])")
    for scripted in (
        "It is made in your browser",
        "they are added word for word",
        "One sheet for each person",
    ):
        [one] = page.xpath(f"//main//*[@data-scripted][contains(., '{scripted}')]")
        assert not one.xpath("ancestor::noscript")
    style = (settings.BASE_DIR / "assets/css/public/letter.css").read_text()
    assert re.search(r"@media \(scripting: none\) \{\s*\.letter \[data-scripted\] \{\s*display: none", style)
    LetterAction.objects.update(closed_at=now())
    assert not tree(client.get(PAGE)).xpath("//main//noscript")


def test_what_is_typed_has_no_name_and_is_outside_of_the_form(client, letters):
    page = tree(client.get(PAGE))
    private = page.xpath("//*[@data-own or @data-sign or @data-subject or @data-letter or @data-formal]")
    assert len(private) == 7
    for one in private:
        assert one.get("name") is None, one.attrib
        assert one.get("autocomplete") == "off", one.attrib
        # Spelling and writing aids of browsers send what is typed to a server.
        assert one.get("spellcheck") == one.get("writingsuggestions") == "false", one.attrib
        assert not one.xpath("ancestor::form")
    posted = {
        one.get("name")
        for one in page.xpath("//main//*[@name][self::input or self::select or self::textarea]")
    }
    assert page.xpath("//input[@name='attempt']/@value") == [""], "a random number, made by the script"
    assert posted == {"stamp", "attempt", "leave_empty", "target", "way", "language"}
    assert page.xpath("//*[@data-paper]/@translate") == ["no"]


def test_an_address_with_spaces_is_never_a_link(client, letters):
    Target.objects.update(email="deputy @parlam.example")
    page = client.get(PAGE)
    assert "mailto:" not in text(page)
    assert "deputy @parlam" not in text(page)
    assert usable_email("a b@c.example") == usable_email("a@b.example ") == usable_email("") == ""


def test_special_letters_of_an_address_are_encoded():
    link = mailto_of("a+b&c=d@e.example", "A & B", "1=1 & 2+2 #3\nnext")
    assert link == (
        "mailto:a%2Bb%26c%3Dd@e.example?subject=A%20%26%20B&body=1%3D1%20%26%202%2B2%20%233%0D%0Anext"
    )
    long = mailto_of("a@e.example", "S", "қ" * 400)
    assert long == "mailto:a@e.example?subject=S"
    assert len(mailto_of("a@e.example", "S", "қ" * 300)) <= MOST_MAILTO


def test_people_of_archived_bodies_and_those_who_left_are_not_offered(client, letters):
    gone, *others = Target.objects.all()
    Target.objects.filter(pk=gone.pk).update(gone_on=localdate(now()))
    TargetFactory(body=BodyFactory(workspace=letters.workspace), name={"en": "Canary of another body"})
    archived = BodyFactory(workspace=letters.workspace, archived_at=now())
    TargetFactory(body=archived, name={"en": "Canary of an archived body"})
    letters.bodies.add(archived)
    page = text(client.get(PAGE))
    assert str(gone.name) not in page
    assert "Canary" not in page
    assert all(str(one.name) in page for one in others)


def test_who_agreed_is_thanked_and_not_written_to(client, letters, monkeypatch):
    agreed = Target.objects.first()
    monkeypatch.setattr(presenters, "agreed_targets", lambda _action: {agreed.uuid})
    page = tree(client.get(PAGE))
    assert str(agreed.uuid) not in page.xpath("//input[@name='target']/@value")
    assert len(page.xpath("//input[@name='target']")) == 2
    thanked = page.xpath("//*[@class='letter__agreed']//a/@href")
    assert len(thanked) == 1
    assert thanked[0].startswith(f"mailto:{agreed.email}?subject=Thank%20you&body=")


def test_without_anybody_to_write_to_the_page_has_no_form_to_fill_in(client, letters, monkeypatch):
    everybody = {one.uuid for one in Target.objects.all()}
    monkeypatch.setattr(presenters, "agreed_targets", lambda _action: everybody)
    page = client.get(PAGE)
    assert "There is nobody to write to now" in text(page)
    assert len(tree(page).xpath("//*[@class='letter__agreed']//a")) == 3
    assert not tree(page).xpath("//*[@data-own or @data-formal or @data-declare]")
    assert not tree(page).xpath("//script[contains(@src, 'letters')]")


def test_a_position_that_is_not_known_is_not_that_of_the_others(client, letters):
    unknown = Target.objects.first()
    Target.objects.filter(pk=unknown.pk).update(position={}, languages=[])
    page = tree(client.get(PAGE))
    assert page.xpath("string(//*[@data-position])") == "member"
    rows = page.xpath("//*[@data-people]//li")
    assert [len(one.xpath(".//span | .//small")) for one in rows] == [2, 0, 0]
    assert rows[0].xpath("string(.//span)") == rows[0].xpath("string(.//small)") == ""


def test_weights_tell_nothing_below_ten(client, letters):
    for count, target in zip((15, 19, 41), Target.objects.all(), strict=True):
        LetterDay.objects.create(
            action=letters, target=target, way="mail", language="kk", day=localdate(now()), count=count
        )
    page = tree(client.get(PAGE))
    assert [one.get("data-n") for one in page.xpath("//input[@name='target']")] == [None, None, "3"]


@pytest.mark.parametrize("number", [1, 3])
def test_queries_do_not_grow_with_recipients(client, made, number):
    letters = open_letters(made, people=number, slug="counted")
    assert letters.is_open_on(localdate(now()))
    client.get("/en/write/counted/")
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert client.get("/en/write/counted/").status_code == 200
    assert len(asked) <= 9, [one["sql"][:120] for one in asked]


def test_the_page_of_145_people_is_at_most_60_kilobytes(client, made):
    open_deputies(145, made=made)
    page = client.get("/kk/write/to-deputies/").content
    assert page.count(b'name="target"') == 145
    assert len(page) <= 60_000
    assert len(gzip.compress(page)) <= 20_000


def test_closed_over_and_corrected_pages_say_so_in_words(client, letters, made):
    LetterAction.objects.update(closes_on=localdate(now()).replace(year=2020))
    assert "This letter action is closed" in text(client.get(PAGE))
    LetterAction.objects.update(closes_on=None, closed_at=now())
    page = client.get(PAGE)
    assert "This letter action is closed" in text(page)
    assert not tree(page).xpath("//main//form")
    LetterAction.objects.update(closed_at=None)
    letters.publication.awaiting_since = now()
    letters.publication.save()
    assert "is awaited" in text(client.get(PAGE))


def test_a_withdrawn_text_shows_neither_words_nor_title(client, letters, made):
    withdraw_publication(access=made.access, publication=letters.publication, note="It was wrong.")
    page = client.get(PAGE)
    assert page.status_code == 200
    assert "About the law" not in text(page)
    assert "It was wrong." in text(page)
    assert "was withdrawn" in text(page)
    assert "About the law" not in text(client.get(f"{PAGE}sent/"))


def test_a_text_that_is_checked_is_off_the_site(client, letters):
    TakenOff.objects.create(publication=letters.publication, since=now())
    page = client.get(PAGE)
    assert (page.status_code, page["Cache-Control"]) == (503, "no-store")
    assert PARAGRAPHS[0] not in text(page)


def test_what_was_never_opened_is_not_there(client, made):
    open_letters(made, slug="prepared", opened_at=None)
    for path in ("prepared/", "prepared/sent/", "nothing/"):
        assert client.get(f"/en/write/{path}").status_code == 404


def test_a_code_of_the_action_or_its_appeal_stays_in_the_address(client, made):
    version = open_appeal("kk", "en", made=made)
    letters = open_letters(made, appeal=version.appeal)
    for credited in (code(version, target=letters.uuid, action="letter"), code(version, code="QQQQ2345")):
        page = client.get(f"{PAGE}from/{credited.code}/")
        assert page.status_code == 200
        assert f'action="{PAGE}from/{credited.code}/#declare"' in text(page)
        assert 'hreflang="x-default"' not in text(page)
    assert client.get(f"{PAGE}from/AAAA2222/")["Location"] == PAGE


def test_the_pages_of_support_lead_to_the_letters_with_the_code(client, made):
    version = open_appeal("kk", "en", made=made)
    letters = open_letters(made, appeal=version.appeal)
    credited = code(version)
    own = SUPPORT.path(support(version, code=credited.code))
    for path in (f"/en/support/for-a-law/from/{credited.code}/sent/", own):
        assert f'href="{PAGE}from/{credited.code}/"' in text(client.get(path)), path
    letters.workspace.archived_at = now()
    letters.workspace.save()
    assert PAGE not in text(client.get(own))


def test_who_came_by_a_code_reads_that_it_is_counted(client, made):
    letters = open_letters(made, appeal=open_appeal("kk", "en", made=made).appeal)
    credited = code(letters.appeal.versions.get(), target=letters.uuid, action="letter")
    assert "by the link of an organisation" not in text(client.get(PAGE))
    assert "by the link of an organisation" in text(client.get(f"{PAGE}from/{credited.code}/"))


def test_only_checked_public_facts_in_use_are_offered(client, letters, made):
    author = made.coordinator
    fact = write_down(author)
    letters.facts.set(Fact.objects.all())
    assert "convictions in 20 years" not in text(client.get(PAGE)), "nobody checked it"
    other = seat(workspace=made.workspace, role="coordinator").person
    check_fact(person=other, fact=fact, seen=1, next_check=soon())
    assert "convictions in 20 years" not in text(client.get(PAGE)), "it is not public"
    set_fact_public(person=other, fact=fact, opened=True)
    page = text(client.get(PAGE))
    assert "25 convictions in 20 years (Kazakhstan, 20 years. Internews, 2018." in page
    retire_fact(person=other, fact=fact, why="It is old")
    assert "convictions in 20 years" not in text(client.get(PAGE))


def test_the_state_service_stands_there_with_its_day(client, letters):
    LetterAction.objects.update(
        service_url="https://state.example/appeals",
        service_name={"en": "State appeals"},
        service_needs={"en": "A digital signature."},
        service_checked_on=localdate(now()).replace(2026, 3, 3),
    )
    page = text(client.get(PAGE))
    assert 'href="https://state.example/appeals"' in page
    assert "A digital signature." in page
    assert "Checked on 3 March 2026" in re.sub(r"\s+", " ", page)


def test_who_prints_a_formal_appeal_to_nobody_finds_words_beside_the_button(client, letters):
    [said] = tree(client.get(PAGE)).xpath("//*[@data-formal-nobody]")
    assert said.get("role") == "alert"
    assert (said.get("tabindex"), said.get("hidden")) == ("-1", "")
    assert "nobody is chosen" in said.text_content()
    assert said.xpath(".//a/@href") == ["#whom"]
    assert said.xpath("ancestor::details//button[@data-print-formal]")


def test_blocks_are_the_exact_words_of_paragraphs_and_lists():
    document = {
        "canon": 1, "language": "en", "title": "T", "lead": "", "pictures": {}, "attachments": [],
        "blocks": [
            {"type": "heading", "level": 2, "content": [{"type": "text", "text": "Head", "marks": []}]},
            {"type": "paragraph", "content": [
                {"type": "text", "text": "We ask ", "marks": []},
                {"type": "fact", "id": "x", "words": "25 times", "source": "S", "marks": []},
                {"type": "footnote_ref", "number": 1},
                {"type": "text", "text": "  now = 1 & 2.", "marks": []},
            ]},
            {"type": "list", "ordered": True, "start": 1, "items": [
                [{"type": "paragraph", "content": [{"type": "text", "text": "One", "marks": []}]}],
            ]},
            {"type": "table", "rows": [[{"header": False, "blocks": [
                {"type": "paragraph", "content": [{"type": "text", "text": "Cell", "marks": []}]}]}]]},
            {"type": "quotation", "speaker": "Aru", "role": "", "blocks": [
                {"type": "paragraph", "content": [{"type": "text", "text": "Said", "marks": []}]}]},
            {"type": "footnote", "number": 1, "words": "Note"},
        ],
    }  # fmt: skip
    assert paragraphs_of(document) == ["We ask 25 times  now = 1 & 2.", "One"]
    document["blocks"] = [document["blocks"][1]] * 99
    assert len(paragraphs_of({**document, "blocks": [document["blocks"][0]] * 0})) == 0
    many = [{"type": "paragraph", "content": [{"type": "text", "text": "W", "marks": []}]}] * 99
    assert len(paragraphs_of({**document, "blocks": many})) == MOST_BLOCKS


def test_the_page_is_there_in_three_languages(client, letters):
    for language, title in (("kk", "Депутат"), ("ru", "Депутат"), ("en", "Deputy")):
        with override(language):
            page = tree(client.get(f"/{language}/write/to-deputies/"))
        assert title in page.xpath("string(//*[@data-people])")
        assert len(page.xpath("//link[@rel='alternate'][@hreflang]")) >= 3
