"""Coverage: added, changed, archived; by the press desk, by a link, or from a spreadsheet."""

import datetime
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from coalition.accounts.enums import Language
from coalition.accounts.regions import REGIONS
from coalition.audit import log
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.core.tokens import derive_token, hash_token
from coalition.workspaces.models import Workspace
from coalition.workspaces.permissions import Access
from documents.contacts.actions import single_line
from documents.drafts.permissions import may_manage_contacts, require_that
from documents.models import Publication
from events.core.models import Event
from events.core.summary import is_web, key_of_airing, key_of_link
from events.press.coverage.enums import CoverageKind, CoverageState, Proof, Tone
from events.press.coverage.models import Coverage, CoverageLink
from events.press.permissions import may_manage_coverage, may_manage_coverage_link

EARLIEST = datetime.date(2000, 1, 1)
MOST_REACHED = 1_000_000_000
MAX_COVERAGE = 20_000  # entries per workspace


class DuplicateCoverage(Refused):
    """The coverage exists already. `row`: the existing entry."""

    def __init__(self, row: Coverage) -> None:
        super().__init__(_("This is noted already, on %(day)s."), day=row.on.isoformat())
        self.row = row


@dataclass(frozen=True)
class CoverageInput:
    """A publication or airing by an outlet."""

    outlet: str
    kind: CoverageKind
    on: datetime.date
    title: str = ""
    aired_at: datetime.time | None = None
    programme: str = ""
    link: str = ""
    language: str = ""
    region: str = ""
    reach: int | None = None
    proof: Proof = Proof.NOT_KNOWN
    tone: Tone | str = ""
    event: Event | None = None
    publication: Publication | None = None

    @property
    def key(self) -> str:
        """Return the key that identifies duplicates."""
        if self.link:
            return key_of_link(self.link)
        time = f"{self.aired_at:%H:%M}" if self.aired_at else ""
        return key_of_airing(self.outlet, self.on.isoformat(), time, self.programme)


def add_coverage(*, access: Access, seen: CoverageInput) -> Coverage:
    """Add coverage for the organisation of `access`. Raises NotAllowed; Known for a duplicate;
    Refused for what `check_coverage` finds."""
    require_that(may_manage_contacts(access))
    check_coverage(seen)
    with transaction.atomic():
        refuse_duplicate(access.workspace, seen)
        row = Coverage(
            workspace=access.workspace,
            organisation=access.organisation,
            noted_by=access.user,
            noted_at=now(),
        )
        fill_coverage(row, seen)
        row.save()
        _audit_coverage(access, row, "coverage.added")
    return row


def change_coverage(*, access: Access, coverage: Coverage, seen: CoverageInput) -> Coverage:
    """Change coverage; a pending entry is counted from now on. Raises NotAllowed, Known and
    Refused."""
    check_coverage(seen)
    with transaction.atomic():
        row = _lock_coverage(access, coverage)
        refuse_duplicate(access.workspace, seen, but=row)
        waited = row.state == CoverageState.WAITING
        fill_coverage(row, seen)
        row.state = CoverageState.COUNTED
        row.noted_by = row.noted_by or access.user
        row.save()
        _audit_coverage(access, row, "coverage.taken" if waited else "coverage.changed")
    return row


def accept_coverage(*, access: Access, coverage: Coverage) -> Coverage:
    """Accept coverage that was sent by a link, unchanged. Raises NotAllowed."""
    with transaction.atomic():
        row = _lock_coverage(access, coverage)
        row.state, row.noted_by = CoverageState.COUNTED, row.noted_by or access.user
        row.save(update_fields=["state", "noted_by"])
        _audit_coverage(access, row, "coverage.taken")
    return row


def remove_coverage(*, access: Access, coverage: Coverage) -> None:
    """Archive coverage; it can be restored. Raises NotAllowed."""
    with transaction.atomic():
        row = _lock_coverage(access, coverage)
        row.removed_at = now()
        row.save(update_fields=["removed_at"])
        _audit_coverage(access, row, "coverage.removed")


def restore_coverage(*, access: Access, coverage: Coverage) -> None:
    """Restore coverage. Raises NotAllowed; Known if it was added again meanwhile."""
    with transaction.atomic():
        row = _lock_coverage(access, coverage)
        again = Coverage.objects.filter(workspace=row.workspace, key=row.key, removed_at=None)
        if (there := again.exclude(pk=row.pk).first()) is not None:
            raise DuplicateCoverage(there)
        row.removed_at = None
        row.save(update_fields=["removed_at"])
        _audit_coverage(access, row, "coverage.added")


def check_coverage(seen: CoverageInput) -> None:
    """Raise Refused for invalid data: nothing to identify it by, a future date, a malformed URL."""
    if not single_line(seen.outlet):
        raise Refused(_("Say which outlet it was."))
    if seen.link and not is_web(seen.link):
        raise Refused(_("Give the whole address, beginning with https://"))
    if not seen.link and not (seen.programme or seen.title or seen.aired_at):
        raise Refused(_("Give a link, a title, or the programme: else nobody finds it again."))
    if not EARLIEST <= seen.on <= timezone.localdate(now()):
        raise Refused(_("The day lies in the past: what is to come is no coverage yet."))
    if seen.region and seen.region not in REGIONS:
        raise Refused(_("There is no such region."))
    if seen.reach is not None and not 0 <= seen.reach <= MOST_REACHED:
        raise Refused(_("The reach is a number of people."))
    if seen.reach is None and seen.proof != Proof.NOT_KNOWN:
        raise Refused(_("Give the number too, or say that it is not known."))
    if seen.reach is not None and seen.proof == Proof.NOT_KNOWN:
        raise Refused(_("Say how the number is known; an estimate is an estimate."))


