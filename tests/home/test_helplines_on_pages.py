"""Helplines of the register on pages of the site: they follow the register, and nothing else is told."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from coalition.campaigns.helplines.enums import EntryState
from coalition.campaigns.helplines.uses.enums import UseFlag
from coalition.campaigns.helplines.uses.pages import pages_showing
from coalition.campaigns.models import Helpline
from coalition.core.clock import now
from home.models import CampaignPage, HelplineOnPage, HomePage
from home.sections import helpline_choices, helplines_needing_attention
from tests.campaigns.factories import HelplineEntryFactory, HelplineFactory
from tests.home.conftest import news_page
from tests.home.filmed import film_page
from tests.markup import squeezed

pytestmark = pytest.mark.django_db
SEE_HELP = "Where to get help"


def words(answer):
    return squeezed(answer.content.decode())


@pytest.fixture
def entry(site):
    return HelplineEntryFactory(
        name={"en": "Trust line", "kk": "Сенім желісі"},
        channels=[
            {"kind": "phone", "value": "150", "note": {}},
            {"kind": "whatsapp", "value": "+7 701 000 00 00", "note": {"en": "in the evening"}},
        ],
    )


def campaign_with(*entries, language="en"):
    home = HomePage.objects.get(locale__language_code=language)
    page = CampaignPage(
        title="Tulipweek",
        slug="week",
        locale=home.locale,
        lead="All of it.",
        sections=[("helpline", str(one.helpline.uuid)) for one in entries],
    )
    home.add_child(instance=page)
    page.save_revision().publish()
    return page


def news_with(entry):
    return news_page("Help is there", body=[("helpline", str(entry.helpline.uuid))])


@pytest.mark.parametrize("put", [campaign_with, news_with])
def test_a_page_shows_what_the_register_has_published(entry, client, put):
    page = put(entry)
    shown = words(client.get(page.get_url()))
    for said in (
        "Trust line",
        '<a href="tel:150" rel="noreferrer noopener">150</a>',
        "https://wa.me/77010000000",
        "in the evening",
        "Every day: 09:00–18:00",
        "What is passed to the police:",
        "Nothing is passed on",
        'href="/en/help/"',
    ):
        assert said in shown
    entry.channels = [{"kind": "phone", "value": "1500", "note": {}}]
    entry.save()
    shown = words(client.get(page.get_url()))
    assert "tel:1500" in shown
    assert 'tel:150"' not in shown


def test_the_page_speaks_its_own_language(entry, client):
    page = campaign_with(entry, language="kk")
    shown = words(client.get(page.get_url()))
    assert "Сенім желісі" in shown
    assert "Trust line" not in shown
    assert 'href="/kk/help/"' in shown


@pytest.mark.parametrize(
    "change",
    [
        lambda line: Helpline.objects.filter(pk=line.pk).update(retired_at=now()),
        lambda line: Helpline.objects.filter(pk=line.pk).update(checked_on=_days_ago(91)),
        lambda line: line.entries.update(licence_until=_days_ago(1)),
        lambda line: line.entries.update(state=EntryState.REPLACED),
        lambda line: Helpline.objects.filter(pk=line.pk).delete(),
    ],
)
def test_of_a_line_that_is_not_public_only_the_way_to_help_is_left(entry, client, change):
    page = campaign_with(entry)
    change(entry.helpline)
    shown = words(client.get(page.get_url()))
    assert SEE_HELP in shown
    for gone in ("Trust line", "tel:150", "Nothing is passed on"):
        assert gone not in shown


def test_what_is_proposed_is_not_shown(entry, client):
    HelplineEntryFactory(
        helpline=entry.helpline,
        state=EntryState.PROPOSED,
        channels=[{"kind": "phone", "value": "1999", "note": {}}],
    )
    shown = words(client.get(campaign_with(entry).get_url()))
    assert "tel:150" in shown
    assert "1999" not in shown


def test_only_public_lines_are_offered(entry):
    HelplineEntryFactory(helpline=HelplineFactory(checked_on=_days_ago(91)))
    HelplineEntryFactory(state=EntryState.PROPOSED)
    assert helpline_choices() == [(str(entry.helpline.uuid), "Trust line")]


def test_the_desk_knows_the_live_pages_that_show_a_line(entry):
    page = campaign_with(entry)
    (found,) = pages_showing(entry.helpline)
    assert (found.title, found.url, found.language) == ("Tulipweek", page.get_url(), "en")
    page.unpublish()
    assert pages_showing(entry.helpline) == []
    page.refresh_from_db()
    page.sections = []
    page.save_revision().publish()
    assert not HelplineOnPage.objects.exists()


def test_the_newsroom_sees_lines_with_which_something_is_wrong(entry, newsroom):
    campaign_with(entry)
    assert helplines_needing_attention() == []
    assert "Helplines on pages" not in words(newsroom.get("/cms/"))
    Helpline.objects.filter(pk=entry.helpline.pk).update(checked_on=_days_ago(31))
    (found,) = helplines_needing_attention()
    assert (found["page"].title, found["name"]) == ("Tulipweek", "Trust line")
    assert found["problem"] == UseFlag.OVERDUE.label
    assert str(UseFlag.OVERDUE.label) in words(newsroom.get("/cms/"))


def test_a_line_in_the_text_of_a_film_is_looked_after_too(entry):
    film_page(None, title="Tulipfilm", body=[("helpline", str(entry.helpline.uuid))])
    Helpline.objects.filter(pk=entry.helpline.pk).update(checked_on=_days_ago(31))
    assert [one["page"].title for one in helplines_needing_attention()] == ["Tulipfilm"]


def test_three_lines_cost_as_many_queries_as_one(entry, client):
    others = [HelplineEntryFactory() for _number in range(2)]
    counts = []
    page = campaign_with(entry)
    for entries in ([entry], [entry, *others]):
        page.sections = [("helpline", str(one.helpline.uuid)) for one in entries]
        page.save_revision().publish()
        client.get(page.get_url())
        with CaptureQueriesContext(connection) as queries:
            shown = words(client.get(page.get_url()))
        assert shown.count("box--helpline") == len(entries)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_what_others_republish_names_the_line_and_its_numbers(entry, client):
    page = news_with(entry)
    shown = words(client.get(f"{page.get_url()}pass-on/"))
    assert "Trust line. WhatsApp: +7 701 000 00 00; Phone: 150" in shown


def _days_ago(days):
    return timezone.localdate() - datetime.timedelta(days=days)
