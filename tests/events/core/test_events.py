"""Which events a person may see: roles × states × visibility, and at what cost."""

import datetime

import pytest
from django.contrib.auth.models import AnonymousUser

from coalition.accounts.models import Membership, OrganisationKind
from coalition.accounts.naming import PUBLIC
from coalition.core.clock import now
from documents.drafts.models import Handling
from events.cohosts.actions import answer_co_host, ask_co_hosts
from events.core.actions.plan import cancel_event, move_event
from events.core.actions.times import move_occurrence
from events.core.enums import Frequency, Visibility
from events.core.facts import RecurrenceRule
from events.core.queries import (
    events_between,
    events_for,
    hosting_requests_of,
    non_public_events_for,
    prefetch_event_details,
    public_events,
    seated_events_for,
    text_in,
    translated_text_expression,
)
from events.core.summary import facts_for
from events.models import Event
from tests.events.planning.builders import (
    Stage,
    announced,
    exhibition,
    planned,
    representative_of,
    stage,
    texts_of,
    times_from,
)
from tests.factories import FreezeFactory, MembershipFactory, OfficeFactory, OrganisationFactory, UserFactory

pytestmark = pytest.mark.django_db

READERS = {"reviewer", "contributor", "editor", "coordinator"}
SEATED = READERS | {"observer"}
W, C, P = Visibility.WORKSPACE, Visibility.COALITION, Visibility.PUBLIC


def everyone(here: Stage) -> dict[str, object]:
    """People by who they are: with a seat here by their role, and without one."""
    people: dict[str, object] = {role: here.user(role) for role in here.seats}
    left = here.take("coordinator", name="left").person
    Membership.objects.filter(person=left).update(ended_at=now())
    frozen = here.take("coordinator", name="frozen")
    FreezeFactory(organisation=frozen.organisation, frozen_at=now())
    people["neighbour"] = stage().user("coordinator")
    people["media partner"] = MembershipFactory(
        organisation=OrganisationFactory(kind=OrganisationKind.MEDIA_PARTNER)
    ).person
    people["left"], people["frozen"] = left, frozen.person
    people["secretariat"] = OfficeFactory().person
    people["superuser"] = UserFactory(is_superuser=True, is_staff=True)
    people["anonymous"] = AnonymousUser()
    return people


def seen_by(here: Stage, event: Event) -> set[str]:
    return {name for name, user in everyone(here).items() if event in events_for(user)}


@pytest.mark.parametrize("state", ["announced", "moved", "cancelled"])
@pytest.mark.parametrize(
    "visibility, others",
    [(W, set()), (C, {"neighbour"}), (P, {"neighbour", "media partner"})],
)
def test_who_sees_a_told_event(state, visibility, others) -> None:
    here = stage()
    event = announced(here.access(), visibility=visibility)
    if state == "moved":
        event = move_event(
            access=here.access(), event=event, times=times_from("2026-03-09 11:00", "2026-03-09 12:00")
        )
    elif state == "cancelled":
        event = cancel_event(access=here.access(), event=event)
    assert seen_by(here, event) == SEATED | others
    assert (event in public_events()) == (visibility == P) == event.is_public


@pytest.mark.parametrize("cancelled", [False, True])
def test_who_sees_a_planned_event(cancelled) -> None:
    here = stage()
    event = planned(here.access())
    if cancelled:
        event = cancel_event(access=here.access(), event=event)
    assert seen_by(here, event) == READERS
    assert event not in public_events()


def test_who_sees_a_restricted_event() -> None:
    here = stage()
    event = planned(here.access(), restricted_to=(here.organisation("editor"), here.organisation("observer")))
    assert seen_by(here, event) == {"editor"}


def test_an_event_of_the_coalition_is_for_partners_of_which_one_is_no_media_partner() -> None:
    event = announced(visibility=C)
    both = MembershipFactory(organisation=OrganisationFactory(kind=OrganisationKind.MEDIA_PARTNER)).person
    assert event not in events_for(both)
    MembershipFactory(person=both)
    assert event in events_for(both)


def test_a_mark_that_became_stricter_by_whatever_way_takes_it_off_every_public_list() -> None:
    event = announced()
    Event.objects.filter(pk=event.pk).update(handling=Handling.WORKSPACE)
    event.refresh_from_db()
    assert event not in public_events()
    assert not event.is_public
    assert event not in events_for(MembershipFactory().person)


