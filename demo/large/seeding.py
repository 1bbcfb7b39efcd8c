"""Seeding the large demo upon the small one, wholly or not at all."""

import datetime
from collections.abc import Callable

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from coalition.accounts.queries import demo_people
from coalition.mail.outbox import drop_for
from coalition.workspaces.models import Workspace
from demo.large.accounts import gather_crowd
from demo.large.approval_rounds import Rounds
from demo.large.counts import LARGE, Counts, counted, is_large, shares
from demo.large.drafts import write_drafts
from demo.large.events import plan_many
from demo.large.news import publish_articles
from demo.large.workspaces import Room, furnish_many
from demo.seed.seeding import NotHere, sow
from home.models import DemoThing
from home.search.keep import keep_new

type Tell = Callable[[str], object]


def sow_large(counts: Counts = LARGE, *, tell: Tell = lambda _words: None) -> None:
    """Make the small demo if it is not there, then what is missing up to `counts`. Does nothing if the large
    demo is there. `tell` hears how far it is, in words.

    Raises NotHere as `sow` does, ValueError where more is there than is wanted.
    """
    if settings.REFUSE_DEMO_ACCOUNTS or not settings.DEMO:
        raise NotHere
    sow()
    if is_large():
        return
    left = counts.less(counted())
    with transaction.atomic():
        _sow(left, timezone.now(), tell)


def _sow(left: Counts, until: datetime.datetime, tell: Tell) -> None:
    main = _first_workspace()
    crowd = gather_crowd(organisations=left.organisations, people=left.people)
    tell(f"{left.organisations} more organisations and {left.people} more people are there.")
    rooms = furnish_many(left.workspaces, crowd, main)
    tell(f"{left.workspaces} more workspaces are open.")
    _write(rooms, left, until, tell)
    _gather(rooms, left, until, tell)
    _publish(left, until, tell)
    drop_for(demo_people().values_list("uuid", flat=True))  # nobody is written to


def _first_workspace() -> Workspace:
    """The one of the small demo in which the personas sit."""
    keys = DemoThing.objects.filter(kind__app_label="workspaces", kind__model="workspace").values("key")
    return Workspace.objects.filter(pk__in=keys, seats__person__email="coordinator@demo.example").get()


def _write(rooms: list[Room], left: Counts, until: datetime.datetime, tell: Tell) -> None:
    parts = enumerate(shares(left.versions, left.drafts))
    planned = ((number, rooms[number % len(rooms)], versions) for number, versions in parts)
    rounds, written, versions = Rounds(until), 0, 0
    for made in write_drafts(planned, until):
        rounds.take(made)
        written += len(made)
        versions += sum(named for one in made for _states, named in one.states.values())
        tell(f"{written} of {left.drafts} drafts are written, with {versions} versions.")


def _gather(rooms: list[Room], left: Counts, until: datetime.datetime, tell: Tell) -> None:
    planned = ((number, rooms[number % len(rooms)]) for number in range(left.events))
    held = 0
    for events in plan_many(planned, until):
        keep_new(events=[event.pk for event in events])
        held += len(events)
        tell(f"{held} of {left.events} events are planned.")


def _publish(left: Counts, until: datetime.datetime, tell: Tell) -> None:
    pages = 0
    for batch in publish_articles(left.articles, until):
        keep_new(pages=batch)
        pages += len(batch)
        tell(f"{pages} of {3 * left.articles} pages of news are published.")
