"""What tests of this folder ask of a process beside the server: `python -m tests.broken <thing> …`."""

import json
from contextlib import suppress
from hashlib import sha256
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import Client

from coalition.accounts.models import User
from coalition.backup.transfer import TABLES_NOT_COPIED
from coalition.roles import SeatRole
from documents.drafts.models import Handling
from documents.models import Draft, StoredFile
from documents.publication.actions import publish_approved
from events.core.actions.plan import change_event, place_input_for
from events.core.enums import EventKind
from events.models import Event
from home.models import NewsPage
from tests.conftest import sign_in
from tests.documents.approval.builders import stage as approval_stage
from tests.events.exhibitions.works.builders import picture_of
from tests.events.planning.builders import announced, planner_of, stage
from tests.factories import seat
from tests.filled import filled
from tests.home.pictured import round_with_picture


def members(*languages: str) -> list[dict[str, str]]:
    """People who may share files, each in a workspace of their own, signed in."""
    return [_member(language) for language in languages]


def _member(language: str) -> dict[str, str]:
    held = seat(role=SeatRole.COORDINATOR)
    User.objects.filter(pk=held.person.pk).update(language=language)
    key = sign_in(Client(), held.person).session.session_key
    return {
        "cookie": f"{settings.SESSION_COOKIE_NAME}={key}",
        "workspace": str(held.workspace.uuid),
        "language": language,
    }


def files() -> list[dict[str, Any]]:
    """Which files are there."""
    return [
        {"uuid": str(one.uuid), "name": one.name, "key": str(one.file.name)}
        for one in StoredFile.objects.order_by("pk")
    ]


def drafts() -> int:
    """How many there are; the file of the database is whole, and its references hold."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA integrity_check")
        assert cursor.fetchall() == [("ok",)]
        cursor.execute("PRAGMA foreign_key_check")
        assert cursor.fetchall() == []
    return Draft.objects.count()


def members_and_a_picture(*languages: str) -> dict[str, Any]:
    """Both, of one process: no address is given twice."""
    return {"members": members(*languages), "picture": public_picture()}


def public_picture() -> dict[str, str]:
    """An event that everybody sees, with a picture."""
    access = stage().access("coordinator")
    event = announced(access, picture=picture_of(access))
    return {
        "key": str(event.public_picture.name),
        "url": event.public_picture.url,
        "page": f"/en/events/{event.slug}/",
    }


def members_and_an_article(*languages: str) -> dict[str, Any]:
    """Both, of one process: no address is given twice. `article`: the path of a text with a picture."""
    found = members(*languages)
    made = approval_stage(3)
    publication = publish_approved(access=made.access, round_=round_with_picture(made))
    page = NewsPage.objects.get(publication=publication)
    return {"members": found, "article": page.get_url()}


def take_picture_back() -> None:
    """The event's picture is no longer shown."""
    event = Event.objects.get()
    change_event(
        access=planner_of(event),
        event=event,
        kind=EventKind(event.kind),
        texts={},
        place=place_input_for(event),
        handling=Handling(event.handling),
        draft=event.draft,
        picture=None,
    )


NOT_BY_ITSELF = (IntegrityError, ValidationError, ObjectDoesNotExist, AttributeError, TypeError, ValueError)


def one_of_each() -> int:
    """A row in every table that takes one by itself. Returns in how many."""
    made = 0
    for model in apps.get_models(include_auto_created=True):
        with suppress(*NOT_BY_ITSELF), transaction.atomic():
            made += bool(filled(model))
    return made


def every_row() -> dict[str, tuple[int, str]]:
    """Of each table: how many rows, and a hash of them as Django reads them, secrets opened."""
    found = {}
    for model in apps.get_models(include_auto_created=True):
        if model._meta.managed and model._meta.db_table not in TABLES_NOT_COPIED:
            rows = [[_plain(one) for one in row] for row in model._base_manager.order_by("pk").values_list()]
            found[model._meta.db_table] = (len(rows), sha256(repr(rows).encode()).hexdigest())
    return found


def _plain(value: Any) -> Any:
    if isinstance(value, dict | list):
        return json.dumps(value, sort_keys=True)  # PostgreSQL keeps no order of keys
    return bytes(value) if isinstance(value, memoryview) else value