@pytest.mark.parametrize("visibility", Visibility)
@pytest.mark.parametrize("handling", [Handling.PUBLIC, Handling.COALITION])
def test_beside_what_everyone_sees_stands_all_else_that_one_sees(visibility, handling) -> None:
    here = stage()
    told = announced(here.access(), visibility=visibility)
    Event.objects.filter(pk=told.pk).update(handling=handling)
    restricted = planned(here.access(), restricted_to=(here.organisation("editor"),))
    Event.objects.filter(pk=restricted.pk).update(visibility=visibility)
    planned(here.access())
    public = set(public_events().values_list("pk", flat=True))
    for name, user in everyone(here).items():
        seen = set(events_for(user).values_list("pk", flat=True))
        assert set(non_public_events_for(user).values_list("pk", flat=True)) == seen - public, name


def test_lists_are_narrowed_to_a_workspace() -> None:
    here, there = stage(), stage()
    own, other = planned(here.access()), announced(there.access())
    user = here.user()
    assert list(events_for(user)) == [own, other]
    assert list(events_for(user, here.workspace)) == [own]
    assert list(events_for(user, there.workspace)) == [other]
    assert list(seated_events_for(user)) == [own]


def test_what_a_representative_is_asked_is_no_right_to_see_the_event_elsewhere() -> None:
    here = stage()
    event = planned(here.access())
    partner = here.organisation("observer")
    ask_co_hosts(access=here.access(), event=event, organisations=[partner])
    person = representative_of(partner)
    assert hosting_requests_of(person).get().event == event
    assert event not in events_for(person)
    assert not hosting_requests_of(AnonymousUser())


@pytest.mark.parametrize(
    "first, last, there",
    [
        ("2026-03-03", "2026-03-04", {"once", "weekly"}),
        ("2026-03-10", "2026-03-11", {"weekly", "shown"}),
        ("2026-04-29", "2026-04-30", {"weekly", "shown"}),
        ("2026-06-01", "2026-06-02", {"weekly"}),
        ("2027-06-01", "2027-06-02", {"weekly"}),
        ("2026-02-03", "2026-02-04", {"weekly"}),  # a date moved before the first
        ("2026-01-03", "2026-01-04", set()),
    ],
)
def test_between_finds_what_happens_then(first, last, there) -> None:
    here = stage()
    weekly = announced(here.access(), rule=RecurrenceRule(Frequency.WEEKLY), title="weekly")
    move_occurrence(
        access=here.access(),
        event=weekly,
        on=datetime.date(2026, 3, 17),
        to_date=datetime.date(2026, 2, 3),
    )
    found = {
        "once": announced(here.access()),
        "weekly": weekly,
        "shown": exhibition(here.access()),
    }
    from_, to = (datetime.datetime.fromisoformat(f"{one}T00:00+05:00") for one in (first, last))
    names = {event.pk: name for name, event in found.items()}
    listed = {names[event.pk] for event in events_between(events_for(here.user()), from_, to)}
    assert listed == there


def test_words_are_read_in_the_next_best_language() -> None:
    texts = texts_of("Meeting")
    del texts["en"]
    event = planned(texts=texts)
    assert text_in(event, "en").title == "Meeting kk"
    assert text_in(event, "ru").title == "Meeting ru"
    assert text_in(event).title == "Meeting kk"
    event.texts.all().delete()
    assert text_in(event, "en").title == ""


@pytest.mark.parametrize("untitled", [[], ["kk"], ["en"], ["kk", "ru"], ["kk", "ru", "en"]])
@pytest.mark.parametrize("language", ["kk", "ru", "en", ""])
def test_lists_tell_the_words_that_the_event_itself_tells(untitled, language) -> None:
    event = planned(texts=texts_of("Meeting"))
    event.texts.filter(language__in=untitled).update(title="")
    rows = Event.objects.annotate(
        told=translated_text_expression(language, event="pk"),
        place=translated_text_expression(language, "place", event="pk"),
    )
    text = text_in(event, language)
    assert rows.values_list("told", "place").get() == (text.title, text.place)


def test_telling_three_events_costs_as_many_queries_as_telling_one(django_assert_max_num_queries) -> None:
    here = stage()
    partner = here.organisation("observer")
    costs = []
    for number in (1, 3):
        while Event.objects.count() < number:
            event = exhibition(here.access(), visibility=None)
            [row] = ask_co_hosts(access=here.access(), event=event, organisations=[partner])
            answer_co_host(user=representative_of(partner), co_host=row, consents=True)
        with django_assert_max_num_queries(12) as capture:
            for event in prefetch_event_details(events_for(here.user())):
                assert facts_for(event, language="en", viewer=PUBLIC).organisers
        costs.append(len(capture))
    assert costs[0] == costs[1]
