"""The register at the desk, through the pages."""

import datetime

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from coalition.accounts.models import Listing
from coalition.campaigns.helplines.actions.entries import stamp_of
from coalition.campaigns.helplines.enums import EntryState
from coalition.campaigns.helplines.models import Helpline, HelplineEntry
from coalition.campaigns.helplines.queries import OPEN_STATES, public_helplines
from coalition.core.localized_text import LocalizedText
from tests.campaigns.factories import HelplineEntryFactory
from tests.campaigns.helplines.register import Register, filled, sent_by
from tests.factories import MembershipFactory

pytestmark = pytest.mark.django_db
LIST = reverse("campaigns:helplines")
ADD = reverse("campaigns:helpline_add")
ACTS = ("publish", "send_back", "discard", "check", "retire")


@pytest.fixture
def register():
    return Register()


@pytest.fixture
def author(register, client_of):
    return client_of(register.author)


@pytest.fixture
def reviewer(register, client_of):
    return client_of(register.reviewer)


def words(answer):
    return answer.content.decode()


def at(name, helpline):
    return reverse(f"campaigns:{name}", args=[helpline.uuid])


def in_work(entry):
    """The draft or proposal of the same line."""
    return entry.helpline.entries.get(state__in=OPEN_STATES)


def test_a_line_goes_from_the_form_to_the_public_page(author, reviewer, client):
    answer = author.post(ADD, filled())
    helpline = Helpline.objects.get()
    assert answer.url == at("helpline", helpline)
    entry = helpline.entries.get()
    assert entry.channels == [
        {"kind": "phone", "value": "150", "note": {}},
        {"kind": "whatsapp", "value": "+7 701 123 45 67", "note": {"ru": "только сообщения"}},
    ]
    assert entry.hours == [{"weekday": 0, "opens": "20:00", "closes": "08:00"}]
    assert "150" not in words(client.get("/kk/help/"))
    page = words(reviewer.get(at("helpline", helpline)))
    sent = {"seen": stamp_of(entry), "no_shelter": "on"}
    assert sent["seen"] in page
    reviewer.post(at("helpline_publish", helpline), sent)
    assert 'href="tel:150"' in words(client.get("/kk/help/"))


def test_people_without_an_organisation_find_nothing(client, client_of, register):
    helpline = register.published().helpline
    pages = [LIST, ADD, at("helpline", helpline), at("helpline_edit", helpline)]
    for address in pages:
        assert client.get(address).status_code == 302
    former = MembershipFactory(organisation=register.centre, ended_at=timezone.now()).person
    someone = client_of(former)
    for address in (LIST, at("helpline", helpline), at("helpline_edit", helpline)):
        assert "Trust line" not in words(someone.get(address, follow=True))
    for name in ACTS:
        someone.post(at(f"helpline_{name}", helpline), {"seen": "x", "note": "x"})
    assert [one.pk for one in public_helplines()] == [helpline.entries.get().pk]


def test_members_of_other_organisations_read_and_do_not_write(reviewer, register):
    helpline = register.published().helpline
    page = words(reviewer.get(at("helpline", helpline)))
    assert "Trust line" in page
    assert at("helpline_edit", helpline) not in page
    assert at("helpline_retire", helpline) not in page
    assert reviewer.get(at("helpline_edit", helpline)).status_code == 403
    sent = {"entry": str(register.centre.uuid), "seen": ""}
    assert reviewer.post(at("helpline_check", helpline), sent).status_code == 403
    assert reviewer.post(at("helpline_retire", helpline), sent).status_code == 403


def test_the_form_of_a_line_sends_back_what_is_there(author, register):
    """Opened and sent untouched, nothing of an entry is lost."""
    published = register.published(
        channels=[{"kind": "whatsapp", "value": "+7 701 123 45 67", "note": {"kk": "тек хабарлама"}}],
        special_days=[{"date": f"{timezone.localdate().year + 1}-03-22", "opens": "", "closes": ""}],
        regions=["KZ-75", "KZ-79"],
        licence_until=timezone.localdate() + datetime.timedelta(days=400),
    )
    address = at("helpline_edit", published.helpline)
    sent = sent_by(words(author.get(address)))
    assert author.post(address, {**sent, "draft": "1"}).status_code == 302
    draft = published.helpline.entries.get(state=EntryState.DRAFT)
    page = words(author.get(at("helpline", published.helpline)))
    assert "It says exactly what is published." in page
    assert (draft.channels, draft.special_days) == (published.channels, published.special_days)


