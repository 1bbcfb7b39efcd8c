"""Pages of uses: of the workspace, of the line's organisation, and the answer from the operators' phone."""

import datetime
from uuid import UUID

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from coalition.accounts.models import Listing
from coalition.campaigns.core.sections import section_cards
from coalition.campaigns.helplines.uses.actions import answer_staffing, end_use
from coalition.campaigns.helplines.uses.enums import Staffed, UseFlag
from coalition.campaigns.models import HelplineUse, OperatorLink, StaffingAnswer
from coalition.core.clock import now
from coalition.core.throttling import hash_token
from coalition.workspaces.models import Notification
from tests.campaigns.helplines.uses.builders import FRIDAY, line, member_of, use
from tests.desk import first_page_lacks_nothing
from tests.documents.conftest import room_of_everyone
from tests.factories import FreezeFactory, OrganisationFactory, WorkspaceFactory, seat

pytestmark = pytest.mark.django_db
SENT = {
    "kind": "clip",
    "title": "TV clip, Oral TV",
    "channels": ["phone:150"],
    "starts_on": "2026-03-06",
    "starts_at": "20:00",
    "ends_on": "2026-03-08",
    "note": "Two copies",
}


@pytest.fixture(autouse=True)
def _monday_morning():
    with time_machine.travel("2026-03-02 05:00Z", tick=False):
        yield


@pytest.fixture
def here():
    return room_of_everyone()


@pytest.fixture
def helpline(here):
    return line()


def at(name, here, *more):
    return reverse(f"campaigns:{name}", args=[here.workspace.uuid, *more])


def words(answer):
    return answer.content.decode()


def test_from_choosing_a_line_to_ready_words(here, helpline, client_of):
    client = client_of(here.user("editor"))
    chosen = words(client.get(at("helpline_use_choose", here)))
    assert at("helpline_use_add", here, helpline.uuid) in chosen
    answer = client.post(at("helpline_use_add", here, helpline.uuid), SENT, follow=True)
    made = HelplineUse.objects.get()
    assert (made.starts_at, made.ends_on) == (FRIDAY, datetime.date(2026, 3, 8))
    page = words(answer)
    assert "Friday 6 March 2026, 20:00, Almaty" in page
    for said in ("Сенім желісі\nТелефон: 150\n", "Линия доверия\nТелефон: 150\n", "Trust line\nPhone: 150\n"):
        assert said in page
    assert "senim_chat" not in page  # the clip carries the number alone
    assert "Two copies" in page
    assert made.title in words(client.get(at("helpline_uses", here)))


def test_what_does_not_fit_is_said_at_its_field_and_nothing_typed_is_lost(here, helpline, client_of):
    client = client_of(here.user("editor"))
    url = at("helpline_use_add", here, helpline.uuid)
    for wrong, said in [
        ({"ends_on": "2026-03-05"}, "The last day lies before the first one."),
        ({"starts_on": "2226-03-06", "ends_on": ""}, "Is the year right?"),
        ({"title": "See https://example.org"}, "Write the name only"),
        ({"title": "x" * 121}, "at most 120 characters"),
        ({"channels": ["phone:151"]}, "is not one of the available choices"),
        ({"channels": []}, "This field is required."),
    ]:
        answer = client.post(url, {**SENT, **wrong})
        assert answer.status_code == 422
        assert said in words(answer)
        assert "Two copies" in words(answer)
    assert not HelplineUse.objects.exists()


def test_a_use_is_changed_ended_and_brought_back(here, helpline, client_of):
    made = use(here.access("coordinator"), helpline)
    client = client_of(here.user("editor"))
    form = words(client.get(at("helpline_use_edit", here, made.uuid)))
    assert made.title in form
    client.post(at("helpline_use_edit", here, made.uuid), {**SENT, "title": "Moved"})
    made.refresh_from_db()
    assert made.title == "Moved"
    client.post(at("helpline_use_end", here, made.uuid))
    assert HelplineUse.objects.get().ended_at is not None
    client.post(at("helpline_use_bring_back", here, made.uuid))
    assert HelplineUse.objects.get().ended_at is None


@pytest.mark.parametrize(("role", "status"), [("observer", 403), ("reviewer", 200), ("contributor", 200)])
def test_who_sees_drafts_reads_uses_and_changes_none(here, helpline, client_of, role, status):
    made = use(here.access("editor"), helpline)
    client = client_of(here.user(role))
    for url in (at("helpline_uses", here), at("helpline_use", here, made.uuid)):
        answer = client.get(url)
        assert answer.status_code == status
        assert (made.title in words(answer)) is (status == 200)
    assert client.get(at("helpline_use_choose", here)).status_code == 403
    for name in ("helpline_use_edit", "helpline_use_end", "helpline_use_bring_back"):
        assert client.post(at(name, here, made.uuid), SENT).status_code == 403
    made.refresh_from_db()
    assert (made.title, made.ended_at) == ("TV clip on Friday", None)


