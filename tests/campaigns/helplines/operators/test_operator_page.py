"""The operators' page: what a link opens, what it never shows, and how the line stands."""

import datetime
import re

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation
from uuid_utils.compat import uuid7

from coalition.audit.models import AuditEntry
from coalition.campaigns.helplines import mentions
from coalition.campaigns.helplines.enums import Availability
from coalition.campaigns.helplines.figures.queries import counts_of_month, stamp_of_counts
from coalition.campaigns.helplines.health import operator_state
from coalition.campaigns.helplines.operators import views
from coalition.campaigns.helplines.operators.actions import (
    MOST_LINKS,
    end_operator_link,
    make_operator_link,
    set_availability,
)
from coalition.campaigns.helplines.operators.retention import AVAILABILITY_LOG_DAYS, forget_availability
from coalition.campaigns.models import Helpline, HelpMonth, OperatorLink
from coalition.core.errors import Refused
from coalition.core.throttling import hash_token
from coalition.workspaces.permissions import NotAllowed
from tests.campaigns.factories import HelplineEntryFactory
from tests.campaigns.helplines.figures.builders import ABAI, ALMATY, ASTANA, NOW, line, month
from tests.factories import FreezeFactory, MembershipFactory
from tests.markup import squeezed

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock():
    cache.clear()
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def phone():
    """A phone without an account, in English."""
    return Client(headers={"accept-language": "en"})


@pytest.fixture
def helpline():
    return line(regions=[ABAI], languages=["kk", "ru"])


@pytest.fixture
def member(helpline):
    return MembershipFactory(organisation=helpline.organisation).person


@pytest.fixture
def token(helpline, member):
    return make_operator_link(person=member, helpline=helpline, label="Duty phone")[1]


def address(token: str, name: str = "operator") -> str:
    return reverse(name, args=[token])


def state_of(helpline: Helpline) -> tuple[str, datetime.datetime | None]:
    helpline.refresh_from_db()
    return helpline.availability, helpline.available_until


# Links


def test_a_link_is_kept_as_a_hash_and_shown_once(client_of, helpline, member) -> None:
    desk = reverse("campaigns:operator_links", args=[helpline.uuid])
    made = client_of(member).post(desk, {"label": "Duty phone"}).content.decode()
    found = re.search(r"/operator/([\w-]+)/", made)
    assert found
    link = OperatorLink.objects.get()
    assert link.token_hash == hash_token(found[1])
    assert "data:image/png;base64," in made
    again = client_of(member).get(desk).content.decode()
    assert "Duty phone" in again
    assert found[1] not in again


def test_a_link_that_ended_opens_nothing_and_says_so(phone, helpline, member, token) -> None:
    assert phone.get(address(token)).status_code == 200
    end_operator_link(person=member, link=OperatorLink.objects.get())
    for path in (address(token), address(token, "operator_figures"), address("no-such-link")):
        for answer in (phone.get(path), phone.post(path, {"availability": "closed", "total": "5"})):
            assert answer.status_code == 410
            assert "This link opens nothing" in answer.content.decode()
    assert state_of(helpline) == ("", None)
    assert not HelpMonth.objects.exists()


@pytest.mark.parametrize("how", ["frozen", "gone", "retired", "other"])
def test_a_link_is_dead_while_its_line_or_organisation_is(phone, helpline, token, how) -> None:
    organisation = helpline.organisation
    if how == "frozen":
        FreezeFactory(organisation=organisation, frozen_at=timezone.now())
    elif how == "gone":
        organisation.left_at = timezone.now()
        organisation.save()
    elif how == "retired":
        Helpline.objects.update(retired_at=timezone.now())
    else:
        Helpline.objects.update(organisation=MembershipFactory().organisation)
    assert phone.get(address(token)).status_code == 410


def test_links_are_few_and_named_in_one_line(client_of, helpline, member) -> None:
    desk = reverse("campaigns:operator_links", args=[helpline.uuid])
    for wrong in ("A\nB", "A\u202eB", "see https://spam.example", "x" * 81):
        assert client_of(member).post(desk, {"label": wrong}).status_code == 422
    for _each in range(MOST_LINKS):
        make_operator_link(person=member, helpline=helpline)
    answer = client_of(member).post(desk, {"label": "One more"})
    assert answer.status_code == 422
    assert "10 links already" in answer.content.decode()


def test_who_does_not_belong_to_the_organisation_makes_and_ends_no_link(client_of, helpline, token) -> None:
    other, link = MembershipFactory().person, OperatorLink.objects.get()
    with pytest.raises(NotAllowed):
        make_operator_link(person=other, helpline=helpline)
    with pytest.raises(NotAllowed):
        end_operator_link(person=other, link=link)
    with pytest.raises(NotAllowed):
        set_availability(helpline=helpline, availability=Availability.CLOSED, person=other)
    client = client_of(other)
    for name, args in (
        ("operator_links", [helpline.uuid]),
        ("operator_link_end", [helpline.uuid, link.uuid]),
        ("helpline_availability", [helpline.uuid]),
    ):
        answer = client.post(reverse(f"campaigns:{name}", args=args), {"availability": "closed"})
        assert answer.status_code == 403
        assert "Duty phone" not in answer.content.decode()
    link.refresh_from_db()
    assert link.ended_at is None
    assert state_of(helpline) == ("", None)


