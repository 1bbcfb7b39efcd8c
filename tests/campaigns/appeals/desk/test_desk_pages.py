"""The pages of an appeal at the desk: who gets in, what is said, and what they cost."""

import datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import localdate

from coalition.accounts.models import MembershipRole
from coalition.campaigns.appeals.actions.hand_over import make_hand_over
from coalition.campaigns.appeals.actions.manage import close_appeal
from coalition.campaigns.appeals.planner.actions import put_into_calendar, set_pledge, start_plan
from coalition.campaigns.models import Appeal, AppealVersion, ContactConsent, HandOver, SupportTotal
from coalition.core.clock import now
from coalition.roles import SeatRole
from documents.drafts.models import TextKind
from events.core.models import Event
from tests.campaigns.appeals.desk.conftest import publish_text
from tests.campaigns.appeals.test_counting import code
from tests.conftest import sign_in
from tests.factories import OrganisationFactory, seat

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_pages")]
PAGES = [
    "appeal",
    "appeal_versions",
    "appeal_official",
    "appeal_petition",
    "appeal_holds",
    "appeal_contacts",
    "appeal_hand_overs",
]
LEADING = ["appeal_settings", "appeal_open"]


def at(name: str, *args: object) -> str:
    return reverse(f"campaigns:{name}", args=args)


def queries_of(browser: Client, address: str) -> int:
    """How many queries the page costs, once caches are warm."""
    browser.get(address)
    with CaptureQueriesContext(connection) as found:
        assert browser.get(address).status_code == 200
    return len(found)


def tomorrow() -> str:
    return str(localdate(now()) + datetime.timedelta(days=1))


@pytest.fixture
def browser(desk, client):
    """Signed in as the coordinator."""
    return sign_in(client, desk.made.coordinator)


def test_every_page_opens_for_who_sees_drafts_and_for_nobody_else(desk, client_of):
    reviewer = client_of(desk.seated(SeatRole.REVIEWER))
    outsider = client_of(seat(role=SeatRole.COORDINATOR).person)
    observer = client_of(desk.seated(SeatRole.OBSERVER))
    addresses = [at(name, desk.appeal.uuid) for name in PAGES]
    assert [reviewer.get(one).status_code for one in addresses] == [200] * len(PAGES)
    assert [reviewer.get(at(name, desk.appeal.uuid)).status_code for name in LEADING] == [403, 403]
    for browser in (outsider, observer):
        assert {browser.get(one).status_code for one in addresses} == {404}


def test_an_appeal_is_prepared_from_a_published_text(made, client):
    sign_in(client, made.coordinator)
    new = at("appeal_new", made.workspace.uuid)
    assert "No text can be supported yet" in client.get(new).content.decode()
    publication = made.publish()
    table = publish_text(made, TextKind.COMPARATIVE_TABLE, "Old and new.")
    given = {"publication": publication.uuid, "table": table.uuid, "slug": "for-a-law", "goal": "5000"}
    answer = client.post(new, {**given, "closes_on": tomorrow()})
    version = AppealVersion.objects.select_related("appeal").get()
    assert answer.status_code == 302
    assert (version.publication, version.table) == (publication, table)
    assert (version.appeal.slug, version.appeal.goal) == ("for-a-law", 5000)
    page = client.get(answer.url).content.decode()
    assert "Nobody sees it yet" in page


def test_what_was_typed_wrongly_stays_with_the_error_beside_it(made, client):
    sign_in(client, made.coordinator)
    publication = made.publish()
    given = {"publication": publication.uuid, "slug": "bad address!", "goal": "-3", "closes_on": "2020-01-01"}
    answer = client.post(at("appeal_new", made.workspace.uuid), given)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="bad address!"' in page
    assert 'value="2020-01-01"' in page
    assert 'id="id_goal_error"' in page
    assert not Appeal.objects.exists()


def test_opening_is_loud_and_asks_who_one_is(desk, client):
    close_appeal(access=desk.access, appeal=desk.appeal)
    address = at("appeal_open", desk.appeal.uuid)
    sign_in(client, desk.made.coordinator, ago=10_000)
    assert "Open it again" in client.get(address).content.decode()
    assert "reauthenticate" in client.post(address).url
    sign_in(client, desk.made.coordinator)
    assert client.post(address, follow=True).status_code == 200
    desk.appeal.refresh_from_db()
    assert desk.appeal.closed_at is None


