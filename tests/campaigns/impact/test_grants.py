"""Grants, what they pay, frozen reports, and the pages behind a donor's link."""

import csv
import hashlib
import io
import json
import subprocess

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from lxml import html

from coalition.accounts.models import Listing, Organisation
from coalition.campaigns.core.days import site_today
from coalition.campaigns.impact.actions.figures import ChangeContent, Evidence, correct_figure, record_change
from coalition.campaigns.impact.actions.grants import assign_items, end_link, link_path
from coalition.campaigns.impact.actions.reports import freeze_report
from coalition.campaigns.impact.changes import later_changes
from coalition.campaigns.impact.enums import CountedItem
from coalition.campaigns.models import DonorLink, Figure, Grant, GrantItem, Report
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.workspaces.actions.workspaces import archive_workspace
from events.press.coverage.models import Coverage, CoverageState, Proof
from tests.campaigns.impact.conftest import DAY, content
from tests.campaigns.impact.test_desk_pages import at, lines_of, words
from tests.conftest import new_client
from tests.filled import filled

pytestmark = pytest.mark.django_db
NAMES = ("Kamkor", "Камкор", "Қамқор")


def coverage(desk, organisation: Organisation) -> Coverage:
    return filled(
        Coverage,
        workspace=desk.workspace,
        organisation=organisation,
        outlet="Channel 7",
        title="An hour about work",
        state=CoverageState.COUNTED,
        on=site_today(),
        proof=Proof.MEASURED,
        reach=4_000,
        removed_at=None,
    )


def changed(desk, access, grant=None, **given: str):
    texts = {
        name: {"en": f"{name} in words"} for name in ("change", "contribution", "others", "confirmed_by")
    }
    texts |= {name: {"en": text} for name, text in given.items()}
    by = ChangeContent(on=site_today(), **texts)
    return record_change(
        access=access, organisation=access.organisation, content=by, evidence=Evidence(grant)
    )


@pytest.fixture
def paid(desk):
    """A grant that pays two entries of coverage, one of them of a withheld organisation, and figures of
    both; with a link."""
    hidden = desk.withheld()
    grant = desk.grant()
    rows = [coverage(desk, desk.access.organisation), coverage(desk, hidden.organisation)]
    assign_items(access=desk.access, grant=grant, kind=CountedItem.COVERAGE, items=[one.uuid for one in rows])
    measure = desk.measure()
    desk.figure(measure, 30, grant=grant)
    desk.figure(measure, 12, access=hidden, grant=grant, scope={"en": "Our shelter in the old town"})
    desk.figure(desk.measure("Not paid by it"), 99)
    changed(desk, hidden, grant, change="Our shelter was heard")
    return grant


def test_a_donor_reads_totals_that_equal_their_lines_and_no_withheld_name(desk, paid) -> None:
    link = desk.link(paid)
    answer = Client().get(link_path(link))
    text = words(answer)
    for part in ("Safe work", "Fund of the Steppe", "People trained", "in the media"):
        assert part in text
    lines = lines_of(answer)
    organisation = desk.access.organisation.name_in("en")
    withheld = "1 organisation whose name is withheld"
    assert lines == [
        (organisation, "30"),
        (withheld, "12"),
        (organisation, "1"),
        (withheld, "1"),
        (organisation, "4000"),
        (withheld, "4000"),
    ]
    assert [one for one in ("Not paid", "shelter", *NAMES) if one in answer.text] == []
    assert "no-store, private" in answer["Cache-Control"]
    assert answer["X-Robots-Tag"] == "noindex"
    table = Client().get(f"{link_path(link)}figures.csv").content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(table)))
    for total in (row for row in rows if row["Row"] == "total"):
        parts = [row for row in rows if row["Row"] == "part" and row["Figure"] == total["Figure"]]
        assert sum(int(row["Number"]) for row in parts) == int(total["Number"])
    document = Client().get(f"{link_path(link)}figures.pdf").content
    drawn = subprocess.run(
        ["pdftotext", "-", "-"], input=document, capture_output=True, check=True
    ).stdout.decode()
    assert "People trained" in drawn
    for place in (table, drawn):
        assert [one for one in ("Not paid", "shelter", *NAMES) if one in place] == []


@pytest.mark.parametrize("how", ["ended", "over", "unknown"])
def test_a_link_after_its_end_opens_nothing(desk, paid, how) -> None:
    link = desk.link(paid)
    report = freeze_report(access=desk.access, grant=paid)
    path = link_path(link)
    if how == "ended":
        end_link(access=desk.access, link=link)
    elif how == "over":
        DonorLink.objects.update(ends_at=now())
    else:
        path = path[:-3] + "xx/"
    for rest in (
        "",
        "figures.csv",
        "figures.pdf",
        *(f"reports/{report.uuid}/{one}" for one in ("", "report.json")),
    ):
        answer = Client(headers={"Accept-Language": "en"}).get(path + rest)
        assert answer.status_code == 410
        assert "has ended" in answer.text
        assert "Safe work" not in answer.text


