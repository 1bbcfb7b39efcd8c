"""Kits of events to test with: a public event, journalists, texts that are public, files that may go out."""

import io

from coalition.accounts.models import Language, Organisation
from coalition.mail.models import OutboxMail
from coalition.workspaces.permissions import Access
from documents.drafts.models import Handling
from documents.files.actions import upload_file
from documents.models import StoredFile
from events.core.journalists import PRESS
from events.models import Event, EventKit, EventSpeaker, KitItem, PressGuest
from events.press.kit.actions import add_kit_item, set_kit
from events.press.kit.models import KitKind, KitPhase, KitWay
from events.press.registration.actions import confirm_press_address, open_to_press, request_press_place
from events.production.speakers.actions import add_speaker, answer_as_speaker
from tests.events.exhibitions.works.builders import in_three, png
from tests.recording import recorded

WORDS = b"The law in short"


@recorded
def kit(access: Access, event: Event, **given: object) -> EventKit:
    """On check-in, unless something else is said."""
    return set_kit(access=access, event=event, **{"way": KitWay.CHECK_IN, **given})


@recorded
def journalist(access: Access, event: Event, name: str = "Aru", language: str = "en") -> PressGuest:
    """Somebody confirmed."""
    registration = open_to_press(access=access, event=event, places=20, per_outlet=20)
    said = {
        "name": name,
        "outlet": f"{name} News",
        "address": f"{name.lower()}@media.example",
        "language": language,
    }
    request_press_place(registration=registration, **said)
    return confirm_press_address(guest=PressGuest.objects.latest("pk"))


@recorded
def file_of(
    access: Access,
    name: str = "internal-canaryname.txt",
    *,
    content: bytes = WORDS,
    handling: Handling = Handling.PUBLIC,
    restricted_to: tuple[Organisation, ...] = (),
    **said: str,
) -> StoredFile:
    """Plain text leaves as it came: no test waits for its cleaning."""
    content = png() if name.endswith(".png") else content
    return upload_file(
        access=access,
        content=io.BytesIO(content),
        size=len(content),
        name=name,
        handling=handling,
        restricted_to=restricted_to,
        **said,
    )


@recorded
def picture_of(access: Access, **said: str) -> StoredFile:
    words = {"alt": "A woman at a table", "credit": "A. Photographer", "caption": "At the table", **said}
    return file_of(access, "internal-canaryname.png", **words)


@recorded
def put(access: Access, event: Event, kind: KitKind = KitKind.FILE, **given: object) -> KitItem:
    """Put something into the kit, at its first possible time."""
    said: dict[str, object] = {"kind": kind, "phase": kind.phases[0], "others_agree": True, **given}
    needs_title = kind in {KitKind.FILE, KitKind.LINK, KitKind.RECORDING, KitKind.PHOTOGRAPH}
    if needs_title and "title" not in given:
        said["title"] = in_three(str(kind.value).title())
    return add_kit_item(access=access, event=event, **said)


@recorded
def afterwards(access: Access, event: Event, kind: KitKind, **given: object) -> KitItem:
    return put(access, event, kind, phase=KitPhase.AFTERWARDS, **given)


@recorded
def speaker(
    access: Access, event: Event, name: str = "Gulnar", *, pictured: bool = True, recorded: bool = True
) -> EventSpeaker:
    row = add_speaker(
        access=access,
        event=event,
        name=name,
        address=f"{name.lower()}@speaks.example",
        writes_in=Language.EN,
    )
    return answer_as_speaker(speaker=row, named=False, pictured=pictured, recorded=recorded)


def page_of(guest: PressGuest) -> str:
    return f"/press-registration/{PRESS.token(guest)}/kit/"


def letters() -> list[OutboxMail]:
    return list(OutboxMail.objects.filter(template="events/press_kit").order_by("pk"))
