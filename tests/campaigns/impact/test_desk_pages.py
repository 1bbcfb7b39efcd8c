"""Figures at the desk: the page and its files, what organisations declare and correct."""

import csv
import io
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from lxml import html

from coalition.campaigns.core.days import site_today
from coalition.campaigns.core.sections import section_cards
from coalition.campaigns.impact.enums import MOST_LINES_SHOWN, Rung
from coalition.campaigns.models import Contribution, Figure, Measure
from coalition.roles import SeatRole
from documents.files.models import StoredFile
from tests.campaigns.impact.conftest import DAY, PROOF
from tests.conftest import new_client
from tests.filled import filled

pytestmark = pytest.mark.django_db


def at(desk) -> str:
    return f"/workspaces/{desk.workspace.uuid}/impact/"


def words(answer) -> str:
    return " ".join(html.document_fromstring(answer.content).text_content().split())


def lines_of(answer) -> list[tuple[str, ...]]:
    """The cells of the lines of all figures."""
    page = html.document_fromstring(answer.content)
    rows = page.xpath("//table[contains(@class, 'impact-lines')]/tbody/tr")
    return [
        tuple(
            "".join(cell.text_content().split())
            if cell.tag == "td"
            else " ".join(cell.text_content().split())
            for cell in row.xpath("th | td[last()]")
        )
        for row in rows
    ]


def sent(**given: str) -> dict[str, str]:
    fields = {
        "value": "120",
        "as_of": site_today().isoformat(),
        "scope_en": "Shymkent",
        "source_en": "Lists",
        "method_en": "Counted",
    }
    return {**fields, **given}


@pytest.fixture
def browser(desk):
    return new_client(desk.access.user)


def test_a_figure_is_declared_and_stands_on_its_rung(desk, browser) -> None:
    answer = browser.post(
        f"{at(desk)}declare/",
        {"rung": "output", "words_en": "People trained", "unit_en": "people"},
        follow=True,
    )
    measure = Measure.objects.get()
    assert answer.redirect_chain[-1][0] == f"{at(desk)}declare/{measure.uuid}/"
    organisation = desk.access.organisation
    fields = sent(organisation=str(organisation.uuid), baseline="40", baseline_words_en="last year")
    fields |= {"baseline_on": (site_today() - 300 * DAY).isoformat(), "shows_ratio": "on"}
    answer = browser.post(f"{at(desk)}declare/{measure.uuid}/", fields, follow=True)
    text = words(answer)
    for part in (
        "What we made",
        "People trained",
        "120 people",
        "Shymkent",
        "Lists",
        "× 3 of 40",
    ):
        assert part in text
    assert lines_of(answer) == [(organisation.name_in("en"), "120")]


def test_lines_of_all_readers_add_up_to_the_same_total(desk) -> None:
    measure = desk.measure()
    hidden = desk.withheld("confidential")
    for access, value in ((desk.access, 30), (hidden, 12)):
        desk.figure(measure, value, access=access)
    for access in (desk.access, hidden, desk.other()):
        answer = new_client(access.user).get(at(desk))
        lines = lines_of(answer)
        assert sum(int(value) for _name, value in lines) == 42
        may_read = access.user in {desk.access.user, hidden.user}
        assert ("Kamkor" in answer.text) is may_read
        assert (("1 organisation whose name is withheld", "12") in lines) is not may_read


def test_a_long_figure_is_shortened_and_shown_in_full_by_one_press(desk, browser) -> None:
    measure = desk.measure()
    for value in range(1, MOST_LINES_SHOWN + 4):
        desk.figure(measure, value, access=desk.other())
    answer = browser.get(at(desk))
    lines = lines_of(answer)
    assert lines[-1] == ("3 more organisations", str(1 + 2 + 3))
    assert len(lines) == MOST_LINES_SHOWN + 1
    assert sum(int(value) for _name, value in lines) == sum(range(1, MOST_LINES_SHOWN + 4))
    (link,) = html.document_fromstring(answer.content).xpath("//a[contains(@href, 'all=')]")
    assert "Show 3 more lines" in words(answer)
    answer = browser.get(at(desk) + link.get("href"))
    assert sum(int(value) for _name, value in lines_of(answer)) == sum(range(1, MOST_LINES_SHOWN + 4))


