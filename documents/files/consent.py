"""Files as items that can show a person under consent (`coalition.consent`), and whether one may be sent."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils.translation import get_language, pgettext_lazy

from coalition.accounts.models import User
from coalition.consent.enums import Form, Place
from coalition.consent.gate import ConsentGate, ended_items, may_work_with, with_bytes
from coalition.consent.items import ItemDescription, ItemKind, ShownItem, register_item_kind
from coalition.consent.models import ConsentItem
from coalition.core.crypto import parse_uuid
from coalition.workspaces.models import Workspace
from coalition.workspaces.permissions import access_to
from documents.drafts.identifying import CreditLine
from documents.files.models import StoredFile
from documents.files.queries import files_for, may_change_file

FILE: Final = "file"

type FilesOf = Callable[[Collection[str]], QuerySet[Any, Any]]
_files_of: Final[dict[str, FilesOf]] = {}


def file_item(file: StoredFile) -> ShownItem:
    """Return the file with every word that goes out with it."""
    words = (file.name, file.alt, file.caption, CreditLine(file.credit))
    return ShownItem(FILE, str(file.uuid), sha256=file.sha256, words=words)


def register_files_of(kind: str, files: FilesOf) -> None:
    """Close files of items of this kind with their item, wherever they are. `files(keys)`: primary keys of
    the files of items with these keys. Call once, from `Capability.connect`."""
    _files_of[kind] = files


def _are_of_items(file: StoredFile, items: Iterable[tuple[str, str]]) -> bool:
    """Whether the file is of one of these items (kind, key). One query for each kind that has files."""
    keys = _keys_by_kind(items)
    return any(_files_of[kind](own).filter(file=file.pk).exists() for kind, own in keys.items())


def _keys_by_kind(items: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    keys: dict[str, list[str]] = {}
    for kind, key in items:
        if kind in _files_of:
            keys.setdefault(kind, []).append(key)
    return keys


def is_under_consent(file: StoredFile) -> bool:
    """Whether a person under consent is shown in the file, in one with the same bytes, or in the item whose
    file it is. One query, and another one while such items are under consent."""
    same = Q(kind=FILE, key=str(file.uuid)) | with_bytes([file.sha256])
    rows = ConsentItem.objects.filter(same | Q(kind__in=_files_of), detached_at=None)
    found = list(rows.values_list("kind", "key"))
    return any(kind not in _files_of for kind, _key in found) or _are_of_items(file, found)


def _may_work_with(file: StoredFile) -> bool:
    """Whether no consent to the file, or to the item whose file it is, has ended. Two queries."""
    ended = ended_items().filter(kind__in=_files_of).values_list("kind", "key") if _files_of else ()
    return may_work_with(file_item(file)) and not _are_of_items(file, ended)


def without_ended(files: QuerySet[StoredFile]) -> QuerySet[StoredFile]:
    """Return the files without those that members may no longer open: as `may_open`, by key and by hash.

    One query beside that of the files.
    """
    ended = list(ended_items())
    uuids = {parse_uuid(item.key) for item in ended if item.kind == FILE} - {None}
    hashes = {one for item in ended for one in item.hashes if one}
    for kind, keys in _keys_by_kind((item.kind, item.key) for item in ended).items():
        files = files.exclude(pk__in=_files_of[kind](keys))
    return files.exclude(Q(uuid__in=uuids) | Q(sha256__in=hashes))


def usable_files_for(user: object, workspace: Workspace | None = None) -> QuerySet[StoredFile]:
    """Return files that the person may read and use, newest first: for choices and search. Two queries."""
    return without_ended(files_for(user, workspace))


def may_open(file: StoredFile) -> bool:
    """Whether members may still open the file. One query for a file under no consent, else three."""
    return not is_under_consent(file) or _may_work_with(file)


@dataclass(frozen=True)
class Outlet:
    """Where bytes of a file go: to members (`place` None), or to a place in a language.

    `language`: empty for the active one. `own_words`: the file's name and descriptions go with them; else
    those of an approved text.
    """

    place: Place | None = Place.SITE
    language: str = ""
    own_words: bool = True

    def may_have(self, file: StoredFile) -> bool:
        """Whether consent allows it now. One query, for members two."""
        if self.place is None:
            return _may_work_with(file)
        return self.passes(ConsentGate(self.place, self.language or get_language() or ""), file)

    def is_watched(self, file: StoredFile) -> bool:
        """Whether consent is asked for anew while the file is sent, and nothing keeps it. One query."""
        return is_under_consent(file)

    def passes(self, gate: ConsentGate, file: StoredFile) -> bool:
        return gate.may_show(file_item(file)) if self.own_words else gate.may_show_bytes(file.sha256)

    def may_have_public_bytes(self, file: StoredFile) -> bool:
        """As `may_have`, for what is made of the file's bytes. One query for a file under no consent."""
        return not is_under_consent(file) or self.may_have(file)


def usable_in_text(files: Iterable[StoredFile], language: str) -> list[StoredFile]:
    """Return those of the files whose bytes may stand in a text in the language, wherever it goes.

    Two queries at most, whatever their number.
    """
    rows = list(files)
    same = Q(kind=FILE, key__in=[str(file.uuid) for file in rows])
    same |= with_bytes(file.sha256 for file in rows)
    if not rows or not ConsentItem.objects.filter(same, detached_at=None).exists():
        return rows
    gate = ConsentGate(Place.SITE, language)
    return [file for file in rows if IN_A_TEXT.passes(gate, file)]


MEMBERS: Final = Outlet(place=None)
SITE: Final = Outlet()
IN_A_TEXT: Final = Outlet(own_words=False)


def _describe(keys: Collection[str]) -> dict[str, ItemDescription]:
    """Return files that are not deleted, by UUID."""
    uuids = [uuid for key in keys if (uuid := parse_uuid(key)) is not None]
    files = StoredFile.objects.filter(uuid__in=uuids, deleted_at=None)
    return {
        str(file.uuid): ItemDescription(
            file_item(file),
            file.name,
            url=file.get_absolute_url(),
            outside_title=file.caption or file.alt,
        )
        for file in files
    }


def _may_attach(person: User, key: str) -> bool:
    """Whether the person may change the file with one of their seats in its workspace."""
    uuid = parse_uuid(key)
    file = files_for(person).filter(uuid=uuid).first() if uuid is not None else None
    if file is None:
        return False
    try:
        access = access_to(person, file.workspace.uuid)
    except Http404:
        return False
    organisations = [str(seat.organisation.uuid) for seat in access.seats]
    return any(
        may_change_file(access_to(person, file.workspace.uuid, acting_for=one), file) for one in organisations
    )


def register_files() -> None:
    """Register files as items. Call once, from `AppConfig.ready()`."""
    register_item_kind(
        ItemKind(
            name=FILE,
            label=pgettext_lazy("consent item", "File"),
            forms=tuple(Form),
            describe=_describe,
            may_attach=_may_attach,
        )
    )