def test_words_of_a_colleague_are_shown_and_the_second_press_succeeds(author, client_of, register):
    published = register.published()
    address = at("helpline_edit", published.helpline)
    colleague = client_of(register.member(register.centre))
    mine, theirs = (sent_by(words(client.get(address))) for client in (author, colleague))
    sent = {**theirs, "summary_en": "Words of a colleague", "cost": "local", "draft": "1"}
    assert colleague.post(address, sent).status_code == 302
    refused = author.post(address, {**mine, "name_en": "My name", "draft": "1"})
    assert refused.status_code == 422
    page = words(refused)
    assert "Somebody changed this entry meanwhile" in page
    changes = {change.label: (change.before, change.after) for change in refused.context["saved"]["changes"]}
    assert changes == {
        "Name (English)": ("Trust line", "My name"),
        "For whom, and for what (English)": ("Words of a colleague", ""),
        "Cost": ("As a local call", "Free of charge"),
    }
    assert "Words of a colleague" in page
    assert sent_by(page) == {**mine, "name_en": ["My name"], "seen": [stamp_of(in_work(published))]}
    assert author.post(address, {**sent_by(page), "draft": "1"}).status_code == 302
    draft = in_work(published)
    assert (draft.name["en"], draft.summary) == ("My name", LocalizedText())


def test_whoever_saves_between_the_two_presses_is_shown_too(author, client_of, register):
    published = register.published()
    address = at("helpline_edit", published.helpline)
    mine = {**sent_by(words(author.get(address))), "draft": "1"}
    first = register.change(published, summary=LocalizedText({"en": "The first"}), proposes=False)
    page = words(author.post(address, mine))
    register.change(
        published, seen=stamp_of(first), summary=LocalizedText({"en": "The second"}), proposes=False
    )
    again = author.post(address, {**sent_by(page), "draft": "1"})
    assert again.status_code == 422
    assert "The second" in words(again)
    assert author.post(address, {**sent_by(words(again)), "draft": "1"}).status_code == 302


def test_an_entry_published_meanwhile_is_shown_and_changed_by_the_second_press(author, reviewer, register):
    entry = register.proposed()
    address = at("helpline_edit", entry.helpline)
    mine = sent_by(words(author.get(address)))
    sent = {"seen": stamp_of(entry), "no_shelter": "on"}
    assert reviewer.post(at("helpline_publish", entry.helpline), sent).status_code == 302
    refused = author.post(address, {**mine, "name_en": "My name", "propose": "1"})
    page = words(refused)
    assert "Somebody changed this entry meanwhile" in page
    assert "What is published stays as it is" in page
    assert [change.label for change in refused.context["saved"]["changes"]] == ["Name (English)"]
    assert author.post(address, {**sent_by(page), "propose": "1"}).status_code == 302
    assert in_work(entry).name["en"] == "My name"
    entry.refresh_from_db()
    assert (entry.state, entry.name["en"]) == (EntryState.PUBLISHED, "Trust line")


def test_who_wrote_the_same_meanwhile_is_said_to_have(author, register):
    """What is left empty when it is saved counts for no difference."""
    published = register.published()
    address = at("helpline_edit", published.helpline)
    mine = sent_by(words(author.get(address)))
    register.change(published, is_round_the_clock=True, hours=[], proposes=False)
    refused = author.post(
        address, {**mine, "is_round_the_clock": "on", "operator_en": "Nobody else", "draft": "1"}
    )
    assert refused.context["saved"]["changes"] == []
    assert "It says exactly what you wrote." in words(refused)


def test_a_draft_that_changed_is_not_discarded_unread(author, register):
    published = register.published()
    seen = stamp_of(register.change(published, proposes=False))
    changed = register.change(published, seen=seen, name=LocalizedText({"en": "Other"}), proposes=False)
    answer = author.post(at("helpline_discard", published.helpline), {"seen": seen}, follow=True)
    assert "This entry has changed since you opened it." in words(answer)
    assert "what you wrote" not in words(answer)
    answer = author.post(at("helpline_discard", published.helpline), {"seen": stamp_of(changed)}, follow=True)
    assert "The draft is discarded." in words(answer)


