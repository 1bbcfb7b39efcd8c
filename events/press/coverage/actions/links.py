"""Links by which outlets and partners note coverage without an account: made, used within limits, ended."""

import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from coalition.accounts.enums import Language
from coalition.audit import log
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.core.tokens import derive_token, hash_token
from coalition.workspaces.rules import Access
from documents.contacts.actions import one_line
from events.core.models import Event
from events.press.coverage.actions.entries import Known, Seen, check_seen, fill, refuse_known
from events.press.coverage.enums import CoverageState
from events.press.coverage.models import Coverage, CoverageLink
from events.press.permissions import may_keep_contacts, may_tend_coverage_link, require_that

LASTS = datetime.timedelta(days=90)
DAY = datetime.timedelta(days=1)
MOST_A_DAY = 40  # entries by one link
MOST_WAITING = 200  # of one link, not looked at yet
MOST_OPEN = 50  # links of one organisation in a workspace


class TooMany(Refused):
    """So many came by this link that somebody has to look at them first."""

    def __init__(self) -> None:
        super().__init__(_("So much came by this link that we have to look at it first. Try again tomorrow."))


class Ended(Refused):
    """The link opens nothing any more."""

    def __init__(self) -> None:
        super().__init__(_("This link has ended. Ask who gave it to you for another one."))


def make_coverage_link(
    *, access: Access, label: str, language: Language, event: Event | None = None
) -> CoverageLink:
    """Make a link for an outlet or a partner; it ends after ninety days. Raises NotAllowed, and Refused
    without a name for it, or if there are too many."""
    require_that(may_keep_contacts(access))
    if not one_line(label):
        raise Refused(_("Say to whom you give the link."))
    with transaction.atomic():
        mine = CoverageLink.objects.filter(workspace=access.workspace, organisation=access.organisation)
        if mine.filter(ended_at=None, ends_at__gt=now()).count() >= MOST_OPEN:
            raise Refused(_("End some of the links first."))
        uuid = uuid7()
        link = CoverageLink.objects.create(
            uuid=uuid,
            workspace=access.workspace,
            organisation=access.organisation,
            event=event,
            label=one_line(label)[:120],
            language=language,
            token_hash=hash_token(derive_token("events.coverage", str(uuid))),
            made_by=access.user,
            made_at=now(),
            ends_at=now() + LASTS,
        )
        _keep(access, link, "coverage.link_made")
    return link


def token_of(link: CoverageLink) -> str:
    return derive_token("events.coverage", str(link.uuid))


def end_coverage_link(*, access: Access, link: CoverageLink) -> None:
    """Nothing more comes by it; what came stays. Raises NotAllowed."""
    with transaction.atomic():
        require_that(may_tend_coverage_link(access, link))
        CoverageLink.objects.filter(pk=link.pk, ended_at=None).update(ended_at=now())
        _keep(access, link, "coverage.link_ended")


def is_open(link: CoverageLink) -> bool:
    return link.ended_at is None and now() < link.ends_at and link.workspace.archived_at is None


def send_coverage(*, link: CoverageLink, seen: Seen) -> Coverage | None:
    """Keep what was sent by the link until somebody at the desk has looked; None for what is noted already:
    whoever sends is told the same. Raises Ended, TooMany, and Refused for what makes no sense."""
    check_seen(seen)
    with transaction.atomic():
        held = (
            CoverageLink.objects.select_for_update(of=("self",)).select_related("workspace").get(pk=link.pk)
        )
        if not is_open(held):
            raise Ended
        rows = Coverage.objects.filter(came_by=held)
        recent, waiting = rows.filter(noted_at__gt=now() - DAY), rows.filter(state=CoverageState.WAITING)
        if recent.count() >= MOST_A_DAY or waiting.count() >= MOST_WAITING:
            raise TooMany
        try:
            refuse_known(held.workspace, seen)
        except Known:
            return None
        row = Coverage(
            workspace=held.workspace,
            organisation=link.organisation,
            came_by=held,
            state=CoverageState.WAITING,
            noted_at=now(),
        )
        fill(row, seen)
        row.event = link.event
        row.save()
    return row


def _keep(access: Access, link: CoverageLink, action: str) -> None:
    log.record(
        action,
        actor=access.user,
        organisation=access.organisation.uuid,
        role=access.seat.role,
        target_kind="coverage_link",
        target=link.uuid,
        workspace=access.workspace.uuid,
    )
