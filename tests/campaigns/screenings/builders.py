"""A film that can be asked for, and requests; all of it is invented."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.utils.timezone import localdate

from coalition.campaigns.models import ScreeningRequest
from coalition.campaigns.screenings.actions import request_screening
from coalition.campaigns.screenings.enums import Audience
from coalition.core.clock import now
from coalition.workspaces.permissions import Access
from home.models import FilmPage
from tests.documents.conftest import Room
from tests.factories import WorkspaceFactory
from tests.home.filmed import film_page, public_video
from tests.recording import recorded

ROLES = ("observer", "reviewer", "contributor", "editor", "coordinator")


@dataclass
class ScreeningRoom:
    """A workspace that answers, and the page of its film. `video`: key of the video."""

    room: Room
    page: FilmPage

    @property
    def video(self) -> str:
        return str(self.page.video_id)

    def access(self, role: str) -> Access:
        return self.room.access(role)


@recorded
def screening_room(number: int = 1) -> ScreeningRoom:
    room = Room(WorkspaceFactory())
    for role in ROLES:
        room.take(role)
    slug = "the-report" if number == 1 else f"the-report-{number}"
    return ScreeningRoom(room, film_page(public_video(), workspace=room.workspace, slug=slug))


def fields() -> dict[str, Any]:
    """What a request says, beside address and language."""
    return {
        "group": "School No. 7",
        "contact": "Aru Ibrayeva",
        "region": "KZ-75",
        "place": "Almaty, large hall",
        "on": localdate(now()) + datetime.timedelta(days=20),
        "people": 40,
        "audience": Audience.FROM_16.value,
        "support_person": "Dana Omarova",
        "support_contact": "+7 701 000 00 00",
        "note": "",
    }


def asked(room: ScreeningRoom, **given: Any) -> ScreeningRequest:
    """A request whose address is not proved yet."""
    told = fields() | {"address": "aru@tests.example", "language": "en"} | given
    request_screening(film=room.page.film, **told)
    return ScreeningRequest.objects.latest("pk")