BAD = [
    ({"channel-0-value": "15o"}, "There are letters in this number."),
    ({"channel-0-value": "", "channel-1-value": "", "channel-1-note_ru": ""}, "Give at least one way"),
    ({"channel-1-kind": "phone", "channel-1-value": "150"}, "is there twice"),
    ({"channel-1-value": "701"}, "with its country"),
    ({"morning_closes_0": ""}, "Give both times"),
    ({"morning_closes_0": "20:00"}, "It closes when it opens."),
    ({"morning_closes_0": "25:00"}, "Enter a valid time."),
    ({"morning_opens_0": "", "morning_closes_0": ""}, "Give the hours of at least one day"),
    ({"evening_opens_0": "10:00", "evening_closes_0": "12:00"}, "begins before the first ends"),
    ({"special-0-date": "2020-01-01"}, "This day is past."),
    ({"special-0-opens": "10:00", "special-0-closes": "12:00"}, "Say on which day it differs."),
    ({"licence_until": "2020-01-01"}, "This day is past"),
    ({"name_kk": "", "name_en": ""}, "Write it in one language at least."),
    ({"name_en": "x" * 5000}, "at most 120 characters"),
    ({"passed_to_police_kk": ""}, "Write it in one language at least."),
    ({"languages": []}, "Say at least one language"),
    ({"languages": ["kk", "xx"]}, "Select a valid choice."),
    ({"regions": ["KZ-99"]}, "Select a valid choice."),
    ({"run_by": "state"}, "Say who runs it."),
    ({"is_recorded": ""}, "This field is required."),
    ({"has_called": ""}, "Call the line first"),
    ({"channel-TOTAL_FORMS": "x"}, "There are mistakes to put right"),
]


@pytest.mark.parametrize(("wrong", "told"), BAD)
def test_a_mistake_is_told_and_nothing_typed_is_lost(author, wrong, told):
    answer = author.post(ADD, filled(summary_ru="Для всех, кому страшно", **wrong))
    assert answer.status_code == 422
    page = words(answer)
    assert told in page
    assert "Для всех, кому страшно" in page
    assert not Helpline.objects.exists()


def test_every_mistake_is_told_at_once(author):
    page = words(
        author.post(
            ADD, filled(name_kk="", name_en="", **{"channel-0-value": "abc", "special-0-date": "2020-01-01"})
        )
    )
    assert "Write it in one language" in page
    assert "There are letters" in page
    assert "This day is past." in page


def test_another_row_is_given_and_nothing_typed_is_lost(author):
    answer = author.post(ADD, filled(add="channel", **{"channel-0-value": "15o"}))
    page = words(answer)
    assert answer.status_code == 200
    assert 'name="channel-2-value"' in page
    assert 'value="15o"' in page
    assert not Helpline.objects.exists()


def test_a_member_of_two_organisations_says_for_which(client_of, register):
    person = register.author
    second = MembershipFactory(person=person).organisation
    stranger = register.others
    client = client_of(person)
    assert client.post(ADD, filled()).status_code == 422
    assert client.post(ADD, filled(organisation=str(stranger.uuid))).status_code == 422
    client.post(ADD, filled(organisation=str(second.uuid)))
    assert Helpline.objects.get().organisation == second


def test_a_line_sent_back_shows_the_note_to_its_organisation(author, reviewer, register):
    entry = register.proposed()
    address = at("helpline_send_back", entry.helpline)
    empty = reviewer.post(address, {"seen": stamp_of(entry), "note": ""})
    assert empty.status_code == 422
    reviewer.post(address, {"seen": stamp_of(entry), "note": "Which hours on holidays?"})
    assert "Which hours on holidays?" in words(author.get(at("helpline", entry.helpline)))
    assert "Which hours on holidays?" in words(author.get(at("helpline_edit", entry.helpline)))