def test_one_coverage_is_paid_from_one_grant_alone(desk) -> None:
    first, second = desk.grant(), desk.grant(title={"en": "Another"})
    entry = coverage(desk, desk.access.organisation)
    browser = new_client(desk.access.user)
    fields = {"kind": "coverage", "item": str(entry.uuid)}
    browser.post(f"{at(desk)}grants/{first.uuid}/items/pay/", fields)
    answer = browser.post(f"{at(desk)}grants/{second.uuid}/items/pay/", fields, follow=True)
    assert "It would be counted twice." in words(answer)
    assert GrantItem.objects.get().grant == first
    answer = browser.get(f"{at(desk)}grants/{second.uuid}/items/?kind=coverage")
    assert "paid from another grant" in words(answer)
    answer = browser.post(f"{at(desk)}grants/{first.uuid}/items/{entry.uuid}/remove/", follow=True)
    assert "Channel 7" not in words(answer)
    browser.post(f"{at(desk)}grants/{second.uuid}/items/pay/", fields)
    assert GrantItem.objects.get().grant == second
    with pytest.raises(Refused):
        assign_items(access=desk.access, grant=first, kind=CountedItem.EVENT, items=[entry.uuid])


def test_a_report_is_frozen_a_figure_corrected_and_the_report_lists_it(desk, paid) -> None:
    browser = new_client(desk.access.user)
    fields = {"grant": str(paid.uuid), "until": site_today().isoformat()}
    answer = browser.post(f"{at(desk)}reports/", fields, follow=True)
    report = Report.objects.get()
    assert report.sha256 in answer.text
    assert "Nothing changed since." in words(answer)
    with time_machine.travel(now() + DAY, tick=False):
        figure = next(one for one in paid_figures(desk) if one.value == 30)
        correct_figure(
            access=desk.access,
            figure=figure,
            content=content(25, as_of=site_today() - DAY),
            note="Five came twice",
            evidence=Evidence(paid),
        )
        link = desk.link(paid)
        donor = Client().get(f"{link_path(link)}reports/{report.uuid}/")
        for page in (browser.get(f"{at(desk)}reports/{report.uuid}/"), donor):
            text = words(page)
            assert "42 in this report, 37 now" in text
            assert "Five came twice" in text
            assert (desk.access.organisation.name_in("en"), "30") in lines_of(page)
        file = Client().get(f"{link_path(link)}reports/{report.uuid}/report.json").content
        assert hashlib.sha256(file).hexdigest() == report.sha256
        assert [
            one for one in (*NAMES, desk.access.organisation.name_en, "shelter") if one in file.decode()
        ] == []
        assert Client().get(f"{link_path(link)}reports/{report.uuid}/report.csv").status_code == 200
        assert Client().get(f"{link_path(link)}reports/{report.uuid}/report.pdf").status_code == 200


def paid_figures(desk):
    return Figure.objects.filter(measure__workspace=desk.workspace)


def test_an_organisation_withheld_since_is_not_named_in_frozen_reports(desk) -> None:
    grant, named = desk.grant(title={"en": "With Umit fund"}), desk.other()
    Organisation.objects.filter(pk=named.organisation.pk).update(name_en="Umit fund")
    desk.figure(desk.measure(), 8, access=named, grant=grant, scope={"en": "Pupils of Umit fund"})
    desk.figure(desk.measure("Leaflets"), 3, grant=grant, scope={"en": "Given out with Umit fund"})
    changed(desk, named, grant, change="A law for pupils")
    report = freeze_report(access=desk.access, grant=grant)
    link = desk.link(grant)
    path = f"{link_path(link)}reports/{report.uuid}/"
    assert "Umit fund" in Client().get(path).text
    Organisation.objects.filter(pk=named.organisation.pk).update(listing=Listing.WITHHELD)
    answer = Client().get(path)
    assert [one for one in ("Umit fund", "Pupils", "A law for pupils") if one in answer.text] == []
    assert ("1 organisation whose name is withheld", "8") in lines_of(answer)
    assert Client().get(f"{path}report.json").status_code == 404
    assert "not named in public any more" in words(answer)
    page = Client().get(link_path(link)).text
    assert [one for one in ("Umit fund", "Pupils", "A law for pupils") if one in page] == []


