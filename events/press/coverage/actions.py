"""Coverage: added, changed, archived; by the press desk, by a link, or from a spreadsheet."""

import datetime
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from coalition.accounts.models import Language
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.core.throttling import derive_token, hash_token
from coalition.workspaces.models import Workspace
from coalition.workspaces.permissions import Access
from documents.contacts.actions import single_line
from documents.drafts.permissions import may_manage_contacts, require_that
from events.core.models import Event
from events.core.summary import is_web
from events.press.actions import lock_desk_row, record_press_action
from events.press.coverage.models import Coverage, CoverageLink, CoverageState, Proof
from events.press.permissions import may_manage_coverage, may_manage_own

EARLIEST = datetime.date(2000, 1, 1)
MOST_REACHED = 1_000_000_000
ENTRY_GONE = _("This entry is not there any more.")
MAX_COVERAGE = 20_000  # entries per workspace


class DuplicateCoverage(Refused):
    """The coverage exists already. `row`: the existing entry."""

    def __init__(self, row: Coverage) -> None:
        super().__init__(_("This is noted already, on %(day)s."), day=row.on.isoformat())
        self.row = row


def add_coverage(*, access: Access, **fields: Any) -> Coverage:
    """Add coverage for the organisation of `access`; `fields`: of Coverage. Raises NotAllowed;
    DuplicateCoverage; Refused for what `fill_coverage` finds."""
    require_that(may_manage_contacts(access))
    row = Coverage.of(access, noted_by=access.user, noted_at=now())
    fill_coverage(row, fields)
    with transaction.atomic():
        refuse_duplicate(row)
        row.save()
        record_press_action(access, "coverage.added", kind="coverage", target=row.uuid)
    return row


def change_coverage(*, access: Access, coverage: Coverage, **fields: Any) -> Coverage:
    """Change coverage; a pending entry is counted from now on. Raises as `add_coverage`."""
    with transaction.atomic():
        row = lock_desk_row(access, coverage, may_manage_coverage, ENTRY_GONE)
        fill_coverage(row, fields)
        refuse_duplicate(row)
        action = "coverage.taken" if row.state == CoverageState.WAITING else "coverage.changed"
        row.state = CoverageState.COUNTED
        row.noted_by = row.noted_by or access.user
        row.save()
        record_press_action(access, action, kind="coverage", target=row.uuid)
    return row


def accept_coverage(*, access: Access, coverage: Coverage) -> Coverage:
    """Accept coverage that was sent by a link, unchanged. Raises NotAllowed."""
    with transaction.atomic():
        row = lock_desk_row(access, coverage, may_manage_coverage, ENTRY_GONE)
        row.state, row.noted_by = CoverageState.COUNTED, row.noted_by or access.user
        row.save(update_fields=["state", "noted_by"])
        record_press_action(access, "coverage.taken", kind="coverage", target=row.uuid)
    return row


def remove_coverage(*, access: Access, coverage: Coverage) -> None:
    """Archive coverage; it can be restored. Raises NotAllowed."""
    with transaction.atomic():
        row = lock_desk_row(access, coverage, may_manage_coverage, ENTRY_GONE)
        row.removed_at = now()
        row.save(update_fields=["removed_at"])
        record_press_action(access, "coverage.removed", kind="coverage", target=row.uuid)


def restore_coverage(*, access: Access, coverage: Coverage) -> None:
    """Restore coverage. Raises NotAllowed; DuplicateCoverage if it was added again meanwhile."""
    with transaction.atomic():
        row = lock_desk_row(access, coverage, may_manage_coverage, ENTRY_GONE)
        refuse_duplicate(row)
        row.removed_at = None
        row.save(update_fields=["removed_at"])
        record_press_action(access, "coverage.added", kind="coverage", target=row.uuid)


