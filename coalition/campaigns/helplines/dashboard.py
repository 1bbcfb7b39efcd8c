"""What of helplines waits on the desk's first page."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _, ngettext

from coalition.campaigns.helplines.queries import (
    entries_sent_back,
    entries_to_review,
    helplines_to_check,
    helplines_to_reinstate,
)
from coalition.workspaces.dashboard import WaitingItem, counted_source


@counted_source(entries_to_review)
def to_review(count: int) -> Iterable[WaitingItem]:
    """One row, however many entries the person may review."""
    words = ngettext(
        "%(count)s helpline waits for a second organisation",
        "%(count)s helplines wait for a second organisation",
        count,
    )
    yield WaitingItem(
        icon="eye",
        title=words % {"count": count},
        detail=_("Compare what is proposed, then publish it or send it back."),
        url=reverse("campaigns:helplines"),
        action=_("Review"),
    )


@counted_source(helplines_to_reinstate)
def to_reinstate(count: int) -> Iterable[WaitingItem]:
    """One row, however many hidden lines were called again since."""
    words = ngettext(
        "%(count)s hidden helpline was called again", "%(count)s hidden helplines were called again", count
    )
    yield WaitingItem(
        icon="eye",
        title=words % {"count": count},
        detail=_("Read why it is hidden and what is published, then show it to the public again."),
        url=reverse("campaigns:helplines"),
        action=_("Review"),
    )


@counted_source(helplines_to_check)
def to_check(count: int) -> Iterable[WaitingItem]:
    """One row, however many lines of the person's organisations are overdue."""
    words = ngettext(
        "%(count)s helpline of your organisation has to be called",
        "%(count)s helplines of your organisation have to be called",
        count,
    )
    yield WaitingItem(
        icon="clock",
        title=words % {"count": count},
        detail=_("Nobody has checked for 30 days whether everything is still as written."),
        url=reverse("campaigns:helplines"),
        action=_("Check"),
        urgent=True,
    )


@counted_source(entries_sent_back)
def sent_back(count: int) -> Iterable[WaitingItem]:
    """One row, however many entries of the person's organisations came back from review."""
    words = ngettext(
        "%(count)s helpline came back from review", "%(count)s helplines came back from review", count
    )
    yield WaitingItem(
        icon="pen",
        title=words % {"count": count},
        detail=_("The reviewer wrote what has to change."),
        url=reverse("campaigns:helplines"),
        action=_("Open"),
    )