def test_another_workspace_sees_nothing_of_it(here, helpline, client_of):
    made = use(here.access("editor"), helpline)
    elsewhere = room_of_everyone()
    client = client_of(elsewhere.user("coordinator"))
    for url in (
        at("helpline_uses", here),
        at("helpline_use", here, made.uuid),
        at("helpline_use", elsewhere, made.uuid),
        at("helpline_use_edit", elsewhere, made.uuid),
        reverse("campaigns:staffing", args=[made.uuid]),
    ):
        answer = client.get(url)
        assert answer.status_code == 404
        assert made.title not in words(answer)
    for url in (at("helpline_uses", elsewhere), reverse("campaigns:staffing_questions")):
        assert made.title not in words(client.get(url))
    assert client.post(at("helpline_use_end", elsewhere, made.uuid)).status_code == 404


def test_the_lines_members_read_the_title_and_nothing_of_the_workspace(here, helpline, client_of):
    here.workspace.title = "Canaryroom"
    here.workspace.save()
    person = seat(organisation=helpline.organisation, workspace=WorkspaceFactory(title="Own room")).person
    made = use(here.access("editor"), helpline, title="Clip for operators", note="Canarynote")
    client = client_of(person)
    for url in (
        reverse("campaigns:staffing_questions"),
        reverse("campaigns:staffing", args=[made.uuid]),
        reverse("workspaces:dashboard"),
        reverse("workspaces:inbox"),
    ):
        page = words(client.get(url))
        assert "Clip for operators" in page
        for secret in ("Canaryroom", "Canarynote", str(here.workspace.uuid)):
            assert secret not in page
    assert client.get(at("helpline_use", here, made.uuid)).status_code == 404


def test_a_planner_whose_name_is_withheld_is_not_named_to_the_lines_members(here, helpline, client_of):
    planner = OrganisationFactory(listing=Listing.CONFIDENTIAL, name_en="Canaryorganisation")
    here.take("editor", name="hidden", organisation=planner)
    made = use(here.access("hidden"), helpline)
    client = client_of(member_of(helpline.organisation))
    for url in (reverse("campaigns:staffing", args=[made.uuid]), reverse("workspaces:dashboard")):
        page = words(client.get(url))
        assert made.title in page
        assert "Canaryorganisation" not in page


def test_a_member_answers_and_changes_the_answer(here, helpline, client_of):
    made = use(here.access("editor"), helpline)
    client = client_of(member_of(helpline.organisation))
    url = reverse("campaigns:staffing", args=[made.uuid])
    client.post(url, {"answer": "yes", "until_on": "2026-03-07", "until_at": "02:00"})
    said = StaffingAnswer.objects.get()
    assert (said.answer, said.organisation) == (Staffed.YES, helpline.organisation)
    assert said.until == datetime.datetime(2026, 3, 6, 21, tzinfo=datetime.UTC)
    assert 'value="02:00"' in words(client.get(url))
    client.post(url, {"answer": "no"})
    assert StaffingAnswer.objects.get().answer == Staffed.NO
    assert "Answered" in words(client.get(reverse("campaigns:staffing_questions")))


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({}, "This field is required."),
        ({"answer": "yes", "until_on": "2026-03-07"}, "Give both day and time, or neither."),
        ({"answer": "yes", "until_on": "2026-03-05", "until_at": "10:00"}, "has to lie after the start"),
    ],
)
def test_half_an_answer_is_said_at_its_field(here, helpline, client_of, sent, said):
    made = use(here.access("editor"), helpline)
    answer = client_of(member_of(helpline.organisation)).post(
        reverse("campaigns:staffing", args=[made.uuid]), sent
    )
    assert answer.status_code == 422
    assert said in words(answer)
    assert not StaffingAnswer.objects.exists()


def test_nobody_answers_for_a_use_that_is_over(here, helpline, client_of):
    made = use(here.access("editor"), helpline)
    end_use(access=here.access("editor"), use=made)
    answer = client_of(member_of(helpline.organisation)).post(
        reverse("campaigns:staffing", args=[made.uuid]), {"answer": "yes"}
    )
    assert answer.status_code == 404
    assert not StaffingAnswer.objects.exists()


