"""Kinds of notifications to test with, and who is told of what."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.utils.translation import gettext_lazy

from coalition.accounts.models import User
from coalition.workspaces.models import Notification, Seat
from coalition.workspaces.notifications import kinds
from coalition.workspaces.notifications.notify import notify
from tests.recording import same_patch

NEWS, ASKS, URGENT, PROTECTS = "news_of_tests", "asks_of_tests", "urgent_of_tests", "protects_of_tests"

type Tell = Callable[..., list[Notification]]


@pytest.fixture(autouse=True)
def kinds_of_tests() -> Iterator[None]:
    known = dict(kinds._kinds)
    known[NEWS] = kinds.NotificationKind(
        sentence=gettext_lazy("%(actor)s changed “%(title)s”."),
        outline="Something was changed.",
        together=gettext_lazy("“%(title)s” was changed %(count)s times."),
    )
    known[ASKS] = kinds.NotificationKind(
        sentence="%(actor)s of %(organisation)s asks about “%(title)s”.",
        outline="You are asked.",
        asks=True,
    )
    known[URGENT] = kinds.NotificationKind(
        sentence="Hurry.", outline="A deadline is near.", asks=True, urgent=True
    )
    known[PROTECTS] = kinds.NotificationKind(
        sentence="Look.", outline="Look at this.", asks=True, protects=True
    )
    with same_patch("kinds_of_tests", kinds, "_kinds", known):
        yield


def told(*people: User, here: Seat, kind: str = NEWS, **words: Any) -> list[Notification]:
    """Tell these people something about the workspace of the seat."""
    words = {"actor": None, "organisation": None, "needs_drafts": False, **words}
    return notify(
        people=people,
        kind=kind,
        workspace=here.workspace,
        subject_kind="workspace",
        subject=here.workspace.uuid,
        **words,
    )


@pytest.fixture
def tell() -> Tell:
    return told
