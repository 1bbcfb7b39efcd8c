"""Exhibitions with works to test with: on top of `planning`."""

import io
from typing import Any
from uuid import UUID

from django.core.files.base import ContentFile
from PIL import Image

from coalition.accounts.models import Language
from coalition.workspaces.permissions import Access
from documents.files.actions import upload_file
from documents.models import StoredFile
from events.core.enums import EventKind, Visibility
from events.exhibitions.works.actions import add_work, open_catalogue, set_quiet_corner
from events.exhibitions.works.models import Reproduction
from events.models import Event, Work
from tests.events.planning.builders import Stage, announced, planned, stage
from tests.recording import recorded

LETTERS = "Ә Ғ Қ Ң Ө Ұ Ү Һ І ә ғ қ ң ө ұ ү һ і"


def in_three(words: str) -> dict[str, str]:
    """The same words in three languages; each ends with its language."""
    return {code: f"{words} {code}" for code in Language.values}


def about(title: str = "Table", **given: object) -> dict[str, Any]:
    """A work that may be shown; its picture, if it has one, may stand in the catalogue."""
    return {
        "title": in_three(title),
        "technique": in_three("Oil"),
        "label": in_three("Words on the wall"),
        "maker": "A. Maker",
        "show_agreed": True,
        "reproduction": Reproduction.CATALOGUE,
        **given,
    }


@recorded
def picture_of(access: Access, *, colour: str = "red", alt: str = "A red square") -> StoredFile:
    content = png(colour)
    return upload_file(access=access, content=io.BytesIO(content), size=len(content), name="a.png", alt=alt)


def png(colour: str = "red", **info: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (60, 40), colour).save(out, "PNG", **info)
    return out.getvalue()


def photo(colour: str = "blue") -> ContentFile[bytes]:
    """A photograph with a place hidden in it."""
    out, hidden = io.BytesIO(), Image.Exif()
    hidden[0x010F] = "Canarycamera"
    Image.new("RGB", (80, 60), colour).save(out, "JPEG", exif=hidden)
    return ContentFile(out.getvalue(), "photo.jpg")


@recorded
def show(
    here: Stage | None = None, *, visibility: Visibility | None = Visibility.PUBLIC
) -> tuple[Stage, Event]:
    """A stage and an exhibition there; with `visibility=None` only planned."""
    here = here or stage()
    given = {"kind": EventKind.EXHIBITION, "title": "Letters", "starts": "2026-03-07 18:00"}
    given |= {"run": ("2026-03-08", "2026-04-30")}
    access = here.access("coordinator")
    if visibility is None:
        return here, planned(access, **given)
    return here, announced(access, visibility=visibility, **given)


@recorded
def with_help(here: Stage, event: Event) -> None:
    set_quiet_corner(
        access=here.access(),
        event=event,
        quiet_corner=in_three("Sofa in room 3"),
        help_words=in_three("A psychologist is here"),
        help_phone="+7 727 000 00 00",
    )


@recorded
def hung(here: Stage, event: Event, title: str = "Table", **given: object) -> Work:
    return add_work(access=here.access(), event=event, **about(title, **given))


@recorded
def on_the_site(here: Stage, event: Event) -> None:
    with_help(here, event)
    open_catalogue(access=here.access(), event=event)


def order_of(event: Event) -> list[UUID]:
    rows = Work.objects.filter(exhibition__event=event, removed_at=None)
    return list(rows.values_list("uuid", flat=True))
