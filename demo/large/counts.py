"""Row counts of the large demo, including the small one."""

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass

from coalition.accounts.models import Organisation
from coalition.accounts.queries import demo_people
from coalition.workspaces.models import Workspace
from demo.load import load
from documents.models import Draft, Version
from events.models import Event
from home.models import DemoThing, NewsPage

UNEVEN = (0, -2, 1, 3, -2)  # how far shares lie from the middle; they add up to nothing


@dataclass(frozen=True, kw_only=True)
class Counts:
    """Totals. An article counts once, although it has a page in each language."""

    organisations: int
    people: int
    workspaces: int
    drafts: int
    versions: int
    events: int
    articles: int

    def less(self, there: "Counts") -> "Counts":
        """What is still to be made. Raises ValueError where more is there than is wanted."""
        left = {name: number - getattr(there, name) for name, number in dataclasses.asdict(self).items()}
        if too_many := [name for name, number in left.items() if number < 0]:
            raise ValueError(f"More there than wanted: {', '.join(too_many)}")
        return Counts(**left)


LARGE = Counts(
    organisations=60,
    people=600,
    workspaces=200,
    drafts=10_000,
    versions=50_000,
    events=5_000,
    articles=2_000,
)


def counted() -> Counts:
    """Return how much of the demo is in the database."""
    seatings = Workspace.objects.filter(pk__in=_keys(Workspace))
    return Counts(
        organisations=len(_keys(Organisation)),
        people=demo_people().count(),
        workspaces=seatings.count(),
        drafts=Draft.objects.filter(workspace__in=seatings).count(),
        versions=Version.objects.filter(text__draft__workspace__in=seatings).count(),
        events=Event.objects.filter(workspace__in=seatings).count(),
        articles=NewsPage.objects.values("translation_key").distinct().count(),
    )


def is_large() -> bool:
    """Return whether there are more workspaces than in the small demo. Seeding is one transaction."""
    return len(_keys(Workspace)) > len(load().workspaces)


def shares(total: int, among: int) -> Iterator[int]:
    """Split `total` into uneven parts, each at least 1 while there is something left."""
    left = total
    for place in range(among):
        others = among - place - 1
        wanted = total // among + (place < total % among) + UNEVEN[place % len(UNEVEN)]
        part = left if not others else max(min(1, left), min(wanted, left - others))
        left -= part
        yield part


def _keys(model: type[Organisation | Workspace]) -> list[int]:
    rows = DemoThing.objects.filter(kind__app_label=model._meta.app_label, kind__model=model._meta.model_name)
    return list(rows.values_list("key", flat=True))
