"""The public page of help: what it shows first, what it never tells, how light it is."""

import datetime
import gzip
import re
from pathlib import Path

import pytest
import time_machine
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from coalition.accounts.models import Listing
from coalition.campaigns.helplines.enums import Availability, EntryState, RunBy
from tests.campaigns.factories import HelplineEntryFactory
from tests.campaigns.helplines.register import NIGHTS
from tests.markup import squeezed

pytestmark = pytest.mark.django_db
NIGHT = "2026-03-02T18:40:00Z"  # 23:40 in Almaty


WAYS = (("chat", "https://line.example/"), ("telegram", "@help_line"), ("phone", "150"))


def page(client, query="", language="en"):
    answer = client.get(f"/{language}/help/{query}")
    assert answer.status_code == 200
    return squeezed(answer.content.decode())


def named(name, **given):
    return HelplineEntryFactory(name={"kk": name, "ru": name, "en": name}, **given)


def order(text, *names):
    found = sorted(names, key=text.index)
    return found == list(names)


def test_at_night_what_is_open_stands_first(client):
    with time_machine.travel(NIGHT, tick=False):
        named("Day line")
        until = timezone.now() + datetime.timedelta(hours=2)
        said = {"helpline__availability": Availability.OVERLOADED, "helpline__available_until": until}
        named("Full line", hours=NIGHTS, **said)
        named("Night line", hours=NIGHTS)
        text = page(client)
    assert order(text, "Night line", "Full line", "Day line")
    assert "Open now, until tomorrow, 08:00." in text
    assert "Closed now. Opens: tomorrow, 09:00." in text


def test_of_open_lines_first_those_where_one_can_write_then_those_of_the_whole_country(client):
    chat = [{"kind": "telegram", "value": "@help_line", "note": {}}]
    always = {"is_round_the_clock": True, "hours": []}
    named("By phone", **always)
    named("Regional chat", channels=chat, regions=["KZ-79"], **always)
    named("National chat", channels=chat, **always)
    assert order(page(client), "National chat", "Regional chat", "By phone")


def test_chat_and_messengers_stand_before_the_phone(client):
    HelplineEntryFactory(
        channels=[
            {"kind": "phone", "value": "150", "note": {}},
            {"kind": "telegram", "value": "@help_line", "note": {"en": "answers in the evening"}},
            {"kind": "chat", "value": "https://line.example/chat", "note": {}},
        ]
    )
    text = page(client)
    assert order(text, "https://line.example/chat", "https://t.me/help_line", "tel:150")
    assert "answers in the evening" in text


def test_everything_a_caller_has_to_know_is_there(client):
    HelplineEntryFactory(
        run_by=RunBy.STATE,
        operator={"en": "Ministry of Help"},
        is_recorded="yes",
        is_anonymous="unknown",
        cost="local",
        regions=["KZ-75"],
        passed_to_police={"en": "Every threat to a child, at once"},
        helpline__checked_on=timezone.localdate() - datetime.timedelta(days=31),
    )
    text = page(client)
    for told in (
        "Ministry of Help · state body",
        "Every threat to a child, at once",
        "Calls and chats are recorded.",
        "We do not know whether you are asked who you are.",
        "As a local call",
        "Almaty",
        "Nobody has checked this line for more than 30 days",
    ):
        assert told in text


@time_machine.travel("2026-03-02T06:00:00Z")  # a Monday, 11:00 in Almaty
def test_the_buttons_stand_right_below_name_and_state_and_the_rest_is_folded(client):
    """A first screen of a cheap phone has to hold a number to call."""
    HelplineEntryFactory(
        name={"en": "Trust line"},
        summary={"en": "For everyone who was hurt"},
        run_by=RunBy.OTHER,
        operator={"en": "Foundation of Help"},
        regions=["KZ-75"],
        passed_to_police={"en": "Nothing at all"},
    )
    text = page(client)
    shown, folded = (
        re.search(r"<article.*?(?=<details)", text, re.DOTALL),
        re.search(r"<details.*?</details>", text, re.DOTALL),
    )
    assert shown
    assert folded
    assert order(shown[0], "Trust line", "Open now", "tel:150", "For everyone", "Nothing at all")
    for fact in ("09:00–18:00", "Almaty", "Free of charge", "Қазақша", "Foundation of Help"):
        assert fact in folded[0]
        assert fact not in shown[0]


def test_the_filter_stands_below_what_is_open(client):
    with time_machine.travel(NIGHT, tick=False):
        named("Day line")
        for number in range(4):
            named(f"Night line {number}", hours=NIGHTS)
        assert order(page(client), "Night line 0", "Night line 3", "<form", "Day line")


def test_every_link_within_a_page_of_help_leads_to_something(client):
    for _line in range(5):
        HelplineEntryFactory()
    for text in (page(client), page(client, "figures/"), page(client, "?region=KZ-75")):
        targets = set(re.findall(r'href="#([^"]*)"', text))
        assert "main" in targets
        assert targets <= set(re.findall(r'\bid="([^"]+)"', text))
        ids = re.findall(r'\bid="([^"]+)"', text)
        assert len(ids) == len(set(ids))
        for reference in re.findall(r'aria-(?:labelledby|describedby)="([^"]+)"', text):
            assert reference in ids


