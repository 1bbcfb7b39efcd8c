"""Add items to a package, change them, take them out and back, move them."""

import datetime
from collections.abc import Sequence
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from coalition.accounts.models import Language
from coalition.campaigns.core.records import record_action
from coalition.campaigns.media_package.actions.packages import (
    ONLY_EDITORS,
    ONLY_PRESS_TAKES_OUT,
    lock_package,
)
from coalition.campaigns.media_package.enums import ItemKind
from coalition.campaigns.media_package.models import MediaItem, MediaPackage, Rendition
from coalition.campaigns.media_package.permissions import (
    may_edit_packages,
    may_publish_packages,
    may_take_out,
)
from coalition.campaigns.media_package.queries import given_out_among
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.workspaces.permissions import Access
from documents.drafts.actions.manage import create_draft
from documents.drafts.models import Draft, TextKind
from documents.drafts.permissions import require_that
from documents.drafts.queries import LockedSetting

MOST_ITEMS: Final = 60
MARKS: Final = ("kind", "ai_mark", "age_mark", "licence_until")  # outlets rely on them
ONLY_COORDINATORS_MARK: Final = _(
    "This was given out already. Coordinators change its kind, its marks and the end of its licence."
)
_NAME_IS_TAKEN: Final = _("Another item has this name. A file name leads to one item: choose another.")


def create_item(
    *,
    access: Access,
    package: MediaPackage,
    title: str,
    kind: ItemKind,
    name: str,
    first_language: Language = Language.KK,
    **fields: Any,
) -> MediaItem:
    """Add an item with a text in each language, from the template of its kind of text.

    `fields`: `ai_mark`, `age_mark`, `licence_until`, `sets_formats`. Raises NotAllowed; Refused if the name
    is taken, or the package is full.
    """
    with transaction.atomic():
        locked = lock_package(access, package)
        require_that(may_edit_packages(access), ONLY_EDITORS)
        count = locked.items.filter(removed_at=None).count()
        if count >= MOST_ITEMS:
            raise Refused(_("A package has %(most)s items at most. Make another one."), most=MOST_ITEMS)
        draft = create_draft(
            access=access,
            title=title,
            kind=TextKind.MEDIA_ITEM,
            first_language=first_language,
            from_template=True,
        )
        last = locked.items.aggregate(last=Max("position"))["last"]
        item = MediaItem(
            package=locked,
            draft=draft,
            kind=kind,
            name=name,
            position=0 if last is None else last + 1,
            **fields,
        )
        _save(item)
        record_item(access, item, "media_item.created")
    return item


def refuse_other_kind(draft: Draft, kind: TextKind) -> None:
    """Raise LockedSetting if the text of an item would become another kind of text: without the item's files,
    and with a page among the news. A kind guard."""
    if kind == draft.kind or draft.kind != TextKind.MEDIA_ITEM:
        return
    if MediaItem.objects.filter(draft=draft).exists():
        raise LockedSetting(
            "kind", _("This is the text of an item of a media package: it stays of this kind.")
        )


def change_item(*, access: Access, item: MediaItem, **fields: Any) -> MediaItem:
    """Change kind, marks, end of the licence, formats of the template. Names of files that exist stay.

    Once the item was given out, only coordinators change what is in `MARKS`. Raises NotAllowed; Refused if
    the name is taken.
    """
    with transaction.atomic():
        row = lock_own_item(access, item)
        require_that(may_edit_packages(access), ONLY_EDITORS)
        changed = {name: getattr(row, name) for name, value in fields.items() if getattr(row, name) != value}
        if not may_publish_packages(access) and not changed.keys().isdisjoint(MARKS):
            require_that(not given_out_among([row]), ONLY_COORDINATORS_MARK)
        for name in changed:
            setattr(row, name, fields[name])
        _save(row)
        values = {name: [_code(before), _code(fields[name])] for name, before in changed.items()}
        record_item(access, row, "media_item.changed", changed=values)
    return row


def remove_item(*, access: Access, item: MediaItem) -> MediaItem:
    """Take an item out: nothing of it is given any more, and its files answer *do not use*. Raises
    NotAllowed."""
    with transaction.atomic():
        row = lock_own_item(access, item)
        _require_taking_out(access, row)
        if row.removed_at is None:
            row.removed_at = now()
            row.save(update_fields=["removed_at"])
            record_item(access, row, "media_item.removed")
    return row


def restore_item(*, access: Access, item: MediaItem) -> MediaItem:
    """Undo `remove_item`. Raises NotAllowed."""
    with transaction.atomic():
        row = lock_own_item(access, item)
        _require_taking_out(access, row)
        if row.removed_at is not None:
            row.removed_at = None
            row.save(update_fields=["removed_at"])
            record_item(access, row, "media_item.restored")
    return row


def order_items(*, access: Access, package: MediaPackage, order: Sequence[str]) -> None:
    """Put the items in this order (their UUIDs). Those that are not named come last, in their old order."""
    with transaction.atomic():
        locked = lock_package(access, package)
        require_that(may_edit_packages(access), ONLY_EDITORS)
        places = {uuid: place for place, uuid in enumerate(order)}
        rows = sorted(
            locked.items.all(), key=lambda one: (places.get(str(one.uuid), len(places)), one.position, one.pk)
        )
        for position, row in enumerate(rows):
            row.position = position
        MediaItem.objects.bulk_update(rows, ["position"])


def lock_item(item: MediaItem) -> MediaItem:
    """Reload the row and lock it until the transaction ends."""
    rows = MediaItem.objects.select_for_update(of=("self",)).select_related("package", "draft")
    return rows.get(pk=item.pk)


def lock_own_item(access: Access, item: MediaItem) -> MediaItem:
    """The same, for somebody who acts in the item's workspace. Raises NotAllowed elsewhere."""
    row = lock_item(item)
    require_that(row.package.workspace_id == access.workspace.pk)
    return row


def require_taking_out(access: Access, *, was_given: bool) -> None:
    """Raise NotAllowed unless the person may take this out and put it back."""
    words = ONLY_PRESS_TAKES_OUT if was_given else ONLY_EDITORS
    require_that(may_take_out(access, was_given=was_given), words)


def refuse_removed(item: MediaItem) -> None:
    """Raise Refused if the item was taken out: it gets no files."""
    if item.removed_at is not None:
        raise Refused(_("This item was taken out of its package. Put it back first."))


def record_item(access: Access, item: MediaItem, action: str, **detail: Any) -> None:
    """Write the audit entry in the caller's transaction."""
    record_action(
        access, action, target=item.uuid, workspace=access.workspace, target_kind="media_item", **detail
    )


def _code(value: Any) -> Any:
    """Return the value of a field as JSON has it."""
    return value.isoformat() if isinstance(value, datetime.date) else value


def _require_taking_out(access: Access, item: MediaItem) -> None:
    require_taking_out(access, was_given=bool(given_out_among([item])))


def _save(item: MediaItem) -> None:
    """Raise Refused if another item has the name, or files that were named by it: those keep their names."""
    try:
        with transaction.atomic():
            item.save()
    except IntegrityError as fault:
        raise Refused(_NAME_IS_TAKEN) from fault
    if Rendition.objects.filter(file_name__startswith=f"{item.name}_").exclude(item=item).exists():
        raise Refused(_NAME_IS_TAKEN)
