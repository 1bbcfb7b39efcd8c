"""Who stands behind an event: what everyone reads, and what members do."""

import pytest

from coalition.accounts.models import Listing
from coalition.accounts.naming import PUBLIC, viewer_for
from events.cohosts.actions import answer_co_host, ask_co_hosts
from events.core.naming import names_for, organisers_for, withheld_count, withheld_words
from events.models import Event
from tests.events.planning.builders import Stage, planned, representative_of, stage
from tests.factories import MembershipFactory, OrganisationFactory, ParticipationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> Stage:
    return stage()


def hosted(here: Stage, *listings: str, consents: bool = True) -> Event:
    event = planned(here.access())
    for listing in listings:
        partner = OrganisationFactory(
            listing=listing, **dict.fromkeys(("name_kk", "name_ru", "name_en"), f"Canary {listing}")
        )
        ParticipationFactory(workspace=here.workspace, organisation=partner)
        [row] = ask_co_hosts(access=here.access(), event=event, organisations=[partner])
        if consents:
            answer_co_host(user=representative_of(partner), co_host=row, consents=True)
    return event


def test_the_planning_organisation_comes_first_and_public_ones_have_a_page(here) -> None:
    event = hosted(here, Listing.PUBLIC)
    first, second = organisers_for(PUBLIC, event, language="ru")
    assert (first.name, first.planning) == (here.organisation().name_ru, True)
    assert (second.name, second.planning, second.withheld) == ("Canary public", False, False)
    assert first.url == f"/ru/partners/{here.organisation().slug}/"


@pytest.mark.parametrize("listing", [Listing.WITHHELD, Listing.CONFIDENTIAL])
def test_everyone_reads_only_how_many_others_there_are(here, listing) -> None:
    event = hosted(here, listing)
    assert [one.planning for one in organisers_for(PUBLIC, event)] == [True]
    assert withheld_count(PUBLIC, event) == 1
    names = names_for(PUBLIC, event, language="en")
    assert names[1] == "and 1 organisation whose name is withheld for its safety"
    assert "Canary" not in repr((names, organisers_for(PUBLIC, event)))


def test_a_withheld_planner_alone_is_counted_too(here) -> None:
    planner = here.organisation()
    planner.listing, planner.slug = Listing.WITHHELD, None
    planner.save()
    event = planned(here.access())
    assert names_for(PUBLIC, event, language="en") == (
        "1 organisation whose name is withheld for its safety",
    )
    assert organisers_for(PUBLIC, event) == ()


def test_members_read_names_and_pseudonyms_as_the_table_says(here) -> None:
    event = hosted(here, Listing.WITHHELD, Listing.CONFIDENTIAL)
    told = {
        name: [one.name for one in organisers_for(viewer_for(user), event)][1:]
        for name, user in {
            "coordinator": here.user("coordinator"),
            "observer": here.user("observer"),
            "elsewhere": MembershipFactory().person,
        }.items()
    }
    assert told["coordinator"] == ["Canary withheld", "Canary confidential"]
    assert told["observer"][0] == "Canary withheld"
    assert "Canary" not in told["observer"][1]
    assert "Canary" not in repr(told["elsewhere"])
    stranger = viewer_for(MembershipFactory().person)
    assert not any(one.url for one in organisers_for(stranger, event)[1:])


def test_nobody_is_named_or_counted_before_consent(here) -> None:
    event = hosted(here, Listing.PUBLIC, Listing.WITHHELD, consents=False)
    assert len(organisers_for(PUBLIC, event)) == 1
    assert withheld_count(PUBLIC, event) == 0


def test_counts_are_whole_sentences() -> None:
    assert withheld_words(0) == ""
    assert withheld_words(2, language="en").startswith("and 2 organisations whose names")