# How the line stands


@pytest.mark.parametrize("said", ["overloaded", "closed"])
def test_overloaded_and_closed_end_after_four_hours(phone, helpline, token, said, clock) -> None:
    answer = phone.post(address(token), {"availability": said})
    assert answer["Location"] == address(token)
    helpline.refresh_from_db()
    begun = timezone.now()
    assert operator_state(helpline, begun + datetime.timedelta(hours=3, minutes=59)) == said
    assert operator_state(helpline, begun + datetime.timedelta(hours=4)) is None
    pressed = re.compile(rf'value="{said}" aria-pressed="true"')
    page = squeezed(phone.get(address(token)).content.decode())
    assert pressed.search(page)
    assert "It ends by itself: Tuesday 10 November 2026, 15:00" in page
    clock.shift(datetime.timedelta(hours=4))
    page = squeezed(phone.get(address(token)).content.decode())
    assert not pressed.search(page)
    assert 'value="open" aria-pressed="true"' in page


def test_open_ends_what_was_said_and_the_public_page_follows_at_once(phone, helpline, token) -> None:
    phone.post(address(token), {"availability": "closed"})
    assert "Closed by its operator" in Client().get("/en/help/").content.decode()
    phone.post(address(token), {"availability": "open"})
    assert state_of(helpline) == ("", None)
    assert "Closed by its operator" not in Client().get("/en/help/").content.decode()


def test_the_forms_are_taken_from_a_browser_that_came_from_the_page(helpline, token) -> None:
    phone = Client(enforce_csrf_checks=True, headers={"accept-language": "en"})
    for path, sent in (
        (address(token), {"availability": "closed"}),
        (
            address(token, "operator_figures"),
            {"month": "2026-10", "seen": stamp_of_counts({}), "total": "12"},
        ),
    ):
        form = phone.get(path).content.decode().split("<main")[1]
        found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', form)
        assert found
        assert phone.post(path, sent | {"csrfmiddlewaretoken": found[1]}).status_code == 302
    assert state_of(helpline)[0] == "closed"


def test_every_form_of_the_desk_guards_itself(client_of, helpline, member, token) -> None:
    page = client_of(member).get(reverse("campaigns:operator_links", args=[helpline.uuid])).content.decode()
    forms = re.findall(
        r'<form[^>]*method="post".*?</form>', page.split("<main")[1].split("</main>")[0], re.DOTALL
    )
    assert len(forms) == 3
    assert all("csrfmiddlewaretoken" in form for form in forms)


@pytest.mark.parametrize("said", ["", "asleep", "OPEN"])
def test_a_press_that_is_none_changes_nothing(phone, helpline, token, said) -> None:
    assert phone.post(address(token), {"availability": said}).status_code == 422
    assert state_of(helpline) == ("", None)


def test_what_an_operator_says_names_no_person_in_the_log(phone, helpline, token) -> None:
    phone.post(address(token), {"availability": "closed"})
    entry = AuditEntry.objects.get(action="helpline.availability")
    assert entry.actor is None
    assert entry.detail == {"availability": "closed"}


def test_when_lines_were_open_or_closed_is_forgotten_after_a_month(phone, helpline, token, clock) -> None:
    phone.post(address(token), {"availability": "closed"})
    clock.shift(datetime.timedelta(days=AVAILABILITY_LOG_DAYS - 1))
    phone.post(address(token), {"availability": "open"})
    assert forget_availability() == 0
    clock.shift(datetime.timedelta(days=2))
    assert forget_availability() == 1
    assert forget_availability() == 0
    left = AuditEntry.objects.filter(target=helpline.uuid).order_by("pk")
    assert [one.action for one in left] == ["helpline.operator_link_made", "helpline.availability"]
    assert left[1].detail == {"availability": "open"}


def test_a_member_says_the_same_at_the_desk(client_of, helpline, member) -> None:
    path = reverse("campaigns:helpline_availability", args=[helpline.uuid])
    client_of(member).post(path, {"availability": "overloaded"})
    assert state_of(helpline)[0] == "overloaded"
    assert AuditEntry.objects.get(action="helpline.availability").actor == member


def test_too_many_presses_are_refused(monkeypatch, phone, helpline, token) -> None:
    monkeypatch.setattr(views, "MOST_PRESSES", 2)
    for _each in range(2):
        assert phone.post(address(token), {"availability": "closed"}).status_code == 302
    assert phone.post(address(token), {"availability": "open"}).status_code == 429
    figures = {"month": "2026-10", "total": "40"}
    answer = phone.post(address(token, "operator_figures"), figures)
    assert answer.status_code == 429
    assert answer.context["form"]["total"].value() == "40"
    assert state_of(helpline)[0] == "closed"


