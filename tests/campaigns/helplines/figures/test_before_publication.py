"""What organisations read of each other's figures before they are public: nothing but who agrees."""

import re

import pytest
import time_machine

from coalition.campaigns.helplines.figures.publication import (
    drop_figures,
    publish_figures,
    refuse,
    withdraw_figures,
)
from coalition.campaigns.helplines.figures.queries import cells_of
from coalition.campaigns.models import HelpMonth
from tests.campaigns.helplines.figures.builders import ABAI, ASTANA, NOW, Stage, desk_page, enter, month
from tests.factories import MembershipFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def here() -> Stage:
    return Stage()


def numbers_in(told: str) -> set[str]:
    """The numbers of contacts on a page of the desk."""
    return set(re.findall(r"<b>(\d+)</b></td>", told)) | set(re.findall(r"(\d+) contacts? in all", told))


def test_before_it_is_public_each_organisation_reads_the_numbers_of_its_own_lines(client_of, here) -> None:
    enter(here.second, month(9), 641, {(ABAI, "kk"): 211, (ASTANA, "ru"): 430})
    publication = here.propose(first=9, last=9)
    theirs = {"641", "211", "430"}
    colleague = MembershipFactory(organisation=here.first.organisation).person
    for stage in ("proposed", "agreed"):
        for person in (here.anna, colleague):
            told = desk_page(client_of, person, publication)
            assert "60" in numbers_in(told), stage
            assert not numbers_in(told) & theirs, stage
            assert str(here.second.entries.get().name) not in told
        assert numbers_in(desk_page(client_of, here.bota, publication)) >= theirs
        here.agree(publication)
    publish_figures(person=here.anna, publication=publication)
    assert numbers_in(desk_page(client_of, here.anna, publication)) >= theirs | {"60"}


def test_two_proposals_cannot_be_subtracted_by_who_proposes_them(client_of, here) -> None:
    enter(here.second, month(10), 3)
    told = []
    for first, last in ((9, 10), (9, 9)):
        publication = here.propose(first=first, last=last)
        assert publication.lines.filter(helpline=here.second).exists()
        told.append(numbers_in(desk_page(client_of, here.anna, publication)))
        drop_figures(person=here.anna, publication=publication)
    assert "63" not in told[0]
    assert told[1] == numbers_of(here, first=9, last=9)


def numbers_of(here: Stage, **months: int) -> set[str]:
    """The numbers of the first line alone, of a proposal of these months."""
    publication = here.propose(**months)
    cells = cells_of(publication.lines.get(helpline=here.first))
    drop_figures(person=here.anna, publication=publication)
    return {str(cell.count) for cell in cells if cell.is_leaf or not cell.path}


def test_who_refused_or_takes_an_agreement_back_is_read_by_nobody_else(client_of, here) -> None:
    enter(here.second, month(9), 641)
    publication = here.publish(first=9, last=9)
    refuse(person=here.bota, publication=publication, organisation=here.second.organisation)
    assert "641" not in numbers_in(desk_page(client_of, here.anna, publication))
    assert "641" in numbers_in(desk_page(client_of, here.bota, publication))
    assert "60" in numbers_in(desk_page(client_of, here.bota, publication))
    withdraw_figures(person=here.anna, publication=publication)
    assert "60" not in numbers_in(desk_page(client_of, here.bota, publication))


def test_who_proposes_without_a_line_of_its_own_in_it_reads_no_number(client_of, here) -> None:
    HelpMonth.objects.filter(helpline=here.first).delete()
    told = desk_page(client_of, here.anna, here.propose())
    assert numbers_in(told) == set()
    assert "No line of your organisation is in it" in told
    assert "Has not answered" in told
