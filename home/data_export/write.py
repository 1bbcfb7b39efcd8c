"""An organisation's data as a folder: JSON for people and programs, its files, a page about it."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import FileField, ForeignKey, Model
from django.template.loader import render_to_string

from coalition.accounts.enums import Language
from coalition.accounts.models import Membership, Organisation, User
from coalition.accounts.naming import PUBLIC, display_name_for
from coalition.backup.work_folder import create_private_file
from coalition.core.clock import now
from coalition.core.localized_text import LocalizedText
from home.data_export.organisation_rows import NEVER_EXPORTED, OWN_ROWS, OwnRows

AT_A_TIME = 1 << 20  # bytes
# Public copies generated from files in the export.
WITHOUT_FILES = frozenset({"public_picture", "drawn", "clean_file"})


@dataclass
class ExportResult:
    """The content of the folder: rows of each model, SHA-256 of each file, missing files."""

    rows: dict[str, int] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)


class RowSerializer:
    """Serialises rows of one organisation: others by public name only, without their people."""

    def __init__(self, organisation: Organisation) -> None:
        self.organisation = organisation
        members = Membership.objects.filter(organisation=organisation)
        self._people = set(members.values_list("person_id", flat=True))

    def serialize(self, row: Model, own: OwnRows) -> dict[str, Any]:
        """Return the row by field names, without fields that are not exported."""
        kept = [one for one in row._meta.concrete_fields if one.name not in NEVER_EXPORTED | own.without]
        return {one.name: self._value(row, one) for one in kept}

    def _value(self, row: Model, one: Any) -> Any:
        if isinstance(one, ForeignKey):
            return self._other(getattr(row, one.name))
        value = getattr(row, one.attname)
        if isinstance(one, FileField):
            return value.name or ""
        if isinstance(value, bytes | memoryview):
            return bytes(value).decode(errors="replace")
        return dict(value) if isinstance(value, LocalizedText) else value

    def _other(self, other: Any) -> Any:
        if isinstance(other, User):
            return f"{other.name} <{other.email}>" if other.pk in self._people else None
        if isinstance(other, Organisation):
            if other.pk == self.organisation.pk:
                return other.name_in(Language.KK)
            return display_name_for(PUBLIC, other, language=Language.KK)
        return str(other.uuid) if hasattr(other, "uuid") else None


def write_export(organisation: Organisation, folder: Path) -> ExportResult:
    """Write the export into an empty folder, readable by this user only. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder.chmod(0o700)
    written, serializer, parts = (
        ExportResult(),
        RowSerializer(organisation),
        dict[str, dict[str, list[Any]]](),
    )
    for own in OWN_ROWS:
        rows = list(own.rows(organisation))
        name = own.model.partition(".")[2]
        parts.setdefault(own.part, {})[name] = [serializer.serialize(row, own) for row in rows]
        written.rows[own.model] = len(rows)
        _write_files(rows, own, folder, written)
    for part, content in parts.items():
        _write_private_file(folder / f"{part}.json", _encode_json(content))
    for language in Language.values:
        context = {"name": organisation.name_in(language), "at": now(), "rows": sum(written.rows.values())}
        page = render_to_string(f"home/leaving/README.{language}.md", context)
        _write_private_file(folder / f"README.{language}.md", page.encode())
    _write_private_file(folder / "hashes.json", _encode_json(written.files))
    return written


def _encode_json(content: object) -> bytes:
    return json.dumps(content, ensure_ascii=False, indent=2, cls=DjangoJSONEncoder).encode()


def _write_private_file(path: Path, content: bytes) -> None:
    with create_private_file(path) as into:
        into.write(content)


def _write_files(rows: Iterable[Model], own: OwnRows, folder: Path, written: ExportResult) -> None:
    staying = WITHOUT_FILES | own.without
    for row in rows:
        for one in row._meta.concrete_fields:
            if isinstance(one, FileField) and one.name not in staying and getattr(row, one.name):
                _copy_stored_file(getattr(row, one.name), folder, written)


def _copy_stored_file(stored: Any, folder: Path, written: ExportResult) -> None:
    """Copy a file under its storage name, so that rows and files match."""
    target = folder / "files" / stored.name
    if not target.resolve().is_relative_to(folder.resolve()):
        raise OSError(f"a file leads out of the folder: {stored.name}")
    try:
        with stored.storage.open(stored.name, "rb") as source:
            _make_private_folders(target.parent)
            digest = hashlib.sha256()
            with create_private_file(target) as into:
                while chunk := source.read(AT_A_TIME):
                    digest.update(chunk)
                    into.write(chunk)
    except FileNotFoundError:
        written.missing.append(stored.name)
        return
    written.files[f"files/{stored.name}"] = digest.hexdigest()


def _make_private_folders(folder: Path) -> None:
    """Create the folder and its parents, each readable by this user only: `parents` would ignore
    the mode."""
    for one in [*reversed(folder.parents), folder]:
        if not one.exists():
            one.mkdir(mode=0o700)