def refuse_duplicate(workspace: Workspace, seen: CoverageInput, *, but: Coverage | None = None) -> None:
    """Raise Known for a duplicate, Refused above the limit. Locks the workspace's row, so that
    concurrent requests add the same coverage once."""
    Workspace.objects.select_for_update().get(pk=workspace.pk)
    rows = Coverage.objects.filter(workspace=workspace, removed_at=None)
    if but is not None:
        rows = rows.exclude(pk=but.pk)
    elif rows.count() >= MAX_COVERAGE:
        raise Refused(_("There are more entries than a workspace takes."))
    if (there := rows.filter(key=seen.key).first()) is not None:
        raise DuplicateCoverage(there)


def fill_coverage(row: Coverage, seen: CoverageInput) -> None:
    """Copy the data into the row. Does not save."""
    row.outlet, row.title = single_line(seen.outlet)[:120], single_line(seen.title)[:200]
    row.kind, row.on, row.aired_at = seen.kind, seen.on, seen.aired_at
    row.programme, row.link, row.key = single_line(seen.programme)[:120], seen.link, seen.key
    row.language, row.region, row.tone = seen.language, seen.region, seen.tone
    row.reach, row.proof = seen.reach, seen.proof
    row.event, row.publication = seen.event, seen.publication


def _lock_coverage(access: Access, coverage: Coverage) -> Coverage:
    rows = Coverage.objects.select_for_update(of=("self",)).select_related("organisation", "workspace")
    row = rows.filter(pk=coverage.pk).first()
    if row is None:
        raise Refused(_("This entry is not there any more."))
    require_that(may_manage_coverage(access, row))
    return row


def _audit_coverage(access: Access, row: Coverage, action: str) -> None:
    log.record_audit(
        action,
        actor=access.user,
        organisation=access.organisation.uuid,
        role=access.seat.role,
        target_kind="coverage",
        target=row.uuid,
        workspace=access.workspace.uuid,
    )


# --- links ---
# Links by which outlets and partners add coverage without an account: created, rate-limited, ended.


LINK_LIFETIME = datetime.timedelta(days=90)
DAY = datetime.timedelta(days=1)
MOST_A_DAY = 40  # entries per link
MOST_WAITING = 200  # unreviewed entries per link
MOST_OPEN = 50  # open links of one organisation in a workspace


class TooManyWaiting(Refused):
    """The link's limit is reached until somebody reviews its entries."""

    def __init__(self) -> None:
        super().__init__(_("So much came by this link that we have to look at it first. Try again tomorrow."))


class CoverageLinkEnded(Refused):
    """The link does not open any more."""

    def __init__(self) -> None:
        super().__init__(_("This link has ended. Ask who gave it to you for another one."))


def make_coverage_link(
    *, access: Access, label: str, language: Language, event: Event | None = None
) -> CoverageLink:
    """Create a link for an outlet or a partner; it ends after ninety days. Raises NotAllowed, and
    Refused without a label, or if there are too many."""
    require_that(may_manage_contacts(access))
    if not single_line(label):
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
            label=single_line(label)[:120],
            language=language,
            token_hash=hash_token(derive_token("events.coverage", str(uuid))),
            made_by=access.user,
            made_at=now(),
            ends_at=now() + LINK_LIFETIME,
        )
        _audit_coverage_link(access, link, "coverage.link_made")
    return link


def coverage_link_token(link: CoverageLink) -> str:
    return derive_token("events.coverage", str(link.uuid))


def end_coverage_link(*, access: Access, link: CoverageLink) -> None:
    """End a link; its entries stay. Raises NotAllowed."""
    with transaction.atomic():
        require_that(may_manage_coverage_link(access, link))
        CoverageLink.objects.filter(pk=link.pk, ended_at=None).update(ended_at=now())
        _audit_coverage_link(access, link, "coverage.link_ended")


def is_coverage_link_open(link: CoverageLink) -> bool:
    return link.ended_at is None and now() < link.ends_at and link.workspace.archived_at is None


def submit_coverage(*, link: CoverageLink, seen: CoverageInput) -> Coverage | None:
    """Store an entry sent by the link for review at the press desk; None for a duplicate, with the
    same response to the sender. Raises Ended, TooMany, and Refused for invalid data."""
    check_coverage(seen)
    with transaction.atomic():
        held = (
            CoverageLink.objects.select_for_update(of=("self",)).select_related("workspace").get(pk=link.pk)
        )
        if not is_coverage_link_open(held):
            raise CoverageLinkEnded
        rows = Coverage.objects.filter(came_by=held)
        recent, waiting = rows.filter(noted_at__gt=now() - DAY), rows.filter(state=CoverageState.WAITING)
        if recent.count() >= MOST_A_DAY or waiting.count() >= MOST_WAITING:
            raise TooManyWaiting
        try:
            refuse_duplicate(held.workspace, seen)
        except DuplicateCoverage:
            return None
        row = Coverage(
            workspace=held.workspace,
            organisation=link.organisation,
            came_by=held,
            state=CoverageState.WAITING,
            noted_at=now(),
        )
        fill_coverage(row, seen)
        row.event = link.event
        row.save()
    return row


def _audit_coverage_link(access: Access, link: CoverageLink, action: str) -> None:
    log.record_audit(
        action,
        actor=access.user,
        organisation=access.organisation.uuid,
        role=access.seat.role,
        target_kind="coverage_link",
        target=link.uuid,
        workspace=access.workspace.uuid,
    )