def test_grants_are_seen_by_coordinators_and_the_holder_alone(desk, paid) -> None:
    holder = desk.other()
    own = desk.grant(organisation=holder.organisation, donor="House of trust", title={"en": "Own"})
    report = freeze_report(access=desk.access, grant=paid)
    browser = new_client(holder.user)
    text = browser.get(f"{at(desk)}grants/").text
    assert ("House of trust" in text, "Fund of the Steppe" in text) == (True, False)
    for path in (f"grants/{paid.uuid}/", f"reports/{report.uuid}/"):
        assert browser.get(at(desk) + path).status_code == 404
    answer = browser.get(f"{at(desk)}?grant={paid.uuid}")
    assert "Fund of the Steppe" not in answer.text
    for path in (f"grants/{own.uuid}/edit/", "grants/new/", f"grants/{own.uuid}/items/"):
        assert browser.get(at(desk) + path).status_code == 403
    assert browser.post(f"{at(desk)}grants/{own.uuid}/", {"label": "Me"}).status_code == 403
    assert browser.post(f"{at(desk)}reports/", {"until": site_today().isoformat()}).status_code == 403
    assert Report.objects.count() == 1
    figure = next(one for one in paid_figures(desk) if one.value == 30)
    assert "Fund of the Steppe" not in browser.get(f"{at(desk)}figures/{figure.line}/").text


def test_a_grant_is_recorded_changed_and_its_link_given_and_ended(desk) -> None:
    browser = new_client(desk.access.user)
    fields = {
        "organisation": str(desk.access.organisation.uuid),
        "donor": "Fund of the Steppe",
        "title_ru": "Безопасный труд",
        "starts_on": site_today().isoformat(),
        "ends_on": (site_today() - DAY).isoformat(),
    }
    answer = browser.post(f"{at(desk)}grants/new/", fields)
    assert (answer.status_code, "The last day is before the first." in words(answer)) == (422, True)
    fields["ends_on"] = (site_today() + 90 * DAY).isoformat()
    browser.post(f"{at(desk)}grants/new/", fields)
    grant = Grant.objects.get()
    page = f"{at(desk)}grants/{grant.uuid}/"
    browser.post(f"{page}edit/", {**fields, "number": "24/7"})
    assert "24/7" in words(browser.get(page))
    for late in ((site_today() + 400 * DAY).isoformat(), "9999-12-31"):
        answer = browser.post(page, {"label": "Aigul", "language": "ru", "ends_on": late})
        assert (answer.status_code, "Aigul" in answer.text) == (422, True)
        assert list(answer.context["form"].errors) == ["ends_on"]
    browser.post(page, {"label": "Aigul", "language": "ru", "ends_on": site_today().isoformat()})
    link = DonorLink.objects.get()
    assert link.last_day == site_today()
    assert link_path(link) in browser.get(page).text
    answer = Client().get(link_path(link))
    assert (
        answer["Content-Language"],
        "Что с этим стало" in answer.text or "донор" in answer.text.lower(),
    ) == (
        "ru",
        True,
    )
    browser.post(f"{page}links/{link.uuid}/end/")
    assert Client().get(link_path(link)).status_code == 410


def test_a_link_is_ended_in_an_archived_workspace(desk, paid) -> None:
    link = desk.link(paid)
    archive_workspace(access=desk.access)
    browser = new_client(desk.access.user)
    page = f"{at(desk)}grants/{paid.uuid}/"
    assert Client().get(link_path(link)).status_code == 200
    assert browser.post(page, {"label": "Other", "language": "ru"}).status_code == 403
    answer = browser.post(f"{page}links/{link.uuid}/end/", follow=True)
    assert "The link is ended." in words(answer)
    assert Client().get(link_path(link)).status_code == 410


def test_a_donor_reads_proofs_of_the_grant_alone(desk, paid) -> None:
    link = desk.link(paid)
    other = next(one for one in paid_figures(desk) if one.value == 99)
    for line in (other.line, next(one for one in paid_figures(desk) if one.value == 12).line):
        assert Client().get(f"{link_path(link)}proof/{line}/1/").status_code == 404


def test_what_has_no_day_is_not_listed_as_changed(desk, paid) -> None:
    report = freeze_report(access=desk.access, grant=paid)
    assert later_changes(report) == []
    content_ = json.loads(report.content)
    assert {one.get("code", "declared") for one in content_["figures"]} == {
        "declared",
        "coverage",
        "reach_measured",
    }


@pytest.mark.parametrize("number", [1, 3])
def test_a_donors_page_costs_as_many_queries_with_three_figures_as_with_one(desk, number) -> None:
    grant = desk.grant()
    for index in range(number):
        desk.figure(desk.measure(f"Measure {index}"), 5, grant=grant)
        desk.figure(desk.measure(f"More {index}"), 5, access=desk.other(), grant=grant)
        freeze_report(access=desk.access, grant=grant)
    path = link_path(desk.link(grant))
    Client().get(path)
    with CaptureQueriesContext(connection) as queries:
        assert html.document_fromstring(Client().get(path).content).xpath("//table")
    assert len(queries) == 8
