"""The press kit of an event: public texts, the poster, the stream. It opens at check-in."""

import io
from collections.abc import Mapping
from functools import partial

from coalition.core.clock import now
from coalition.jobs import scheduler
from coalition.workspaces.permissions import Access
from demo import art
from demo.load import Record
from demo.seed.drafts import DraftPlan
from documents.drafts.models import Handling
from documents.files.actions import upload_file
from documents.models import StoredFile
from events.models import Event
from events.press.kit.actions import add_kit_item, set_kit
from events.press.kit.models import KitKind, KitPhase, KitWay
from events.press.kit.notifications import NOTIFY_OF_KIT


def seed_press_kit(access: Access, event: Event, record: Record, drafts: Mapping[str, DraftPlan]) -> None:
    """Compose the kit; what comes after the event is not in it yet."""
    set_kit(access=access, event=event, way=KitWay.CHECK_IN)
    add = partial(add_kit_item, access=access, event=event, phase=KitPhase.AT_EVENT)
    for name in record["texts"]:
        add(kind=KitKind.TEXT, draft=drafts[name].row)
    poster = _poster(access, record["picture"])
    add(kind=KitKind.FILE, title=record["picture"]["title"], file=poster, others_agree=True)
    add(kind=KitKind.LINK, title=record["link"]["title"], link=record["link"]["address"])
    scheduler.cancel(kind=NOTIFY_OF_KIT, key=f"{event.uuid}:{KitPhase.AT_EVENT.value}")


def _poster(access: Access, record: Record) -> StoredFile:
    content = art.png(art.poster())
    file = upload_file(
        access=access,
        content=io.BytesIO(content),
        size=len(content),
        name="poster.png",
        alt=record["alt"],
        credit=record["credit"],
        handling=Handling.PUBLIC,
    )
    StoredFile.objects.filter(pk=file.pk).update(uploaded_at=now())
    return file
