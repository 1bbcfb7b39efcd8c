"""Make a package, change it, open its page and close it."""

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from coalition.audit.models import AuditEntry
from coalition.campaigns.core.records import record_action
from coalition.campaigns.media_package.enums import PackageAudience
from coalition.campaigns.media_package.models import MediaPackage
from coalition.campaigns.media_package.permissions import may_edit_packages, may_publish_packages
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.workspaces.permissions import Access
from documents.drafts.permissions import require_that

ONLY_EDITORS: Final = _("Editors and coordinators prepare media packages.")
ONLY_COORDINATORS: Final = _("Coordinators open and close the page of a media package.")
ONLY_PRESS_TAKES_OUT: Final = _(
    "This was given out already. Press officers and coordinators take it out and put it back: outlets are "
    "told."
)
_ADDRESS_STAYS: Final = _(
    "The page was open at this address, and posters that are printed lead there. It stays: %(slug)s."
)
_ADDRESS_IS_TAKEN: Final = _("Another media package has this address. Choose another one.")


def create_package(*, access: Access, title: dict[str, str], slug: str, **fields: Any) -> MediaPackage:
    """Make a package in the name of the organisation for which the person acts. Its page is closed.

    `fields`: `contact_name`, `contact_phone`, `contact_mail`. Raises NotAllowed; Refused if the address is
    taken.
    """
    require_that(may_edit_packages(access), ONLY_EDITORS)
    package = MediaPackage(
        workspace=access.workspace,
        organisation=access.organisation,
        title=title,
        slug=slug,
        created_by=access.user,
        created_at=now(),
        **fields,
    )
    with transaction.atomic():
        with _address_is_unique():
            package.save()
        _record(access, package, "media_package.created")
    return package


def change_package(*, access: Access, package: MediaPackage, **fields: Any) -> MediaPackage:
    """Change title, address and press contact. Raises as `create_package`; Refused for another address once
    the page was open: posters that are printed carry it."""
    with transaction.atomic():
        row = lock_package(access, package)
        require_that(may_edit_packages(access), ONLY_EDITORS)
        if fields.get("slug", row.slug) != row.slug and _was_open(row):
            raise Refused(_ADDRESS_STAYS, slug=row.slug)
        for name, value in fields.items():
            setattr(row, name, value)
        with _address_is_unique():
            row.save()
        _record(access, row, "media_package.changed")
    return row


def set_access(
    *, access: Access, package: MediaPackage, audience: PackageAudience, opens_at: datetime.datetime | None
) -> MediaPackage:
    """Say who takes the files, and until when they are under embargo. Raises NotAllowed."""
    with transaction.atomic():
        row = lock_package(access, package)
        require_that(may_publish_packages(access), ONLY_COORDINATORS)
        row.audience, row.opens_at = audience, opens_at
        row.save(update_fields=["audience", "opens_at"])
        _record(access, row, "media_package.access_changed", audience=str(audience))
    return row


def publish_package(*, access: Access, package: MediaPackage) -> MediaPackage:
    """Open the page. Each item still waits for its own approval. Raises NotAllowed; Refused without items."""
    with transaction.atomic():
        row = lock_package(access, package)
        require_that(may_publish_packages(access), ONLY_COORDINATORS)
        if not row.items.filter(removed_at=None).exists():
            raise Refused(_("There is no item in this package yet. Add one first."))
        if row.published_at is None:
            row.published_at = now()
            row.save(update_fields=["published_at"])
            _record(access, row, "media_package.published")
    return row


def unpublish_package(*, access: Access, package: MediaPackage) -> MediaPackage:
    """Close the page. Outlets keep what they have; links show nothing until it is open again."""
    with transaction.atomic():
        row = lock_package(access, package)
        require_that(may_publish_packages(access), ONLY_COORDINATORS)
        if row.published_at is not None:
            row.published_at = None
            row.save(update_fields=["published_at"])
            _record(access, row, "media_package.unpublished")
    return row


def _was_open(package: MediaPackage) -> bool:
    """Whether the page was ever open: closing it leaves no trace but in the audit log."""
    return AuditEntry.objects.filter(action="media_package.published", target=package.uuid).exists()


def lock_package(access: Access, package: MediaPackage) -> MediaPackage:
    """Reload the row and lock it until the transaction ends. Raises NotAllowed for a package of another
    workspace."""
    row = MediaPackage.objects.select_for_update().get(pk=package.pk)
    require_that(row.workspace_id == access.workspace.pk)
    return row


def _record(access: Access, package: MediaPackage, action: str, **detail: Any) -> None:
    record_action(
        access, action, target=package.uuid, workspace=access.workspace, target_kind="media_package", **detail
    )


@contextmanager
def _address_is_unique() -> Iterator[None]:
    try:
        with transaction.atomic():
            yield
    except IntegrityError as fault:
        raise Refused(_ADDRESS_IS_TAKEN) from fault
