"""Using a guest link: every use is asked for anew and written down."""

import datetime

from django.db import transaction

from coalition.audit import log
from coalition.core.clock import now
from documents.drafts.enums import GuestAct
from documents.guests.models import GuestLink, GuestUse
from documents.guests.queries import link_of_token, links_that_count

HOUR = datetime.timedelta(hours=1)
# What a person does in an hour is far below; what a program does is above.
MOST_AN_HOUR = {
    GuestAct.FOLLOWED: 60,
    GuestAct.OPENED: 30,
    GuestAct.READ: 120,
    GuestAct.COMPARED: 60,
    GuestAct.COMMENTED: 30,
    GuestAct.CLEARED: 20,
    GuestAct.DOWNLOADED: 20,
    GuestAct.SENT_BACK: 10,
}
# Following and reading stand in the list of uses alone; of a comment its own domain writes the entry.
_AUDITED = frozenset({GuestAct.OPENED, GuestAct.DOWNLOADED, GuestAct.SENT_BACK})


class NoSuchLink(Exception):
    """Never made, expired, taken back, or ended: the same to everyone who comes with it."""


class TooOften(Exception):
    """This link was used so often within an hour that no person can have done it."""


def use_guest_link(*, token: str, act: GuestAct, language: str = "") -> GuestLink:
    """Look whether the link counts now, and write down what is done with it.

    In the caller's transaction if it has one, so that what is refused afterwards was not used. Raises
    NoSuchLink and TooOften.
    """
    with transaction.atomic():
        found = link_of_token(token)
        if found is None:
            raise NoSuchLink
        GuestLink.objects.select_for_update().get(pk=found.pk)  # uses are counted one after another
        if not links_that_count().filter(pk=found.pk, token_hash=found.token_hash).exists():
            raise NoSuchLink  # taken back while we waited
        moment = now()
        if found.uses.filter(act=act, at__gt=moment - HOUR).count() >= MOST_AN_HOUR[act]:
            raise TooOften
        GuestUse.objects.create(link=found, act=act, language=language, at=moment)
        if act in _AUDITED:
            _record(found, act, language)
    return found


def go_on_reading(*, link: GuestLink, token: str, language: str) -> None:
    """A picture of the words is fetched: it is part of what was read within the hour, or else a reading of
    its own. So a page of many pictures is one use, and none is fetched without one. Raises as using does."""
    looked = link.uses.filter(act__in=(GuestAct.READ, GuestAct.COMPARED), language=language)
    if not looked.filter(at__gt=now() - HOUR).exists():
        use_guest_link(token=token, act=GuestAct.READ, language=language)


def _record(link: GuestLink, act: GuestAct, language: str) -> None:
    log.record(
        f"guest.{act.value}",
        actor=None,
        target_kind="draft",
        target=link.draft.uuid,
        workspace=link.draft.workspace.uuid,
        guest=str(link.uuid),
        language=language,
    )
