"""Works, loans, conditions and a film in the world in which every secret has a word.

One exhibition that everyone reads, one of the same workspace that is only planned, one restricted, and one of
another workspace; each with a lender, a maker who is not named and a work that may not be shown.
"""

import datetime
import io

from django.utils.timezone import localdate

from coalition.core.clock import now
from coalition.workspaces.permissions import Access, access_to
from documents.drafts.models import Handling
from documents.files.actions import upload_file
from documents.models import StoredFile
from events.core.actions.plan import announce_event, plan_event
from events.core.actions.times import EventTextInput, EventTimesInput, set_hours
from events.core.enums import EventKind, Visibility, Weekday
from events.core.models import OpeningHours
from events.exhibitions.works.actions import (
    add_work,
    open_catalogue,
    report_condition,
    set_loan,
    set_quiet_corner,
)
from events.exhibitions.works.models import ConditionMoment, MakerNaming, Reproduction, set_film
from events.models import Event, PrintedCode, Work
from tests.events.exhibitions.works.builders import photo, png
from tests.permissions.events_world import PLANNERS
from tests.permissions.world import EVERYONE, World

KNOWING = {"works_kept": "admitted", "works_beyond": "neighbour"}
PLACES = {"public": PLANNERS, "planned": PLANNERS, "kept": {"admitted"}, "beyond": {"neighbour"}}
SEALED = ("lender", "lenderaddress", "lenderphone", "loannote", "maker", "right", "rightnote")
SEEN = ("words", "seenby", "handedby", "takenby")
TOLD = ("title", "technique", "label", "note", "alt", "pseudonym")


def add_works(made: World) -> None:
    for place, planners in PLACES.items():
        _exhibition(made, place, frozenset(planners))
    _screening(made)


def _exhibition(made: World, place: str, planners: frozenset[str]) -> None:
    elsewhere = place == "beyond"
    by = {"beyond": "neighbour", "kept": "admitted"}.get(place, "coordinator")
    workspace = made.elsewhere if elsewhere else made.workspace
    access = access_to(made.people[by], workspace.uuid)
    event = _event(access, EventKind.EXHIBITION, restricted=place == "kept", title=f"Shown {place}")
    about = f"works{place}"
    everyone = EVERYONE if place == "public" else planners
    work = _work(made, access, event, about, planners, everyone)
    hidden = made.canary(about, "hiddenwork", planners)
    add_work(access=access, event=event, title={"kk": hidden}, maker=hidden)
    around = {word: {"kk": made.canary(about, word, everyone)} for word in ("quiet", "help")}
    set_quiet_corner(access=access, event=event, quiet_corner=around["quiet"], help_words=around["help"])
    if place == "public":
        announce_event(access=access, event=event, visibility=Visibility.PUBLIC)
    open_catalogue(access=access, event=event)
    event.refresh_from_db()
    report = work.conditions.get()
    made.things[about.replace("works", "works_")] = {
        "event": event.uuid,
        "work": work.uuid,
        "item": work.uuid,
        "report": report.uuid,
        "photo": report.photos.get().uuid,
        "size": "small",
        "language": "kk",
        "number": work.number,
        "slug": event.slug or "no-such-exhibition",
        "code": PrintedCode.objects.get(target=work.uuid).code,
    }


def _work(
    made: World,
    access: Access,
    event: Event,
    about: str,
    planners: frozenset[str],
    everyone: frozenset[str],
) -> Work:
    secret = {what: made.canary(about, what, planners) for what in (*SEALED, *SEEN)}
    told = {what: made.canary(about, what, everyone) for what in TOLD}
    work = add_work(
        access=access,
        event=event,
        **{what: {"kk": told[word]} for what, word in _WORDS.items()},
        maker=secret["maker"],
        pseudonym=told["pseudonym"],
        naming=MakerNaming.PSEUDONYM,
        show_agreed=True,
        show_from=secret["right"],
        rights_note=secret["rightnote"],
        reproduction=Reproduction.CATALOGUE,
        picture=_picture(access),
    )
    set_loan(
        access=access,
        event=event,
        work=work.uuid,
        lender=secret["lender"],
        address=secret["lenderaddress"],
        phone=secret["lenderphone"],
        note=secret["loannote"],
        return_on=localdate(now()) + datetime.timedelta(days=9),
        value=123_456_789_00,
    )
    report_condition(
        access=access,
        event=event,
        work=work.uuid,
        photos=[photo()],
        moment=ConditionMoment.ARRIVAL,
        seen_at=now(),
        words=secret["words"],
        seen_by=secret["seenby"],
        handed_by=secret["handedby"],
        taken_by=secret["takenby"],
    )
    return work


_WORDS = {
    "title": "title",
    "technique": "technique",
    "label": "label",
    "content_note": "note",
    "alt": "alt",
}


def _screening(made: World) -> None:
    access = access_to(made.people["coordinator"], made.workspace.uuid)
    event = _event(access, EventKind.SCREENING, restricted=False, title="Shown film")
    told = {what: made.canary("film", what, EVERYONE) for what in ("title", "note", "director")}
    kept = {what: made.canary("film", what, PLANNERS) for what in ("holder", "support", "phone", "guide")}
    set_film(
        access=access,
        event=event,
        title={"kk": told["title"]},
        content_note={"kk": told["note"]},
        guide={"kk": kept["guide"]},
        maker=told["director"],
        rights_holder=kept["holder"],
        support=kept["support"],
        support_phone=kept["phone"],
    )
    announce_event(access=access, event=event, visibility=Visibility.PUBLIC)
    event.refresh_from_db()
    made.things["film"] = {"event": event.uuid, "slug": event.slug}


def _event(access: Access, kind: EventKind, *, restricted: bool, title: str) -> Event:
    day = localdate(now()) + datetime.timedelta(days=1)
    run = kind == EventKind.EXHIBITION
    event = plan_event(
        access=access,
        kind=kind,
        texts=dict.fromkeys(("kk", "ru", "en"), EventTextInput(title=title, place="Hall")),
        times=EventTimesInput(
            day,
            datetime.time(11),
            ends_at_time=datetime.time(12),
            run_from=day if run else None,
            run_until=day + datetime.timedelta(days=5) if run else None,
        ),
        handling=Handling.PUBLIC,
        restricted_to=[access.organisation] if restricted else [],
    )
    if run:
        opens, closes = datetime.time(11), datetime.time(19)
        set_hours(
            access=access,
            event=event,
            hours=[OpeningHours(weekday=day, opens=opens, closes=closes) for day in Weekday.values],
            special_days=[],
        )
    return event


def _picture(access: Access) -> StoredFile:
    content = png()
    return upload_file(
        access=access, content=io.BytesIO(content), size=len(content), name="w.png", alt="A square"
    )