def test_words_missing_in_a_language_are_marked_with_theirs(client):
    HelplineEntryFactory(name={"ru": "Телефон доверия"}, passed_to_police={"kk": "Ештеңе"})
    text = page(client)
    assert re.search(r'<h2[^>]* lang="ru">Телефон доверия</h2>', text)
    assert '<p lang="kk">Ештеңе</p>' in text


@pytest.mark.parametrize("listing", [Listing.WITHHELD, Listing.CONFIDENTIAL])
def test_a_withheld_organisation_is_not_named(client, listing):
    entry = HelplineEntryFactory(helpline__organisation__listing=listing)
    organisation = entry.helpline.organisation
    for language in ("kk", "ru", "en"):
        text = page(client, language=language)
        assert "150" in text
        for secret in (organisation.name_kk, organisation.name_ru, organisation.name_en, organisation.code):
            assert secret not in text


def test_hidden_lines_are_told_nowhere(client):
    today = timezone.localdate()
    named("Draft", state=EntryState.DRAFT)
    named("Proposed", state=EntryState.PROPOSED)
    named("Old", helpline__checked_on=today - datetime.timedelta(days=91))
    named("Ended", licence_until=today - datetime.timedelta(days=1))
    named("Retired", helpline__retired_at=timezone.now())
    text = page(client)
    for name in ("Draft", "Proposed", "Old", "Ended", "Retired"):
        assert f">{name}</h2>" not in text
    assert "No line is listed at the moment" in text
    assert 'href="tel:112"' in text


def test_a_line_in_work_shows_only_what_is_published(client):
    entry = named("Published words")
    named("Words in work", helpline=entry.helpline, state=EntryState.PROPOSED)
    text = page(client)
    assert "Published words" in text
    assert "Words in work" not in text


def test_few_lines_of_the_whole_country_need_no_filter(client):
    for _line in range(4):
        HelplineEntryFactory()
    assert "<form" not in page(client)
    HelplineEntryFactory()
    assert "<form" in page(client)


def test_the_list_is_narrowed_by_region_and_language_without_script(client):
    named("Whole country", languages=["kk"])
    named("Of Almaty", regions=["KZ-75"], languages=["kk", "ru"])
    named("Of Shymkent", regions=["KZ-79"], languages=["ru"])
    text = page(client, "?region=KZ-75&language=ru")
    assert "Of Almaty" in text
    assert "Of Shymkent" not in text
    assert "Whole country" not in text
    assert '<option value="KZ-75" selected>' in text
    assert "Whole country" in page(client, "?region=KZ-75")
    nothing = page(client, "?region=KZ-10&language=ru")
    assert "No line is like that" in nothing
    for strange in ("?region=KZ-99", "?language=xx", "?region=%00", "?region=" + "x" * 3000):
        assert "Of Shymkent" in page(client, strange)


def test_one_line_costs_as_much_as_three(client):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            page(client)
        return len(queries)

    HelplineEntryFactory(helpline__organisation__listing=Listing.WITHHELD)
    cost()
    one = cost()
    HelplineEntryFactory()
    HelplineEntryFactory(run_by=RunBy.STATE, operator={"en": "Ministry"})
    assert cost() == one


def test_the_page_is_quiet_and_light(client):
    """Ten full entries in Kazakh, with all that the page loads, as they leave the server."""
    for number in range(10):
        HelplineEntryFactory(
            name={"kk": f"Зорлық көргендерге арналған {number} желі"},
            summary={"kk": "Кез келген адамға, тәулік бойы, жасырын түрде көмек көрсетіледі. " * 3},
            passed_to_police={"kk": "Баланың өміріне қауіп төнсе ғана, сізге алдын ала айтылады. " * 5},
            channels=[
                {"kind": kind, "value": value, "note": {"kk": "тек хабарлама жазыңыз"}}
                for kind, value in (
                    ("chat", "https://line.example/"),
                    ("telegram", "@help_line"),
                    ("phone", "150"),
                )
            ],
            regions=["KZ-10", "KZ-11", "KZ-15"] if number % 2 else [],
        )
    answer = client.get("/kk/help/")
    text = answer.content.decode()
    assert (answer["Cache-Control"], answer["Referrer-Policy"]) == ("no-store", "no-referrer")
    assert "og:" not in text
    assert not answer.cookies
    loaded = set(re.findall(r'(?:href|src)="/static/([\w.]+)', text))
    static = Path(settings.STATICFILES_DIRS[0])
    assert loaded == {"quiet.css", "quiet.js", "icons.svg"}
    size = len(gzip.compress(answer.content)) + sum((static / name).stat().st_size for name in loaded)
    assert size <= 60_000


def test_links_out_tell_no_address(client):
    HelplineEntryFactory(channels=[{"kind": "whatsapp", "value": "+7 701 123 45 67", "note": {}}])
    links = re.findall(r'<a [^>]*href="https?://[^>]*>', page(client))
    assert links
    assert all("noreferrer" in link for link in links)