class TestOperatorsPhone:
    """One press on the operators' page."""

    TOKEN = "a-token-of-tests"

    @pytest.fixture
    def link(self, helpline):
        return OperatorLink.objects.create(
            helpline=helpline,
            organisation=helpline.organisation,
            token_hash=hash_token(self.TOKEN),
            made_at=now(),
        )

    def press(self, client, made, answer="yes", token=TOKEN):
        return client.post(reverse("operator_staffing", args=[token, made.uuid]), {"answer": answer})

    def test_it_answers_without_naming_anybody(self, here, helpline, link, client):
        made = use(here.access("editor"), helpline)
        answer = self.press(client, made)
        assert (answer.status_code, answer["Location"]) == (302, f"/operator/{self.TOKEN}/")
        assert "no-store" in answer["Cache-Control"]
        assert StaffingAnswer.objects.get().answer == Staffed.YES
        assert Notification.objects.filter(person=here.user("editor"), kind="staffing_confirmed").exists()

    def test_its_page_asks_and_has_both_buttons(self, here, helpline, link, client):
        made = use(here.access("editor"), helpline, note="Canarynote")
        page = words(client.get(reverse("operator", args=[self.TOKEN])))
        assert made.title in page
        assert reverse("operator_staffing", args=[self.TOKEN, made.uuid]) in page
        for secret in ("Canarynote", here.workspace.title, here.user("editor").name):
            assert secret not in page
        self.press(client, made)
        page = words(client.get(reverse("operator", args=[self.TOKEN])))
        assert reverse("operator_staffing", args=[self.TOKEN, made.uuid]) not in page

    def test_what_is_neither_yes_nor_no_changes_nothing(self, here, helpline, link, client):
        made = use(here.access("editor"), helpline)
        self.press(client, made, answer="perhaps")
        assert not StaffingAnswer.objects.exists()

    def test_another_lines_use_is_not_there(self, here, link, client):
        made = use(here.access("editor"), line())
        assert self.press(client, made).status_code == 404
        assert not StaffingAnswer.objects.exists()

    def test_a_link_that_ended_or_never_was_opens_nothing(self, here, helpline, link, client):
        made = use(here.access("editor"), helpline)
        assert self.press(client, made, token="another").status_code == 404
        link.ended_at = now()
        link.save()
        assert self.press(client, made).status_code == 404

    def test_a_frozen_organisations_link_opens_nothing(self, here, helpline, link, client):
        made = use(here.access("editor"), helpline)
        FreezeFactory(organisation=helpline.organisation, frozen_at=now())
        assert self.press(client, made).status_code == 404

    def test_looking_at_the_address_answers_nothing(self, here, helpline, link, client):
        made = use(here.access("editor"), helpline)
        assert client.get(reverse("operator_staffing", args=[self.TOKEN, made.uuid])).status_code == 405
        assert not StaffingAnswer.objects.exists()


@pytest.mark.parametrize("page", ["workspace", "questions", "dashboard of planner", "dashboard of line"])
def test_three_uses_cost_as_many_queries_as_one(here, helpline, client_of, page):
    asked = member_of(helpline.organisation)
    person, url = {
        "workspace": (here.user("editor"), at("helpline_uses", here)),
        "questions": (asked, reverse("campaigns:staffing_questions")),
        "dashboard of planner": (here.user("editor"), reverse("workspaces:dashboard")),
        "dashboard of line": (asked, reverse("workspaces:dashboard")),
    }[page]
    client, counts = client_of(person), []
    client.get(url)
    for number in range(3):
        made = use(here.access("editor"), helpline, title=f"Use {number}")
        if page == "dashboard of planner":
            answer_staffing(person=asked, use=made, answer=Staffed.NO)
        Notification.objects.all().delete()
        client.get(url)
        with CaptureQueriesContext(connection) as queries:
            shown = words(client.get(url))
        assert f"Use {number}" in shown
        counts.append(len(queries))
    assert counts[0] == counts[2]


def test_the_section_of_the_campaign_page_says_how_many_are_flagged(here, helpline):
    def summary():
        (card,) = [one for one in section_cards(here.access("editor")) if one.name == "helpline_uses"]
        return card.summary

    assert summary().next_step
    made = use(here.access("editor"), helpline)
    assert (summary().text, summary().needs_attention) == ("1 use of a number.", False)
    answer_staffing(person=member_of(helpline.organisation), use=made, answer=Staffed.NO)
    assert summary().needs_attention
    assert "1 of them has to be looked at." in summary().text


def test_flags_are_said_on_the_page_of_the_use_and_in_the_list(here, helpline, client_of):
    made = use(here.access("editor"), helpline)
    helpline.retired_at = now()
    helpline.save()
    client = client_of(here.user("reviewer"))
    for url in (at("helpline_uses", here), at("helpline_use", here, made.uuid)):
        assert str(UseFlag.RETIRED.label) in words(client.get(url))


def test_the_first_page_lacks_nothing_where_sources_are_asked_before(here, helpline):
    made = use(here.access("editor"), helpline)
    answer_staffing(person=member_of(helpline.organisation), use=made, answer=Staffed.NO)
    for person in (here.user("editor"), here.user("observer"), member_of(helpline.organisation)):
        assert first_page_lacks_nothing(person)


def test_an_unknown_use_is_not_there(here, client_of):
    assert client_of(here.user("editor")).get(at("helpline_use", here, UUID(int=1))).status_code == 404
