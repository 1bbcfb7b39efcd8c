"""The leaflet: two languages on a sheet, no line whose check is overdue, drawn once."""

import datetime
import io

import pytest
from django.core.cache import caches
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from coalition.accounts.models import Listing
from coalition.campaigns.helplines import leaflet as leaflet_module
from coalition.campaigns.helplines.leaflet import leaflet_languages
from tests.campaigns.factories import HelplineEntryFactory
from tests.factories import MembershipFactory

pytestmark = pytest.mark.django_db
OVERDUE = datetime.timedelta(days=31)


def text_of(answer):
    pages = PdfReader(io.BytesIO(answer.content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def leaflet(client, region="all", language="kk"):
    return client.get(f"/{language}/help/leaflet-{region}.pdf")


def test_a_line_stands_on_it_in_two_languages_kazakh_first(client):
    HelplineEntryFactory(
        name={"kk": "Сенім телефоны", "ru": "Телефон доверия", "en": "Trust line"},
        passed_to_police={"kk": "Ештеңе берілмейді", "ru": "Ничего не передаётся"},
    )
    answer = leaflet(client)
    text = text_of(answer)
    assert text.index("Сенім телефоны") < text.index("Телефон доверия")
    assert "Trust line" not in text
    assert text.count("150") == 2
    assert "Ештеңе берілмейді" in text
    assert "Ничего не передаётся" in text
    metadata = PdfReader(io.BytesIO(answer.content)).metadata
    assert metadata
    assert metadata.title == "Ақпарат · Информация"
    assert answer["Content-Disposition"] == 'inline; filename="information.pdf"'
    assert (answer["Cache-Control"], answer["Referrer-Policy"]) == ("no-store", "no-referrer")


@pytest.mark.parametrize(
    ("language", "two"), [("kk", ["kk", "ru"]), ("ru", ["kk", "ru"]), ("en", ["kk", "en"])]
)
def test_the_second_language_is_the_readers(language, two):
    assert leaflet_languages(language) == two


def test_a_region_has_its_lines_and_those_of_the_whole_country(client):
    HelplineEntryFactory(name={"kk": "Бүкіл ел"})
    HelplineEntryFactory(name={"kk": "Алматы желісі"}, regions=["KZ-75"])
    HelplineEntryFactory(name={"kk": "Шымкент желісі"}, regions=["KZ-79"])
    text = text_of(leaflet(client, "kz-75"))
    assert "Бүкіл ел" in text
    assert "Алматы желісі" in text
    assert "Шымкент желісі" not in text
    assert "Алматы желісі" not in text_of(leaflet(client))


def test_an_overdue_line_is_left_out_and_the_desk_says_which(client, client_of):
    due = HelplineEntryFactory(name={"en": "Old line"}, helpline__checked_on=timezone.localdate() - OVERDUE)
    HelplineEntryFactory(name={"en": "Young line"})
    text = text_of(leaflet(client, language="en"))
    assert "Young line" in text
    assert "Old line" not in text
    desk = client_of(MembershipFactory(organisation=due.helpline.organisation).person)
    page = desk.get(reverse("campaigns:helplines")).content.decode()
    assert "Left out, since the check is overdue: Old line" in page


def test_without_a_line_there_is_no_leaflet_and_words_say_so(client, client_of):
    due = HelplineEntryFactory(helpline__checked_on=timezone.localdate() - OVERDUE)
    answer = leaflet(client, language="en")
    assert answer.status_code == 404
    assert "There is no sheet for this region now" in answer.content.decode()
    assert "leaflet-" not in client.get("/en/help/").content.decode()
    desk = client_of(MembershipFactory(organisation=due.helpline.organisation).person)
    page = desk.get(reverse("campaigns:helplines")).content.decode()
    assert "No leaflet: no line of it was checked in the last 30 days." in page


@pytest.mark.parametrize("region", ["kz-99", "x" * 200, "KZ-75-1"])
def test_a_region_that_does_not_exist_has_none(client, region):
    HelplineEntryFactory()
    assert leaflet(client, region).status_code == 404


def test_it_is_drawn_once_for_each_content(client, monkeypatch):
    caches["pictures"].clear()  # what other tests drew
    drawn = []
    real = leaflet_module.typeset

    def counting(*args, **kwargs):
        drawn.append(args[0])
        return real(*args, **kwargs)

    monkeypatch.setattr(leaflet_module, "typeset", counting)
    entry = HelplineEntryFactory()
    first = leaflet(client).content
    assert leaflet(client).content == first
    leaflet(client, language="ru")  # the same two languages
    assert len(drawn) == 1
    entry.channels = [{"kind": "phone", "value": "111", "note": {}}]
    entry.save()
    assert "111" in text_of(leaflet(client))
    assert len(drawn) == 2


def test_a_withheld_organisation_is_not_on_it(client):
    entry = HelplineEntryFactory(helpline__organisation__listing=Listing.WITHHELD)
    organisation = entry.helpline.organisation
    text = text_of(leaflet(client))
    assert organisation.name_kk not in text
    assert organisation.name_ru not in text


def test_words_of_an_entry_are_no_markup(client):
    HelplineEntryFactory(name={"kk": '#read("/etc/passwd") *x* $y$ <z>'})
    assert '#read("/etc/passwd") *x* $y$ <z>' in text_of(leaflet(client))