def test_coordinators_read_exact_numbers_and_others_none_below_ten(desk, client_of):
    for region, count in (("KZ-75", 60), ("KZ-71", 45), ("KZ-10", 23), ("KZ-62", 3)):
        SupportTotal.objects.create(version=desk.version, region=region, language="kk", count=count)
    address = at("appeal", desk.appeal.uuid)
    exact = client_of(desk.made.coordinator).get(address).context
    shown = client_of(desk.seated(SeatRole.EDITOR)).get(address).context
    assert [row.count for row in exact["regions"]] == [60, 45, 23, 3]
    assert (exact["total"], shown["total"]) == (131, 131)
    assert [row.count for row in shown["regions"]] == [60, 40, 20]
    assert [row.count for row in shown["languages"]] == [130]
    assert (shown["days"], shown["mails"]) == ([], [])


def test_a_code_for_one_person_does_not_tell_coordinators_whether_they_support(desk, client_of):
    for letters, count in (("ABCD2345", 1), ("EFGH2345", 39)):
        made = code(desk.version, code=letters, label=letters)
        SupportTotal.objects.create(
            version=desk.version, region="KZ-75", language="kk", referral=made, count=count
        )
    rows = client_of(desk.made.coordinator).get(at("appeal", desk.appeal.uuid)).context["referrals"]
    assert [row.count for row in rows] == [30]


def test_withdrawn_words_are_told_on_the_page(desk, browser):
    publication = desk.version.publication
    publication.state, publication.withdrawn_at = "withdrawn", now()
    publication.save()
    assert (
        "The text of this appeal was withdrawn"
        in browser.get(at("appeal", desk.appeal.uuid)).content.decode()
    )


def test_a_new_version_says_that_nobody_is_carried_over(desk, made, browser):
    second = publish_text(made, TextKind.APPEAL, "Other words.")
    address = at("appeal_versions", desk.appeal.uuid)
    assert "Nobody is carried over" in browser.get(address).content.decode()
    browser.post(address, {"publication": second.uuid, "table": ""})
    assert [one.number for one in desk.appeal.versions.all()] == [2, 1]


def test_the_official_count_is_typed_in_with_its_day(desk, browser):
    address = at("appeal_official", desk.appeal.uuid)
    given = {"number": "77", "url": "https://epetition.kz/77", "count": "1200"}
    wrong = browser.post(address, {**given, "as_of": ""})
    assert wrong.status_code == 422
    assert "on which day" in wrong.content.decode()
    assert browser.post(address, {**given, "as_of": "2026-11-01"}).status_code == 302
    assert "1 November 2026" in browser.get(address).content.decode()


def test_a_vote_on_a_hold_is_noted_and_the_second_decides(desk, client_of):
    hold = desk.hold(rows=4)
    address, decide = (
        at(name, desk.appeal.uuid, hold.uuid) for name in ("appeal_hold", "appeal_hold_decide")
    )
    first, second = client_of(desk.made.coordinator), client_of(desk.seated(SeatRole.EDITOR))
    assert 'name="rows" value="4"' in first.get(address).content.decode()
    vote = {"releases": "yes", "rows": "4"}
    page = first.post(decide, vote, follow=True).content.decode()
    assert "Your vote is noted" in page
    assert "Your organisation voted to count them" in page
    assert "are counted now" in second.post(decide, vote, follow=True).content.decode()
    assert first.get(address).status_code == 200


@pytest.mark.parametrize("shown", ["3", "", "x", "9" * 5000, "٣"])
def test_a_vote_is_about_the_rows_that_were_shown(desk, client_of, shown):
    hold = desk.hold(rows=4)
    decide = at("appeal_hold_decide", desk.appeal.uuid, hold.uuid)
    vote = {"releases": "yes", "rows": shown}
    page = client_of(desk.made.coordinator).post(decide, vote, follow=True).content.decode()
    assert "More rows came while you looked" in page
    assert not hold.decisions.exists()


def test_no_address_is_on_the_page_of_a_hold(desk, client_of):
    hold = desk.hold(rows=5)
    page = (
        client_of(desk.made.coordinator).get(at("appeal_hold", desk.appeal.uuid, hold.uuid)).content.decode()
    )
    assert "••••0@…" in page
    assert "held0" not in page
    assert "tests.example" not in page


