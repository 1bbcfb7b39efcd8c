"""Words that name an organisation whose name the reader may not read."""

import pytest
from django.test import Client

from coalition.accounts.models import Listing, Organisation
from coalition.accounts.naming import PUBLIC
from coalition.campaigns.impact.actions.figures import FigureRefused
from coalition.campaigns.impact.actions.grants import assign_items, link_path
from coalition.campaigns.impact.actions.reports import freeze_report
from coalition.campaigns.impact.enums import CountedItem
from coalition.campaigns.impact.hidden_names import HiddenNames
from coalition.core.clock import now
from coalition.core.localized_text import LocalizedText
from coalition.workspaces.models import Participation
from events.press.coverage.models import Coverage
from tests.campaigns.impact.test_desk_pages import at
from tests.campaigns.impact.test_grants import coverage
from tests.conftest import new_client

NAME = 'Fund "Umit-Nadezhda"'
URL = "https://news.example/fund-umit-nadezhda/"


def hiding(**names: str) -> HiddenNames:
    return HiddenNames([Organisation(**names, listing=Listing.WITHHELD)], PUBLIC)


@pytest.mark.parametrize(
    "words",
    [
        "With the fund  Umit\nNadezhda",
        "FUND «UMIT – NADEZHDA» and others",
        "https://news.example/2026/fund-umit-nadezhda/",
        "https://news.example/?q=Fund+%22Umit%2DNadezhda%22",
        "https://fundumitnadezhda.example/",
        "Umit Nadezhda alone",
        "При поддержке Кризисного центра «Камкор»",
        "о Кризисном центре Камкоре",
        "Кризисный центр Кам\u00adкор",
        "Кризисный центр Ка\u0301м\u200bкор",
        "рядом с «Камкором»",
        "«Үміт» қорының әйелдерімен",
        "Үміттің қызметкерлері",
    ],
)
def test_a_name_is_found_in_every_form(words) -> None:
    hidden = hiding(name_en=NAME, name_ru="Кризисный центр «Камкор»", name_kk="«Үміт» қоры")
    assert hidden.are_in(words)
    assert words not in hidden.without(words)
    assert hidden.editable(LocalizedText({"en": words, "ru": "Other"})) == {"ru": "Other"}


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Ана", "Работники в Астане, в Анкаре"),
        ("Act", "Factory and action"),
        ("Нур", "Нурсултан"),
        ("Дом женщин", "Дома живут женщины"),
        (NAME, "https://news.example/umit/ with a fund"),
    ],
)
def test_words_that_only_look_like_a_name_are_left(name, words) -> None:
    assert not hiding(name_en=name, name_ru=name, name_kk=name).are_in(words)


def test_accents_make_no_other_name() -> None:
    assert hiding(name_en="", name_ru="Дом «Звёзды»", name_kk="").are_in("в доме звезд")


def withhold(access, listing: str = Listing.WITHHELD) -> None:
    Organisation.objects.filter(pk=access.organisation.pk).update(listing=listing)


@pytest.mark.django_db
@pytest.mark.parametrize("has_left", [False, True])
def test_no_page_or_file_names_who_is_withheld_since_and_perhaps_left(desk, has_left) -> None:
    named = desk.other()
    Organisation.objects.filter(pk=named.organisation.pk).update(name_en=NAME)
    grant = desk.grant(title={"en": f"Work of {NAME}"}, donor=f"{NAME} abroad")
    desk.figure(desk.measure(f"Pupils of {NAME}"), 3, grant=grant, scope={"en": f"By {NAME}"}, url=URL)
    report = freeze_report(access=desk.access, grant=grant)
    path = link_path(desk.link(grant))
    places = [path + rest for rest in ("", "figures.csv", f"reports/{report.uuid}/")]
    places.append(f"{path}reports/{report.uuid}/report.csv")
    shown = [Client().get(one).content.decode() for one in places]
    assert all("Nadezhda" in one for one in shown)
    assert "Nadezhda" in Client().get(f"{path}reports/{report.uuid}/report.json").text

    if has_left:
        Participation.objects.filter(organisation=named.organisation).update(ended_at=now())
    withhold(named)
    shown = [Client().get(one).content.decode() for one in places]
    assert [one for one in shown if "nadezhda" in one.lower()] == []
    assert Client().get(f"{path}reports/{report.uuid}/report.json").status_code == 404


@pytest.mark.django_db
def test_members_read_no_name_of_a_confidential_organisation_in_words(desk) -> None:
    named, member = desk.other(), desk.other()
    Organisation.objects.filter(pk=named.organisation.pk).update(name_en=NAME)
    grant = desk.grant(title={"en": f"Work of {NAME}"}, donor=NAME, organisation=member.organisation)
    figure = desk.figure(
        desk.measure(f"Pupils of {NAME}"), 3, access=member, grant=grant, scope={"en": f"By {NAME}"}, url=URL
    )
    freeze_report(access=desk.access, grant=grant)
    browser = new_client(member.user)
    page = at(desk)
    line = f"{page}figures/{figure.line}/"
    places = [page, line, f"{line}correct/", f"{page}declare/", f"{page}declare/{figure.measure.uuid}/"]
    places += [f"{page}changes/new/", f"{page}reports/", f"{page}grants/", f"{page}grants/{grant.uuid}/"]
    entry = coverage(desk, member.organisation)
    Coverage.objects.filter(pk=entry.pk).update(title=f"Talk with {NAME}")
    assign_items(access=desk.access, grant=grant, kind=CountedItem.COVERAGE, items=[entry.uuid])
    assert all("Nadezhda" in browser.get(one).text for one in places)
    withhold(named, Listing.CONFIDENTIAL)
    assert [one for one in places if "nadezhda" in browser.get(one).text.lower()] == []


@pytest.mark.django_db
def test_words_are_refused_that_name_whom_the_public_may_not_know(desk) -> None:
    desk.withheld()
    measure = desk.measure()
    with pytest.raises(FigureRefused) as refused:
        desk.figure(measure, 4, scope={"en": "With crisis-centre\u00a0Kamkor"})
    assert refused.value.field == "scope"
    with pytest.raises(FigureRefused) as refused:
        desk.figure(measure, 4, url="https://crisis-centre-kamkor.example/")
    assert refused.value.field == "evidence_url"
    with pytest.raises(FigureRefused) as refused:
        desk.grant(donor="Friends of the  Crisis Centre «Kamkor»")
    assert refused.value.field == "donor"
