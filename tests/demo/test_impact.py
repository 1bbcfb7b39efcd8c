"""The data of the demo's figures: whole, in three languages, and as the product takes it."""

import re

import pytest

from coalition.campaigns.impact.enums import MOST_WORDS, CountedItem, Rung
from coalition.campaigns.impact.models import Contribution, Figure, Measure
from demo.load import load
from demo.seed.impact import PAID
from tests.demo.test_data import CLAIMS, LANGUAGES, MAIN, all_strings, workspace

demo = load()
impact = demo.impact
measures = impact["measures"]
FIGURES = [
    pytest.param(measure, figure, id=f"{measure['words']['en']}-{number}")
    for measure in measures
    for number, figure in enumerate(measure["figures"])
]
CHANGES = pytest.mark.parametrize("change", impact["changes"], ids=lambda change: change["on_days_ago"])


def organisation_of(record):
    by = demo.person(record["by"])["memberships"][0]["organisation"]
    return record.get("organisation", by)


def figures():
    return [figure for measure in measures for figure in measure["figures"]]


def test_figures_stand_on_three_rungs_and_changes_on_the_fourth():
    assert {measure["rung"] for measure in measures} | {Rung.CHANGE} == set(Rung.values)
    assert (len(measures), len(figures()), len(impact["changes"])) == (6, 16, 2)


def test_organisations_of_every_listing_declare_figures():
    listings = {demo.organisation(organisation_of(one))["listing"] for one in figures()}
    assert listings == {"public", "withheld", "confidential"}
    assert len({organisation_of(one) for one in figures()}) >= 6


@pytest.mark.parametrize("measure, figure", FIGURES)
def test_a_figure_is_declared_by_somebody_who_may_for_an_organisation_that_takes_part(measure, figure):
    person = demo.person(figure["by"])
    own = person["memberships"][0]["organisation"]
    assert person["seat"] == "coordinator" or (person["seat"], organisation_of(figure)) == ("editor", own)
    assert organisation_of(figure) in workspace(MAIN)["organisations"]


@pytest.mark.parametrize("measure, figure", FIGURES)
def test_a_figure_is_declared_after_its_day_and_before_the_reports(measure, figure):
    assert figure["as_of_days_ago"] >= figure["declared_days_ago"] > impact["frozen_days_ago"]
    assert figure["declared_days_ago"] < impact["grant"]["added_days_ago"]
    if "before" in figure:
        assert figure["before"]["days_ago"] > figure["as_of_days_ago"]


@pytest.mark.parametrize("measure, figure", FIGURES)
def test_a_reach_has_a_proof_and_nothing_else_has(measure, figure):
    assert ("proof" in figure, "url" in figure) == ((measure["rung"] == "reach",) * 2)


@pytest.mark.parametrize("measure, figure", FIGURES)
def test_words_fit_their_fields(measure, figure):
    parts = [(Measure, measure, ("words", "unit")), (Figure, figure, ("scope", "source", "method"))]
    for model, record, names in parts:
        for name in names:
            most = model._meta.get_field(name).max_length
            assert max(map(len, record[name].values())) <= most


def test_reliabilities_are_apart_and_one_figure_has_a_ratio():
    proofs = {figure.get("proof") for figure in figures()}
    assert proofs == {"measured", "counter", None}
    (ratio,) = [one for one in figures() if "before" in one]
    assert ratio["value"] > ratio["before"]["value"]


def test_a_paid_figure_is_corrected_with_a_note():
    (corrected,) = [one for one in figures() if "corrected" in one]
    assert corrected["is_paid"]
    assert corrected["value"] > corrected["corrected"]["value"]
    assert len(" / ".join(corrected["corrected"]["note"].values())) <= 300


def test_the_grant_is_of_an_invented_donor_and_an_organisation_that_is_named():
    grant = impact["grant"]
    assert demo.organisation(grant["organisation"])["listing"] == "public"
    assert grant["organisation"] in workspace(MAIN)["organisations"]
    assert "invented" in grant["donor"]
    assert grant["link"]["given_days_ago"] <= PAID <= grant["added_days_ago"]


def test_what_the_grant_pays_is_in_the_demo():
    pays = impact["grant"]["pays"]
    assert set(pays) == set(CountedItem.values) - {"ask"}
    known = {
        "publication": {one["id"] for one in demo.drafts if one["state"] == "published"},
        "event": {one["id"] for one in demo.events if one.get("announced", {}).get("visibility") == "public"},
        "coverage": {one["title"] for one in demo.coverage if not one.get("by_link")},
        "media_item": {one["name"] for one in demo.media_package["items"]},
        "appeal": {one["slug"] for one in demo.appeals},
        "letters": {one["slug"] for one in demo.letters},
        "postcards": {one["slug"] for one in demo.postcards},
    }
    assert [name for kind, names in pays.items() for name in names if name not in known[kind]] == []
    assert all(one["days_ago"] >= PAID for one in demo.coverage if one["title"] in pays["coverage"])


@CHANGES
def test_a_change_is_told_whole_and_once_it_happened(change):
    assert demo.person(change["by"])["seat"] in ("editor", "coordinator")
    assert change["on_days_ago"] >= change["recorded_days_ago"] >= impact["frozen_days_ago"]
    for name in ("change", "contribution", "others", "confirmed_by"):
        most = Contribution._meta.get_field(name).max_length
        assert max(map(len, change[name].values())) <= most <= MOST_WORDS


def test_one_change_is_of_an_ask_that_was_adopted_in_part():
    asks = [change["ask"] for change in impact["changes"] if "ask" in change]
    steps = [demo.asks[number - 1]["steps"][-1] for number in asks]
    assert [(one["status"], one["days_ago"]) for one in steps] == [
        ("partly_adopted", impact["changes"][0]["on_days_ago"])
    ]


def test_no_name_is_told_that_must_not_be():
    told = "\n".join(all_strings(impact))
    for organisation in demo.organisations:
        if organisation["listing"] == "public":
            continue
        for name in organisation["name"].values():
            quoted = re.search(r"«(.+?)»", name)
            assert (quoted[1] if quoted else name) not in told


def test_invented_numbers_are_not_those_of_the_real_campaign():
    assert not [words for words in all_strings(impact) if CLAIMS.search(words)]
    ratios = [one["value"] / one["before"]["value"] for one in figures() if "before" in one]
    assert all(ratio < 6 for ratio in ratios)


def test_every_text_is_in_three_languages():
    def lines(value):
        if isinstance(value, dict) and set(value) & set(LANGUAGES):
            yield value
        elif isinstance(value, dict | list):
            for one in value.values() if isinstance(value, dict) else value:
                yield from lines(one)

    found = list(lines(impact))
    assert all(set(one) == set(LANGUAGES) for one in found)
    assert all(len({*one.values()}) >= 2 for one in found)
    kazakh = " ".join(one["kk"] for one in found)
    assert len(re.findall(r"[әғқңөұүһі]", kazakh)) > 200