def test_addresses_leave_as_a_harmless_table_after_asking_who_one_is(desk, client_of):
    organisation = OrganisationFactory()
    person = desk.seated(
        SeatRole.REVIEWER, membership=MembershipRole.REPRESENTATIVE, organisation=organisation
    )
    for address in ("=cmd@tests.example", "+plain@tests.example", "a@tests.example"):
        row = desk.support(address=address, language="kk")
        ContactConsent.objects.create(support=row, organisation=organisation, words="x", day=localdate(now()))
    address = at("appeal_contact_addresses", desk.appeal.uuid)
    assert "reauthenticate" in client_of(person, ago=10_000).post(address).url
    browser = client_of(person)
    assert browser.get(address).status_code == 302
    answer = browser.post(address)
    assert answer["Cache-Control"] == "no-store, private"
    assert answer.content.decode("utf-8-sig").splitlines() == [
        '"E-mail","Language"',
        '"\'+plain@tests.example","kk"',
        '"\'=cmd@tests.example","kk"',
        '"a@tests.example","kk"',
    ]


def test_how_many_contacts_another_organisation_has_stands_nowhere(desk, client_of):
    organisation = OrganisationFactory()
    for number in range(12):
        row = desk.support(address=f"canary{number}@tests.example")
        ContactConsent.objects.create(support=row, organisation=organisation, words="x", day=localdate(now()))
    context = client_of(desk.made.coordinator).get(at("appeal_contacts", desk.appeal.uuid)).context
    assert context["own_count"] == 0
    member = desk.seated(SeatRole.EDITOR, organisation=organisation)
    assert client_of(member).get(at("appeal_contacts", desk.appeal.uuid)).context["own_count"] is None
    assert client_of(member).post(at("appeal_contact_addresses", desk.appeal.uuid)).status_code == 403


def test_the_plan_is_begun_and_changed_by_a_form(desk, browser):
    address = at("appeal_petition", desk.appeal.uuid)
    assert browser.post(address, {"files_on": "2020-01-01"}).status_code == 422
    browser.post(address, {"files_on": "2027-03-15"})
    plan = desk.appeal.petition_plan
    first, *others = plan.steps.all()
    rows = [(first.uuid, "Checked twice", -25, ""), ("", "Thank everybody", 3, "")]
    given = {"files_on": "2027-03-16", "needed": "60", "steps-TOTAL_FORMS": "3", "steps-INITIAL_FORMS": "1"}
    for number, (uuid, name, days, remove) in enumerate([*rows, ("", "", "", "")]):
        given |= {
            f"steps-{number}-step": uuid,
            f"steps-{number}-name": name,
            f"steps-{number}-working_days": days,
            f"steps-{number}-remove": remove,
        }
    half = browser.post(address, {**given, "steps-2-name": "Without days"})
    assert half.status_code == 422
    assert "Without days" in half.content.decode()
    assert browser.post(address, given).status_code == 302
    plan.refresh_from_db()
    assert plan.needed == 60
    assert [(one.name, one.working_days) for one in plan.steps.all()] == [
        ("Checked twice", -25),
        ("Thank everybody", 3),
    ]
    assert len(others) == 4


def test_numbers_and_calendar_of_the_plan_are_set_by_a_press(desk, browser):
    start_plan(access=desk.access, appeal=desk.appeal, files_on=datetime.date(2027, 3, 15))
    organisation = desk.access.organisation
    address = at("appeal_petition_pledge", desk.appeal.uuid, organisation.uuid)
    browser.post(address, {"promised": "12", "found": "7"})
    assert "whole numbers" in browser.post(address, {"promised": "x"}, follow=True).content.decode()
    calendar = at("appeal_petition_calendar", desk.appeal.uuid)
    page = browser.post(calendar, follow=True).content.decode()
    assert "7 of 50 found" in page
    assert Event.objects.filter(kind="deadline").count() == 5
    browser.post(calendar, {"act": "end"})
    assert set(Event.objects.values_list("state", flat=True)) == {"cancelled"}