@pytest.mark.parametrize(
    ("rung", "given", "beside"),
    [
        (Rung.REACH, {"proof": "measured"}, "A reach needs a proof"),
        (Rung.REACH, {"proof": "estimate", "evidence_url": PROOF}, "not one of the available choices"),
        (Rung.OUTPUT, {"shows_ratio": "on"}, "How many times of what?"),
        (Rung.OUTPUT, {"shows_ratio": "on", "baseline": "0"}, "How many times of what?"),
        (Rung.OUTPUT, {"baseline": "4"}, "Give the day of the number before."),
        (Rung.OUTPUT, {"as_of": (site_today() + 2 * DAY).isoformat()}, "This day is still to come."),
        (Rung.OUTPUT, {"source_en": ""}, "Write it in one language at least."),
        (Rung.OUTPUT, {"value": "-3"}, "greater than or equal to 0"),
        (Rung.OUTPUT, {"baseline": "9" * 30}, "less than or equal to"),
        (Rung.OUTPUT, {"scope_en": "With the CRISIS CENTRE Kamkor"}, "whose name is withheld"),
        (Rung.OUTPUT, {"evidence_url": "javascript:alert(1)"}, "Enter a valid URL"),
    ],
)
def test_a_mistake_stands_beside_its_field_and_nothing_typed_is_lost(
    desk, browser, rung, given, beside
) -> None:
    desk.withheld()
    measure = desk.measure(rung=rung)
    fields = sent(organisation=str(desk.access.organisation.uuid), method_ru="Сосчитано", **given)
    answer = browser.post(f"{at(desk)}declare/{measure.uuid}/", fields)
    page = html.document_fromstring(answer.content)
    errors = " ".join(one.text_content() for one in page.xpath("//*[@class='error']"))
    assert (answer.status_code, Figure.objects.count()) == (422, 0)
    assert beside in errors
    assert "Сосчитано" in answer.text


def test_a_correction_keeps_what_was_and_says_why(desk, browser) -> None:
    figure = desk.figure(desk.measure(), 120)
    page = f"{at(desk)}figures/{figure.line}/"
    answer = browser.post(f"{page}correct/", sent(value="90", note="", revision="1"))
    assert answer.status_code == 422
    corrected = sent(value="90", note="Counted twice", revision="1")
    answer = browser.post(f"{page}correct/", corrected, follow=True)
    text = words(answer)
    for part in ("90 people", "120 people", "Counted twice", "The figure is corrected."):
        assert part in text
    assert "90 people" in words(browser.get(at(desk)))
    for _press in range(2):
        answer = browser.post(page, {"act": "withdraw", "note": "Wrong list"}, follow=True)
        assert "It is withdrawn" in words(answer)
        assert lines_of(browser.get(at(desk))) == []
    browser.post(page, {"act": "restore", "note": "It was right"})
    assert len(lines_of(browser.get(at(desk)))) == 1


def test_who_corrects_what_was_corrected_meanwhile_reads_so_and_loses_nothing(desk, browser) -> None:
    figure = desk.figure(desk.measure(), 120)
    page = f"{at(desk)}figures/{figure.line}/"
    browser.post(f"{page}correct/", sent(value="90", note="Counted twice", revision="1"))
    late = sent(value="80", note="From the lists", revision="1")
    answer = browser.post(f"{page}correct/", late)
    assert answer.status_code == 422
    assert "From the lists" in answer.text
    (revision,) = html.document_fromstring(answer.content).xpath("//input[@name='revision']/@value")
    answer = browser.post(f"{page}correct/", {**late, "revision": revision}, follow=True)
    assert "The figure is corrected." in words(answer)
    assert "80 people" in words(browser.get(at(desk)))


def test_a_change_is_recorded_as_a_contribution(desk, browser) -> None:
    contribution = {
        "change_en": "The committee took up the clause.",
        "contribution_en": "Three organisations sent evidence.",
        "others_en": "The union of lawyers wrote the draft.",
        "confirmed_by_en": "Minutes of the committee",
    }
    fields = {
        "organisation": str(desk.access.organisation.uuid),
        "on": site_today().isoformat(),
        "evidence_url": PROOF,
    }
    for name in contribution:
        answer = browser.post(f"{at(desk)}changes/new/", {**fields, **contribution, name: ""})
        assert answer.status_code == 422
    answer = browser.post(f"{at(desk)}changes/new/", {**fields, **contribution}, follow=True)
    labels = ("What changed", "Who outside confirms it", "Proof on outlet.example")
    for part in (*contribution.values(), *labels):
        assert part in words(answer)
    line = Contribution.objects.get().line
    page = f"{at(desk)}changes/{line}/"
    contribution["others_en"] = "Two unions wrote it."
    correction = {**fields, **contribution, "note": "One was left out", "revision": "1"}
    answer = browser.post(f"{page}correct/", correction, follow=True)
    assert "Two unions wrote it." in words(answer)
    assert "One was left out" in words(answer)


def test_members_declare_for_their_own_organisation_alone(desk) -> None:
    measure = desk.measure()
    writer, reader = desk.other(), desk.other(SeatRole.OBSERVER)
    browser = new_client(writer.user)
    fields = sent(organisation=str(desk.access.organisation.uuid))
    assert browser.post(f"{at(desk)}declare/{measure.uuid}/", fields).status_code == 422
    figure = desk.figure(measure, 5)
    assert browser.get(f"{at(desk)}figures/{figure.line}/correct/").status_code == 403
    assert browser.post(f"{at(desk)}figures/{figure.line}/", {"note": "No"}).status_code == 403
    for path in ("declare/", f"declare/{measure.uuid}/", "changes/new/"):
        assert new_client(reader.user).get(at(desk) + path).status_code == 403
    assert Figure.objects.get().value == 5


