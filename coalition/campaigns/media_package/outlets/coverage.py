"""Coverage of items: by the outlet's link, at the desk, by a spreadsheet."""

from collections.abc import Collection
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coalition.accounts.naming import PUBLIC
from coalition.audit import log
from coalition.campaigns.core.records import record_action
from coalition.campaigns.media_package.models import ItemCoverage, MediaItem, PackageLink
from coalition.campaigns.media_package.outlets.actions import lock_link
from coalition.campaigns.media_package.outlets.presenters import outlet_name
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.core.throttling import hash_token
from coalition.workspaces.models import Workspace
from coalition.workspaces.permissions import Access
from documents.drafts.permissions import may_manage_contacts, require_that
from events.press.coverage.actions import add_coverage, coverage_link_token, submit_coverage
from events.press.coverage.models import Coverage, CoverageLink
from events.press.coverage.subjects import SubjectColumn, register_subject_column

ONLY_PRESS_DESK: Final = _("Editors, coordinators and press officers note coverage.")
_ITEM_HEADS: Final = "item, item name, материал пакета, элемент, элемент пакета, топтама элементі, элементі"


def log_airing(*, source: PackageLink, item: MediaItem, **fields: Any) -> Coverage | None:
    """Store what the outlet says it aired or published of the item, for review at the press desk; None if it
    is noted already. `source`: the outlet's link; `fields`: of Coverage, without the outlet.

    Raises Refused for a link that opens nothing, an item of another package, and as `submit_coverage`.
    """
    with transaction.atomic():
        row = lock_link(source)
        if item.package_id != row.package_id or item.removed_at is not None:
            raise Refused(_("Choose an item of this package."))
        made = submit_coverage(source=_coverage_link(row), outlet=outlet_name(row, PUBLIC), **fields)
        if made is not None:
            ItemCoverage.objects.create(coverage=made, item=item, link=row)
            log.record_audit(
                "media_item.airing_logged",
                actor=None,
                target_kind="media_item",
                target=item.uuid,
                workspace=row.package.workspace.uuid,
            )
    return made


def add_item_coverage(*, access: Access, item: MediaItem, **fields: Any) -> ItemCoverage:
    """Add coverage of an item at the desk. Raises NotAllowed, Refused as `add_coverage`."""
    with transaction.atomic():
        coverage = add_coverage(access=access, **fields)
        return attach_coverage(access=access, item=item, coverage=coverage)


def attach_coverage(*, access: Access, item: MediaItem, coverage: Coverage) -> ItemCoverage:
    """Say of which item existing coverage is; it has one at most. Raises NotAllowed; Refused for coverage of
    another workspace."""
    require_that(
        may_manage_contacts(access) and item.package.workspace_id == access.workspace.pk, ONLY_PRESS_DESK
    )
    if coverage.workspace_id != access.workspace.pk or coverage.removed_at is not None:
        raise Refused(_("This entry is not there any more."))
    with transaction.atomic():
        found, _made = ItemCoverage.objects.update_or_create(coverage=coverage, defaults={"item": item})
        _record(access, item, "media_item.coverage_attached", coverage=coverage)
    return found


def detach_coverage(*, access: Access, item_coverage: ItemCoverage) -> None:
    """Undo `attach_coverage`: the entry of coverage itself stays. Raises NotAllowed."""
    item = item_coverage.item
    require_that(
        may_manage_contacts(access) and item.package.workspace_id == access.workspace.pk, ONLY_PRESS_DESK
    )
    with transaction.atomic():
        ItemCoverage.objects.filter(pk=item_coverage.pk).delete()
        _record(access, item, "media_item.coverage_detached", coverage=item_coverage.coverage)


def _record(access: Access, item: MediaItem, action: str, *, coverage: Coverage) -> None:
    record_action(
        access,
        action,
        target=item.uuid,
        workspace=access.workspace,
        target_kind="media_item",
        coverage=str(coverage.uuid),
    )


def _coverage_link(link: PackageLink) -> CoverageLink:
    """Return the link by which the outlet's entries come in, made at the first one. Its label does not name
    the outlet: more people read it than those who serve outlets. `link` is locked."""
    if link.coverage_link is not None:
        return link.coverage_link
    package = link.package
    made = CoverageLink(
        workspace=package.workspace,
        organisation=package.organisation,
        label=str(package),
        language=link.language,
        made_at=now(),
        ends_at=link.ends_at,
    )
    made.token_hash = hash_token(coverage_link_token(made))
    made.save()
    link.coverage_link = made
    link.save(update_fields=["coverage_link"])
    return made


def _names_in(workspace: Workspace) -> Collection[str]:
    rows = MediaItem.objects.filter(package__workspace=workspace, removed_at=None)
    return set(rows.values_list("name", flat=True))


def _attach_by_name(access: Access, coverage: Coverage, name: str) -> None:
    rows = MediaItem.objects.filter(package__workspace=access.workspace, removed_at=None, name=name)
    item = rows.select_related("package").first()
    if item is not None:
        attach_coverage(access=access, item=item, coverage=coverage)


def register_item_column() -> None:
    """Let spreadsheets of coverage name an item in a column. Call once, from `Capability.connect`."""
    register_subject_column(
        "media_item", SubjectColumn(heads=_ITEM_HEADS, names=_names_in, attach=_attach_by_name)
    )