def test_a_hand_over_goes_through_all_its_steps(desk, browser):
    desk.support(name="Canary Aizhan", in_hand_over=True)
    SupportTotal.objects.create(version=desk.version, region="KZ-75", language="kk", count=1)
    made = browser.post(at("appeal_hand_overs", desk.appeal.uuid), {"language": "kk"})
    row = HandOver.objects.get()
    one = (desk.appeal.uuid, row.uuid)
    assert "Canary Aizhan" not in browser.get(made.url).content.decode()
    assert "may not be handed over now" not in browser.get(made.url).content.decode()
    taken = browser.post(at("appeal_hand_over_pdf", *one))
    assert taken.content.startswith(b"%PDF")
    delivered = at("appeal_hand_over_delivered", *one)
    today = str(localdate(now()))
    assert browser.post(delivered, {"delivery-delivered_on": today}).status_code == 422
    given = {"delivery-delivered_on": today, "delivery-recipient_kk": "Құрылтай"}
    assert browser.post(delivered, given).status_code == 302
    browser.post(at("appeal_hand_over_receipt", *one), {"receipt-words_kk": "№ 12"})
    browser.post(
        at("appeal_hand_over_answer", *one), {"answer-words_en": "We read it.", "answer-answered_on": today}
    )
    browser.post(at("appeal_hand_over_publish", *one))
    row.refresh_from_db()
    assert (row.recipient["kk"], row.receipt["kk"], row.answer["en"]) == ("Құрылтай", "№ 12", "We read it.")
    assert row.published_at is not None
    browser.post(at("appeal_hand_over_publish", *one), {"act": "end"})
    row.refresh_from_db()
    assert row.published_at is None


@pytest.mark.parametrize("kind", ["pdf", "csv"])
def test_files_with_names_are_for_coordinators_who_proved_who_they_are(desk, client_of, kind):
    SupportTotal.objects.create(version=desk.version, region="KZ-75", language="kk", count=1)
    row = make_hand_over(access=desk.access, appeal=desk.appeal, language="kk")
    address = at(f"appeal_hand_over_{kind}", desk.appeal.uuid, row.uuid)
    assert client_of(desk.seated(SeatRole.EDITOR)).post(address).status_code == 403
    assert "reauthenticate" in client_of(desk.made.coordinator, ago=10_000).post(address).url
    answer = client_of(desk.made.coordinator).post(address)
    assert (answer.status_code, answer["Cache-Control"]) == (200, "no-store, private")


@pytest.mark.parametrize("name", PAGES)
def test_pages_cost_the_same_with_one_and_with_three(desk, browser, name):
    """Versions, holds with votes, offers, hand-overs, codes, pledges."""

    def more() -> None:
        person = desk.seated(SeatRole.EDITOR, membership=MembershipRole.REPRESENTATIVE)
        access = desk.access_of(person)
        hold = desk.hold(rows=2)
        hold.decisions.create(person=person, organisation=access.organisation, releases=True, at=now())
        desk.appeal.contact_offers.create(organisation=access.organisation, offered_at=now())
        set_pledge(access=desk.access, plan=plan, organisation=access.organisation, promised=2, found=1)
        HandOver.objects.create(
            appeal=desk.appeal,
            version=desk.version,
            language="kk",
            made_at=now(),
            made_by=person,
            organisation=access.organisation,
            count=3,
            names=0,
        )

    plan = start_plan(access=desk.access, appeal=desk.appeal, files_on=datetime.date(2027, 3, 15))
    put_into_calendar(access=desk.access, plan=plan)
    more()
    address = at(name, desk.appeal.uuid)
    before = queries_of(browser, address)
    more()
    more()
    assert queries_of(browser, address) == before


def test_the_list_costs_the_same_with_one_and_with_three(desk, made, browser):
    address = at("appeals", desk.made.workspace.uuid)
    publications = [publish_text(made, TextKind.APPEAL, f"Words {number}.") for number in range(2)]
    before = queries_of(browser, address)
    for number, publication in enumerate(publications):
        appeal = Appeal.objects.create(
            workspace=made.workspace,
            organisation=made.access.organisation,
            slug=f"more-{number}",
            created_at=now(),
        )
        AppealVersion.objects.create(
            appeal=appeal, number=1, publication=publication, hashes={}, made_at=now()
        )
    assert queries_of(browser, address) == before
