"""People in office, and what they have in common."""

import datetime

import pytest
from django.utils.translation import override

from coalition.campaigns.core.days import site_today
from coalition.campaigns.models import Body, Target
from coalition.campaigns.recipients.actions.bodies import archive_body
from coalition.campaigns.recipients.queries import (
    bodies_of,
    committees_of,
    in_group,
    is_old,
    languages_of,
    lists_of,
    regions_of,
    targets_in_office,
)
from tests.campaigns.recipients.lists import PEOPLE, body_of, imported
from tests.events.planning.builders import stage

pytestmark = pytest.mark.django_db


@pytest.fixture
def here():
    return stage()


def groups(found) -> list[tuple[str, str, int]]:
    return [(one.key, str(one.label), one.count) for one in found]


def test_people_in_office_are_those_of_bodies_in_use_who_are_not_gone(here) -> None:
    parliament, council = (body_of(here.access()) for _ in range(2))
    for body in (parliament, council):
        imported(here.access(), body)
    imported(here.access(), parliament, *PEOPLE[:2])
    archive_body(access=here.access(), body=council)
    rows = targets_in_office([parliament, council])
    assert [(one.body, one.external_id) for one in rows] == [(parliament, "1"), (parliament, "2")]


def test_groups_are_counted_and_gone_people_are_in_none(here) -> None:
    body = body_of(here.access())
    imported(here.access(), body, *PEOPLE, "4;Demo Four;Committee C;KZ-10;en;")
    imported(here.access(), body, *PEOPLE)
    assert groups(committees_of([body])) == [("Committee A",) * 2 + (2,), ("Committee B",) * 2 + (1,)]
    assert groups(regions_of([body])) == [("KZ-71", "KZ-71", 1), ("KZ-75", "KZ-75", 1)]
    assert groups(languages_of([body])) == [("kk", "kk", 2), ("ru", "ru", 2)]
    assert lists_of([body]) == []


def test_a_group_is_labelled_in_the_readers_language_and_chosen_by_the_same_key(here) -> None:
    body = body_of(here.access())
    heads = "id;name;committee (kk);committee (ru)"
    imported(here.access(), body, "1;Demo;Заң комитеті;Комитет по закону", heads=heads)
    for language, label in (("kk", "Заң комитеті"), ("ru", "Комитет по закону")):
        with override(language):
            assert groups(committees_of([body])) == [("Заң комитеті", label, 1)]
    assert in_group(targets_in_office([body]), committee="Заң комитеті") == [Target.objects.get()]
    assert in_group(targets_in_office([body]), committee="Комитет по закону") == []


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({}, "123"),
        ({"committee": "Committee A"}, "13"),
        ({"committee": "Committee A", "language": "ru"}, "1"),
        ({"region": "KZ-71"}, "2"),
        ({"words": "two demo"}, "2"),
        ({"words": "TWO"}, "2"),
        ({"electoral_list": "none"}, ""),
    ],
)
def test_people_are_chosen_by_everything_at_once(here, wanted, found) -> None:
    body = body_of(here.access())
    imported(here.access(), body)
    assert [one.external_id for one in in_group(targets_in_office([body]), **wanted)] == list(found)


def test_a_list_is_old_after_180_days() -> None:
    today = site_today()
    assert not is_old(Body(as_of=today - datetime.timedelta(days=180)))
    assert is_old(Body(as_of=today - datetime.timedelta(days=181)))
    assert not is_old(Body())


def test_they_take_the_same_queries_for_one_body_and_for_three(here, django_assert_num_queries) -> None:
    for count in (1, 3):
        while Body.objects.count() < count:
            imported(here.access(), body_of(here.access()))
        bodies = list(Body.objects.all())
        for query in (targets_in_office, committees_of, lists_of, regions_of, languages_of):
            with django_assert_num_queries(1):
                assert (
                    [one.body.uuid for one in query(bodies)]
                    if query is targets_in_office
                    else query(bodies) is not None
                )
        with django_assert_num_queries(1):
            assert [one.in_office for one in bodies_of(here.workspace)] == [3] * count