# What it shows


def test_the_page_is_kept_by_nobody_and_no_other_site_learns_its_address(phone, token) -> None:
    for path in (address(token), address(token, "operator_figures")):
        answer = phone.get(path)
        assert answer["Cache-Control"] == "no-store, private"
        assert answer["Referrer-Policy"] == "strict-origin"
        assert answer["X-Robots-Tag"] == "noindex"


def test_the_page_names_no_person_and_asks_nothing_about_a_caller(phone, helpline, member, token) -> None:
    entry = helpline.entries.get()
    entry.written_by = member
    entry.save()
    for path in (address(token), address(token, "operator_figures")):
        page = phone.get(path).content.decode()
        assert member.name not in page
        assert "Duty phone" not in page
        fields = set(re.findall(r'<(?:input|select|textarea)[^>]* name="([^"]+)"', page))
        counts = {name for name in fields if re.fullmatch(r"(KZ-\d+_\w*|total)", name)}
        assert fields - counts <= {"csrfmiddlewaretoken", "next", "month", "seen"}
        assert "<textarea" not in page


def test_it_tells_other_public_lines_by_region_with_their_ways(phone, token) -> None:
    HelplineEntryFactory(
        name={"en": "Nationwide"}, channels=[{"kind": "phone", "value": "150", "note": {}}], regions=[]
    )
    HelplineEntryFactory(
        name={"en": "In Astana"},
        channels=[{"kind": "telegram", "value": "@astana_line", "note": {}}],
        regions=[ASTANA],
    )
    hidden = HelplineEntryFactory(name={"en": "Overdue"}, regions=[ASTANA])
    Helpline.objects.filter(pk=hidden.helpline_id).update(checked_on=datetime.date(2026, 1, 1))
    page = phone.get(address(token)).content.decode()
    assert page.index("All of Kazakhstan") < page.index("Nationwide") < page.index("In Astana")
    assert 'href="tel:150"' in page
    assert 'href="https://t.me/astana_line"' in page
    assert "Overdue" not in page


def test_what_names_the_line_today_stands_there_once(monkeypatch, phone, helpline, token) -> None:
    monkeypatch.setattr(mentions, "_sources", [])
    assert "Nothing that names this line" in phone.get(address(token)).content.decode()

    def source(about: Helpline, day: datetime.date) -> list[mentions.Mention]:
        assert (about, day) == (helpline, datetime.date(2026, 11, 10))
        return [mentions.Mention(uuid7(), "Poster", "from today")]

    mentions.register_mentions(source)
    mentions.register_mentions(source)
    page = phone.get(address(token)).content.decode()
    assert page.count("Poster") == 1


def test_it_speaks_three_languages(token) -> None:
    for code, _name in (("kk", ""), ("ru", ""), ("en", "")):
        page = Client(headers={"accept-language": code}).get(address(token)).content.decode()
        assert f'<html lang="{code}">' in page
        with translation.override(code):
            assert str(OperatorLink.objects.get().helpline.entries.get().name) in page


def test_the_page_costs_the_same_beside_one_line_as_beside_three(phone, token) -> None:
    costs = []
    for more in (1, 2):
        for _each in range(more):
            HelplineEntryFactory(regions=[ALMATY])
        phone.get(address(token))
        with CaptureQueriesContext(connection) as queries:
            phone.get(address(token))
        costs.append(len(queries))
    assert costs[0] == costs[1]


# Figures by the link


def test_a_month_is_entered_on_the_phone(phone, helpline, token) -> None:
    path = address(token, "operator_figures")
    answer = phone.get(path)
    assert answer.context["form"]["month"].value() == "2026-10"  # the last month that is over
    sent = {
        "month": "2026-10",
        "seen": stamp_of_counts({}),
        "total": "30",
        f"{ABAI}_kk": "20",
        f"{ABAI}_ru": "",
    }
    assert phone.post(path, sent)["Location"] == f"{path}?month=2026-10"
    assert counts_of_month(helpline, month(10)) == {(ABAI, "kk"): 20, ("", ""): 10}
    entry = AuditEntry.objects.get(action="helpline.figures_entered")
    assert (entry.actor, entry.organisation) == (None, helpline.organisation.uuid)
    wrong = phone.post(path, sent | {"month": "2026-11"})
    assert wrong.status_code == 422
    assert "not over yet" in wrong.content.decode()


def test_a_link_of_one_line_says_nothing_of_another(helpline, token) -> None:
    link, other = OperatorLink.objects.get(), line()
    with pytest.raises(ValueError, match="of the line"):
        set_availability(helpline=other, availability=Availability.CLOSED, link=link)
    Helpline.objects.filter(pk=helpline.pk).update(retired_at=timezone.now())
    with pytest.raises(Refused, match="out of use"):
        set_availability(helpline=helpline, availability=Availability.CLOSED, link=link)
