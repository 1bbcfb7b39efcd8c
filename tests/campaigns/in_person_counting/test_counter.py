"""The column “In person”: settled counts of the newest text, with how they were counted."""

import pytest
from django.test import Client
from django.urls import reverse

from coalition.campaigns.core.double_count import CountMethod
from coalition.campaigns.core.regional_actions import regional_actions
from coalition.campaigns.counters.columns import counts_of
from coalition.campaigns.counters.enums import Column
from coalition.campaigns.in_person.counting.actions import close_table, count_sheets, give_count
from coalition.campaigns.in_person.counting.counter import count_in_person
from coalition.campaigns.models import Tally
from coalition.core.clock import now
from tests.campaigns.in_person_sheets.builders import ALMATY, KOSTANAY
from tests.factories import OrganisationFactory

pytestmark = pytest.mark.django_db


def column(here):
    (found,) = [one for one in counts_of(here.appeal.uuid) if one.column == Column.IN_PERSON]
    return found


def settled(here, count, **given):
    tally = close_table(access=here.access, table=here.table(**given), count=count)
    give_count(access=here.other(), tally=tally, count=count)
    return tally


def test_nothing_is_counted_before_two_people_agree(here):
    close_table(access=here.access, table=here.table(), count=63)
    found = column(here)
    assert found.count.value is None
    assert "Two people of two organisations" in found.method


def test_tables_with_their_codes_and_sheets_are_one_number(here):
    tally = settled(here, 63)
    Tally.objects.filter(pk=tally.pk).update(codes=12)
    bundle = count_sheets(access=here.access, appeal=here.appeal, numbers=here.returned(3), count=40)
    assert column(here).count.value == 75
    give_count(access=here.other(), tally=bundle, count=40)
    found = column(here)
    assert found.count.value == 115
    assert found.count.as_of <= now()
    assert "telephone:" not in found.method


def test_the_method_says_how_many_were_read_back(here):
    here.made.organisations[1].regions = [ALMATY]
    here.made.organisations[1].save()
    settled(here, 10)
    elsewhere = here.table(region=KOSTANAY)
    tally = close_table(access=here.access, table=elsewhere, count=5)
    give_count(
        access=here.other(here.access.organisation),
        tally=tally,
        count=5,
        method=CountMethod.BY_TELEPHONE,
    )
    assert column(here).method.endswith("Counts by telephone: 1 of 2.")


def test_a_new_text_takes_nobody_over(here):
    settled(here, 10)
    here.new_words()
    assert column(here).count.value is None
    settled(here, 4)
    assert column(here).count.value == 4


def test_the_counter_costs_one_query(here, django_assert_num_queries):
    for count in (1, 2, 3):
        settled(here, count)
        with django_assert_num_queries(1):
            count_in_person(here.appeal.uuid)


def test_the_public_json_has_the_number_and_the_method(here):
    settled(here, 10)
    answer = Client().get(reverse("support_appeal", args=[here.appeal.slug]) + "counters.json")
    found = {one["column"]: one for one in answer.json()["columns"]}
    assert found["in_person"]["count"] == 10
    assert "Two people" in found["in_person"]["method"] or found["in_person"]["method"]


def test_regions_have_what_was_counted_by_organisation(here, django_assert_num_queries):
    settled(here, 10)
    settled(here, 5, organisation=OrganisationFactory(), region=KOSTANAY)
    own = here.access.organisation.pk
    (action,) = [one for one in regional_actions() if one.name == "in_person"]
    with django_assert_num_queries(1):
        done = action.done(here.made.workspace)
    assert done[own, ALMATY] == 10
    assert sum(done.values()) == 15
