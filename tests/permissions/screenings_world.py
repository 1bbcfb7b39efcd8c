"""Films and requests to show them, in the world in which every secret has a word.

One film of the workspace, asked for three times: agreed, waiting, and by somebody who never proved their
address. One of another workspace, which was agreed before its person took back her consent (`consent_world`).
"""

import datetime
from dataclasses import dataclass

from django.core.files.base import ContentFile
from django.utils.timezone import localdate

from coalition.campaigns.models import ScreeningRequest
from coalition.campaigns.screenings.actions import accept_request, confirm_request, request_screening
from coalition.campaigns.screenings.enums import Audience
from coalition.campaigns.screenings.flow import SCREENINGS
from coalition.core.clock import now
from coalition.workspaces.models import Workspace
from coalition.workspaces.permissions import Access, access_to
from home.models import FilmPage, PublicVideo
from tests.documents.files.metadata import media_samples
from tests.home.filmed import film_page, public_image
from tests.permissions.events_world import PLANNERS
from tests.permissions.world import EVERYONE, World

FIELDS = ("group", "contact", "place", "support_person", "support_contact", "note")
ANSWER = ("answer", "viewing")
BEYOND = frozenset({"neighbour"})
KNOWING = {"screening_taken": "neighbour"}
# Since its person has taken it back.
NOWHERE = ("filmtakenlead", "filmtakentranscript", "screeningtakenviewing")


@dataclass(frozen=True)
class Films:
    """Videos of both films: one is shown, of the other the consent is to be taken back."""

    shown: PublicVideo
    taken: PublicVideo


def add_screenings(made: World) -> Films:
    """The films and all requests but the one that `ask_before_withdrawal` makes."""
    shown = _film(made, "shown", made.workspace, EVERYONE, brand=b"isom")
    taken = _film(made, "taken", made.elsewhere, (), brand=b"mp42")
    assert shown.video.bytes_sha256 != taken.video.bytes_sha256  # else consent to one closes both
    # Who agreed on it goes on reading its title.
    made.audience["Canaryscreeningtakentitle"] = BEYOND | {"newsroom", "superuser"}
    access = access_to(made.people["coordinator"], made.workspace.uuid)
    agreed = _ask(made, "agreed", shown, PLANNERS)
    _accept(made, "agreed", access, confirm_request(request=agreed), PLANNERS)
    made.audience["Canaryscreeningagreedgroup"] |= {"caseworker"}  # reads who took it, together with her
    confirm_request(request=_ask(made, "asked", shown, PLANNERS))
    _ask(made, "silent", shown, ())
    return Films(shown.video, taken.video)


def ask_before_withdrawal(made: World) -> None:
    """While consent allows the other film, a group asks for it and gets it."""
    page = FilmPage.objects.get(slug="film-taken")
    row = confirm_request(request=_ask(made, "taken", page, BEYOND))
    access = access_to(made.people["neighbour"], made.elsewhere.uuid)
    _accept(made, "taken", access, row, BEYOND)
    # The link is not told any more by their own page, once consent does not allow the film.
    made.links["screening_taken_link"] -= {"Canaryscreeningtakenviewing", "Canaryscreeningtakentitle"}


def _film(made: World, which: str, workspace: Workspace, readers: object, *, brand: bytes) -> FilmPage:
    lead, transcript, name = (
        made.canary(f"film{which}", what, readers) for what in ("lead", "transcript", "video")
    )
    title = made.canary(f"screening{which}", "title", readers)  # also in the mails of who asks for it
    video = PublicVideo(title=name, poster=public_image(), credit="Aru")
    video.file = ContentFile(media_samples.mp4(brand=brand), "film.mp4")
    video.transcript_en = transcript
    video.captions_en = ContentFile(b"WEBVTT\n\n00:00.000 --> 00:01.500\nHello\n", "words.vtt")
    video.save()
    page = film_page(video, workspace=workspace, slug=f"film-{which}", title=title, lead=lead)
    made.things[f"film_{which}"] = {"film": page.translation_key}
    return page


def _ask(made: World, which: str, page: FilmPage, planners: object) -> ScreeningRequest:
    about = f"screening{which}"
    said = {what: made.canary(about, what, planners) for what in FIELDS}
    request_screening(
        film=page.film,
        address=f"canary{about}guest@tests.example",
        language="en",
        region="KZ-75",
        on=localdate(now()) + datetime.timedelta(days=20),
        people=40,
        audience=Audience.FROM_16.value,
        **said,
    )
    row: ScreeningRequest = ScreeningRequest.objects.latest("pk")
    made.things[f"screening_{which}"] = {"workspace": row.workspace.uuid, "screening": row.uuid}
    made.things[f"screening_{which}_link"] = {"token": SCREENINGS.token(row)}
    made.links[f"screening_{which}_link"] = frozenset({*said.values(), page.title})
    return row


def _accept(made: World, which: str, access: Access, row: ScreeningRequest, planners: object) -> None:
    answer, viewing = (made.canary(f"screening{which}", what, planners) for what in ANSWER)
    accept_request(access=access, request=row, answer=answer, viewing_link=f"https://v.example/{viewing}")
    made.links[f"screening_{which}_link"] |= {answer, viewing}
