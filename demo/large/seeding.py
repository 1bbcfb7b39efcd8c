"""Seed the large demo on top of the small one, in one transaction."""

import datetime
from collections.abc import Callable

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from coalition.accounts.queries import demo_people
from coalition.mail.outbox import drop_waiting_mail
from coalition.workspaces.models import Workspace
from demo.large.accounts import create_teams
from demo.large.approval_rounds import Rounds
from demo.large.counts import LARGE, Counts, counted, is_large, shares
from demo.large.drafts import write_drafts
from demo.large.events import create_events
from demo.large.news import publish_articles
from demo.large.workspaces import Seating, create_workspaces
from demo.seed.seeding import DemoNotAllowed, seed_small_demo
from home.models import DemoThing
from home.search.find import index_new

type Tell = Callable[[str], object]


def seed_large_demo(counts: Counts = LARGE, *, tell: Tell = lambda _words: None) -> None:
    """Seed the small demo if it is missing, then the rest up to `counts`, unless the large demo is there.

    `tell` is called with progress messages. Raises DemoNotAllowed as `seed_small_demo`
    does, ValueError if there is already more than `counts`.
    """
    if settings.REFUSE_DEMO_ACCOUNTS or not settings.DEMO:
        raise DemoNotAllowed
    seed_small_demo()
    if is_large():
        return
    left = counts.less(counted())
    with transaction.atomic():
        _seed(left, timezone.now(), tell)


def _seed(left: Counts, until: datetime.datetime, tell: Tell) -> None:
    main = _first_workspace()
    teams = create_teams(organisations=left.organisations, people=left.people)
    tell(f"{left.organisations} more organisations and {left.people} more people are there.")
    seatings = create_workspaces(left.workspaces, teams, main)
    tell(f"{left.workspaces} more workspaces are open.")
    _write(seatings, left, until, tell)
    _gather(seatings, left, until, tell)
    _publish(left, until, tell)
    drop_waiting_mail(demo_people().values_list("uuid", flat=True))  # nobody is written to


def _first_workspace() -> Workspace:
    """Return the small demo's workspace in which the personas have seats."""
    keys = DemoThing.objects.filter(kind__app_label="workspaces", kind__model="workspace").values("key")
    return Workspace.objects.filter(pk__in=keys, seats__person__email="coordinator@demo.example").get()


def _write(seatings: list[Seating], left: Counts, until: datetime.datetime, tell: Tell) -> None:
    parts = enumerate(shares(left.versions, left.drafts))
    planned = ((number, seatings[number % len(seatings)], versions) for number, versions in parts)
    rounds, written, versions = Rounds(until), 0, 0
    for made in write_drafts(planned, until):
        rounds.take(made)
        written += len(made)
        versions += sum(named for one in made for _states, named in one.states.values())
        tell(f"{written} of {left.drafts} drafts are written, with {versions} versions.")


def _gather(seatings: list[Seating], left: Counts, until: datetime.datetime, tell: Tell) -> None:
    planned = ((number, seatings[number % len(seatings)]) for number in range(left.events))
    held = 0
    for events in create_events(planned, until):
        index_new(events=[event.pk for event in events])
        held += len(events)
        tell(f"{held} of {left.events} events are planned.")


def _publish(left: Counts, until: datetime.datetime, tell: Tell) -> None:
    pages = 0
    for batch in publish_articles(left.articles, until):
        index_new(pages=batch)
        pages += len(batch)
        tell(f"{pages} of {3 * left.articles} pages of news are published.")