def test_one_press_checks_and_another_undoes(author, register):
    with time_machine.travel(timezone.now() - datetime.timedelta(days=40)):
        published = register.published()
    helpline = published.helpline
    assert "hidden in 50 days" in words(author.get(LIST))
    author.post(at("helpline_check", helpline), {"entry": str(published.uuid)})
    assert "checked today" in words(author.get(LIST))
    author.post(at("helpline_check", helpline), {"undo": "1"})
    assert "checked 40 days ago" in words(author.get(LIST))
    assert author.post(at("helpline_check", helpline), {"entry": "none"}).status_code == 404


def test_the_list_says_how_each_line_stands(author, register):
    today = timezone.localdate()
    own = HelplineEntryFactory(
        helpline__organisation=register.centre, licence_until=today + datetime.timedelta(days=10)
    )
    HelplineEntryFactory(licence_until=today - datetime.timedelta(days=1))
    HelplineEntryFactory(helpline__checked_on=today - datetime.timedelta(days=100))
    HelplineEntryFactory(state=EntryState.PROPOSED, helpline__checked_on=None)
    HelplineEntryFactory(helpline__retired_at=timezone.now(), name={"en": "Gone line"})
    page = words(author.get(LIST))
    for told in (
        "licence ends in 10 days",
        "licence ended",
        "checked 100 days ago",
        "hidden from the public",
        "Waits for review",
    ):
        assert told in page
    assert page.index("Your organisation answers for") < page.index(str(own.helpline.uuid))
    assert page.index(str(own.helpline.uuid)) < page.index("Other organisations answer for")
    assert "Gone line" not in page
    assert "Gone line" in words(author.get(f"{LIST}?retired=1"))


def test_a_draft_is_its_organisations_own_until_it_is_proposed(author, reviewer, register):
    published = register.published()
    draft = register.change(published, name=LocalizedText({"en": "Draft words"}), proposes=False)
    address = at("helpline", published.helpline)
    assert "Draft words" in words(author.get(address))
    for page in (LIST, address):
        told = words(reviewer.get(page))
        assert "Trust line" in told
        assert "Draft words" not in told
        assert stamp_of(draft) not in told
    register.change(published, seen=stamp_of(draft), name=LocalizedText({"en": "Draft words"}), proposes=True)
    assert "Draft words" in words(reviewer.get(address))


def test_a_line_that_is_only_drafted_does_not_exist_for_others(author, reviewer, register):
    entry = HelplineEntryFactory(
        helpline__organisation=register.centre, state=EntryState.DRAFT, name={"en": "Plan of a line"}
    )
    assert "Plan of a line" in words(author.get(LIST))
    assert "Plan of a line" not in words(reviewer.get(LIST))
    assert reviewer.get(at("helpline", entry.helpline)).status_code == 404


def test_a_confidential_organisation_is_not_named_to_other_members(reviewer, register):
    register.centre.listing = Listing.CONFIDENTIAL
    register.centre.save()
    helpline = register.published().helpline
    for address in (LIST, at("helpline", helpline)):
        page = words(reviewer.get(address))
        assert register.centre.name_en not in page
        assert register.author.name not in page
        assert register.centre.code in page


def test_the_list_costs_the_same_for_one_line_and_for_three(author, register):
    def cost():
        with CaptureQueriesContext(
            connection,
        ) as queries:
            author.get(LIST)
        return len(queries)

    HelplineEntryFactory(helpline__organisation=register.centre)
    cost()
    one = cost()
    HelplineEntryFactory(helpline__organisation=register.centre)
    HelplineEntryFactory(state=EntryState.PROPOSED)
    assert cost() == one


def test_what_waits_stands_on_the_desk(author, reviewer, register):
    desk = reverse("workspaces:dashboard")
    entry = register.proposed()
    assert "1 helpline waits for a second organisation" in words(reviewer.get(desk))
    assert "waits for a second organisation" not in words(author.get(desk))
    reviewer.post(at("helpline_send_back", entry.helpline), {"seen": stamp_of(entry), "note": "No"})
    assert "1 helpline came back from review" in words(author.get(desk))
    Helpline.objects.update(checked_on=timezone.localdate() - datetime.timedelta(days=31))
    HelplineEntry.objects.update(state=EntryState.PUBLISHED)
    assert "has to be called" in words(author.get(desk))
    assert "has to be called" not in words(reviewer.get(desk))


def test_the_rail_leads_members_there(author, client_of):
    assert f'href="{LIST}"' in words(author.get(reverse("workspaces:dashboard")))
