"""Changing an event: what changes quietly, what SEQUENCE tells, what people were told and stays."""

import io

import pytest
from PIL import Image

from coalition.core.errors import Refused
from coalition.workspaces.permissions import NotAllowed
from documents.drafts.models import Handling
from documents.files.actions import upload_file
from documents.models import StoredFile
from events.core.actions.plan import cancel_event, change_event, place_input_for
from events.core.actions.times import EventPlaceInput, EventTextInput, EventTimesInput
from events.core.enums import EventKind, Visibility
from events.core.models import public_storage
from events.models import Event
from tests.events.planning.builders import Stage, announced, exhibition, planned, stage, texts_of, times_from

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> Stage:
    return stage()


def change(here: Stage, event: Event, by: str = "editor", **given: object) -> Event:
    """The same event but for what is given."""
    same = {
        "kind": EventKind(event.kind),
        "texts": {},
        "place": place_input_for(event),
        "handling": Handling(event.handling),
        "draft": event.draft,
        "picture": event.picture,
    }
    return change_event(access=here.access(by), event=event, **{**same, **given})  # type: ignore[arg-type]  # passed through


def picture_of(here: Stage, by: str = "editor", **given: object) -> StoredFile:
    out = io.BytesIO()
    Image.new("RGB", (40, 20), "teal").save(out, "PNG")
    out.seek(0)
    said = {"name": "hall.png", "alt": "The hall", **given}
    return upload_file(access=here.access(by), content=out, size=len(out.getvalue()), **said)  # type: ignore[arg-type]  # words


@pytest.mark.parametrize("role", ["observer", "reviewer", "contributor"])
def test_others_may_not(here, role) -> None:
    event = planned(here.access())
    with pytest.raises(NotAllowed):
        change(here, event, by=role, kind=EventKind.TRAINING)


def test_a_planned_event_takes_other_words_and_times(here) -> None:
    event = planned(here.access())
    times = times_from("2026-04-01 09:00", "2026-04-01 10:00", zone="Asia/Aqtau")
    changed = change(
        here, event, times=times, kind=EventKind.TRAINING, texts={"ru": EventTextInput(title="Учёба")}
    )
    changed.refresh_from_db()
    assert (changed.kind, changed.zone, changed.starts_at.hour, changed.sequence) == (
        "training",
        "Asia/Aqtau",
        4,
        0,
    )
    assert {text.language: text.title for text in changed.texts.all()} == {
        "kk": "Event kk",
        "ru": "Учёба",
        "en": "Event en",
    }


def test_the_last_title_cannot_be_taken_away(here) -> None:
    event = planned(here.access(), texts={"kk": EventTextInput(title="Кездесу")})
    with pytest.raises(Refused, match="title"):
        change(here, event, texts={"kk": EventTextInput()})
    assert event.texts.get(language="kk").title == "Кездесу"


def test_other_words_of_a_told_event_do_not_raise_its_sequence_and_another_place_does(here) -> None:
    event = announced(here.access())
    spelt = change(here, event, texts={"en": texts_of("Better spelt")["en"]})
    assert (spelt.sequence, spelt.changed_at > event.changed_at) == (0, True)
    elsewhere = change(here, event, texts={"en": EventTextInput(title="Event en", place="Another hall")})
    assert elsewhere.sequence == 1
    online = change(here, elsewhere, place=EventPlaceInput("KZ-71", online_link="https://meet.example/1"))
    assert (online.sequence, online.region) == (2, "KZ-71")


def test_a_told_event_is_moved_not_changed_to_another_time(here) -> None:
    event = announced(here.access())
    with pytest.raises(Refused, match="move the event"):
        change(here, event, times=times_from("2026-03-03 11:30", "2026-03-03 12:00"))
    same: EventTimesInput = times_from("2026-03-03 11:00", "2026-03-03 12:00")
    assert change(here, event, times=same).sequence == 0


def test_a_told_event_keeps_the_mark_that_its_reach_needs(here) -> None:
    event = announced(here.access(), visibility=Visibility.COALITION)
    assert change(here, event, handling=Handling.COALITION).handling == Handling.COALITION
    with pytest.raises(Refused, match="handling mark"):
        change(here, event, handling=Handling.WORKSPACE)


def test_a_public_event_keeps_a_title_in_each_language(here) -> None:
    with pytest.raises(Refused, match="each language"):
        change(here, announced(here.access()), texts={"ru": EventTextInput(place="Клуб")})


def test_a_cancelled_event_stays_as_it_was(here) -> None:
    event = cancel_event(access=here.access(), event=announced(here.access()))
    with pytest.raises(Refused, match="cancelled"):
        change(here, event, kind=EventKind.TRAINING)


@pytest.mark.django_db(transaction=True)
def test_another_picture_of_a_public_event_is_copied_and_the_old_copy_deleted() -> None:
    here = stage()
    event = announced(here.access(), picture=picture_of(here))
    old = str(event.public_picture)
    changed = change(here, event, picture=picture_of(here))
    assert public_storage().exists(str(changed.public_picture))
    assert not public_storage().exists(old)
    gone = change(here, changed, picture=None)
    assert not gone.public_picture
    assert not public_storage().exists(str(changed.public_picture))


def test_a_picture_that_may_not_be_public_is_refused_and_leaves_no_copy(here) -> None:
    event = announced(here.access())
    before = set(public_storage().listdir("events")[1]) if public_storage().exists("events") else set()
    with pytest.raises(Refused, match="not for everyone"):
        change(here, event, picture=picture_of(here, handling=Handling.NAMED_PEOPLE))
    assert set(public_storage().listdir("events")[1]) == before
    event.refresh_from_db()
    assert event.picture is None


def test_what_others_chose_stays_also_if_the_person_may_not_read_it(here) -> None:
    coordinator = here.access("coordinator")
    file = picture_of(here, "coordinator", restricted_to=[coordinator.organisation])
    event = planned(coordinator, picture=file)
    assert change(here, event, kind=EventKind.TRAINING).picture == file
    with pytest.raises(Refused, match="picture"):
        change(here, planned(here.access()), picture=file)


def test_days_outside_of_another_run_no_longer_differ(here) -> None:
    event = exhibition(here.access(), visibility=None)
    cut = times_from("2026-03-07 18:00", "2026-03-07 20:00", run=("2026-03-08", "2026-03-22"))
    change(here, event, times=cut)
    assert [str(one) for one in event.special_days.all()] == ["2026-03-21 to 2026-03-22"]
    change(here, event, times=times_from("2026-03-07 18:00", "2026-03-07 20:00"))
    assert not event.hours.exists()
    assert not event.special_days.exists()