def fill_coverage(row: Coverage, fields: Mapping[str, Any]) -> None:
    """Copy `fields` into the row and set its key; do not save.

    Raises Refused without outlet or identity, for a future day, a malformed URL, or a reach without `proof`.
    """
    for name, value in fields.items():
        setattr(row, name, value)
    for name in ("outlet", "title", "programme"):
        setattr(row, name, single_line(getattr(row, name)))
    if not row.outlet:
        raise Refused(_("Say which outlet it was."))
    if row.link and not is_web(row.link):
        raise Refused(_("Give the whole address, beginning with https://"))
    if not row.link and not (row.programme or row.title or row.aired_at):
        raise Refused(_("Give a link, a title, or the programme: else nobody finds it again."))
    if not EARLIEST <= row.on <= timezone.localdate(now()):
        raise Refused(_("The day lies in the past: what is to come is no coverage yet."))
    if row.reach is not None and row.proof == Proof.NOT_KNOWN:
        raise Refused(_("Say how the number is known; an estimate is an estimate."))
    row.key = row.build_key()


def refuse_duplicate(row: Coverage) -> None:
    """Raise DuplicateCoverage for a duplicate, Refused above the limit. Locks the workspace's row, so that
    concurrent requests add the same coverage once."""
    Workspace.objects.select_for_update().get(pk=row.workspace_id)
    others = Coverage.objects.filter(workspace=row.workspace, removed_at=None).exclude(pk=row.pk)
    if row._state.adding and others.count() >= MAX_COVERAGE:
        raise Refused(_("There are more entries than a workspace takes."))
    if (there := others.filter(key=row.key).first()) is not None:
        raise DuplicateCoverage(there)


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
    Refused without a label, or if there are too many that people made."""
    require_that(may_manage_contacts(access))
    if not single_line(label):
        raise Refused(_("Say to whom you give the link."))
    with transaction.atomic():
        mine = CoverageLink.objects.filter(workspace=access.workspace, organisation=access.organisation)
        if mine.filter(ended_at=None, ends_at__gt=now(), made_by__isnull=False).count() >= MOST_OPEN:
            raise Refused(_("End some of the links first."))
        link = CoverageLink.of(access, event=event, language=language, made_by=access.user, made_at=now())
        link.label, link.ends_at = single_line(label)[:120], link.made_at + LINK_LIFETIME
        link.token_hash = hash_token(coverage_link_token(link))
        link.save()
        record_press_action(access, "coverage.link_made", kind="coverage_link", target=link.uuid)
    return link


def coverage_link_token(link: CoverageLink) -> str:
    return derive_token("events.coverage", str(link.uuid))


def end_coverage_link(*, access: Access, link: CoverageLink) -> None:
    """End a link; its entries stay. Raises NotAllowed."""
    with transaction.atomic():
        require_that(may_manage_own(access, link))
        CoverageLink.objects.filter(pk=link.pk, ended_at=None).update(ended_at=now())
        record_press_action(access, "coverage.link_ended", kind="coverage_link", target=link.uuid)


def is_coverage_link_open(link: CoverageLink) -> bool:
    return link.ended_at is None and now() < link.ends_at and link.workspace.archived_at is None


def submit_coverage(*, source: CoverageLink, **fields: Any) -> Coverage | None:
    """Store an entry sent by the link `source` for review at the press desk; None for a duplicate, with the
    same response to the sender. Raises CoverageLinkEnded, TooManyWaiting, and Refused for invalid data."""
    with transaction.atomic():
        locked = (
            CoverageLink.objects.select_for_update(of=("self",)).select_related("workspace").get(pk=source.pk)
        )
        if not is_coverage_link_open(locked):
            raise CoverageLinkEnded
        row = Coverage(
            workspace=locked.workspace,
            organisation=source.organisation,
            came_by=locked,
            state=CoverageState.WAITING,
            noted_at=now(),
        )
        fill_coverage(row, fields)
        row.event = source.event
        rows = Coverage.objects.filter(came_by=locked)
        recent, waiting = rows.filter(noted_at__gt=now() - DAY), rows.filter(state=CoverageState.WAITING)
        if recent.count() >= MOST_A_DAY or waiting.count() >= MOST_WAITING:
            raise TooManyWaiting
        try:
            refuse_duplicate(row)
        except DuplicateCoverage:
            return None
        row.save()
    return row