def test_files_have_every_line_and_no_formula(desk, browser) -> None:
    measure = desk.measure("=2+3")
    hidden = desk.withheld("confidential")
    for access, value in ((desk.access, 30), (hidden, 12)):
        desk.figure(measure, value, access=access)
    answer = new_client(desk.other().user).get(f"{at(desk)}figures.csv")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [(row["Row"], row["Figure"], row["Number"]) for row in rows] == [
        ("total", "'=2+3", "42"),
        ("part", "'=2+3", "30"),
        ("part", "'=2+3", "12"),
    ]
    assert "Kamkor" not in answer.content.decode()
    answer = browser.get(f"{at(desk)}figures.pdf?organisation={desk.access.organisation.uuid}")
    assert answer.content.startswith(b"%PDF")


def test_the_page_is_narrowed_and_a_wrong_choice_is_said(desk, browser) -> None:
    measure, other = desk.measure(), desk.other()
    desk.figure(measure, 3)
    desk.figure(measure, 4, access=other, as_of=site_today() - 50 * DAY)
    assert lines_of(browser.get(f"{at(desk)}?organisation={other.organisation.uuid}")) == [
        (other.organisation.name_in("en"), "4")
    ]
    assert [line[1] for line in lines_of(browser.get(f"{at(desk)}?since={site_today() - DAY}"))] == ["3"]
    answer = browser.get(f"{at(desk)}?since={site_today()}&until={site_today() - DAY}")
    assert "The last day is before the first." in words(answer)


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_costs_as_many_queries_with_three_figures_as_with_one(desk, number) -> None:
    grant = desk.grant()
    desk.figure(desk.measure("Calls"), 7, access=desk.withheld("confidential"))
    for index in range(number):
        desk.figure(desk.measure(f"Measure {index}"), 5, access=desk.access, grant=grant)
        desk.figure(desk.measure(f"More {index}"), 5, access=desk.other())
    browser = new_client(desk.access.user)
    browser.get(at(desk))
    with CaptureQueriesContext(connection) as queries:
        assert browser.get(at(desk)).status_code == 200
    assert len(queries) <= 12, "\n".join(re.sub(r"SELECT .*? FROM", "", one["sql"])[:200] for one in queries)


def test_the_section_says_what_is_there(desk) -> None:
    def card():
        return next(one for one in section_cards(desk.access) if one.name == "impact")

    assert "counted already" in card().summary.text
    desk.figure(desk.measure(), 5)
    assert card().summary.text == "1 declared figure, 0 frozen reports."


@pytest.mark.parametrize(
    "wrong", ["since=2026-05-01&until=2026-04-01", "until=soon", "grant=0", "organisation=7"]
)
def test_a_wrong_choice_shows_no_figure_in_page_or_file(desk, browser, wrong) -> None:
    desk.figure(desk.measure(), 120)
    for rest in ("", "figures.csv", "figures.pdf"):
        assert browser.get(f"{at(desk)}{rest}").status_code == 200
        answer = browser.get(f"{at(desk)}{rest}?{wrong}")
        assert answer.status_code == 422
        assert lines_of(answer) == []
        assert html.document_fromstring(answer.content).xpath("//*[@class='error']")


def test_what_was_withdrawn_is_found_again(desk, browser) -> None:
    line = desk.figure(desk.measure(), 120).line
    page = f"{at(desk)}figures/{line}/"
    assert page not in browser.get(f"{at(desk)}declare/").text
    browser.post(page, {"act": "withdraw", "note": "Wrong list"})
    assert page in browser.get(f"{at(desk)}declare/").text
    assert "Why it counts again" in browser.get(page).text


def test_a_correction_keeps_a_file_that_the_person_may_not_read(desk, browser) -> None:
    file = filled(StoredFile, workspace=desk.workspace, restricted=True)
    figure = desk.figure(desk.measure(), 120)
    Figure.objects.filter(pk=figure.pk).update(evidence_file=file)
    page = f"{at(desk)}figures/{figure.line}/correct/"
    assert "The file as it is" in browser.get(page).text
    assert browser.post(page, sent(value="90", note="Counted twice", revision="1")).status_code == 302
    assert Figure.objects.get(line=figure.line, replaced_at=None).evidence_file == file


@pytest.mark.parametrize(
    ("value", "before", "shown"),
    [(4, 1000, "× 0.004 of"), (1, 100_000, "1 (last"), (70, 20, "× 3.5 of"), (0, 20, "× 0 of")],
)
def test_a_ratio_is_never_rounded_to_nothing(desk, browser, value, before, shown) -> None:
    baseline = {"baseline": before, "baseline_words": {"en": "last year"}, "shows_ratio": True}
    desk.figure(desk.measure(), value, baseline_on=site_today() - DAY, **baseline)
    (row,) = html.document_fromstring(browser.get(at(desk)).content).xpath(
        "//dt[normalize-space()='Before']/following-sibling::dd[1]"
    )
    text = " ".join(row.text_content().split())
    assert shown in text if "×" in shown else "×" not in text
