"""Hashes of the files that are there: each is read once, in pieces. A missing file has none.

Not in one transaction: videos are large, and the site goes on reading its pictures meanwhile. A run that broke
off is resumed where it was.

Items under consent get the hash too, by which the same bytes are recognised. What somebody agreed to without it
is asked about again: nobody knows whether the file is still the one that she saw.
"""

import hashlib
from typing import Any

from django.db import migrations

PIECE_BYTES = 1024 * 1024


def hash_files(apps: Any, schema_editor: Any) -> None:
    alias = schema_editor.connection.alias
    items = apps.get_model("consent", "ConsentItem").objects.using(alias)
    for kind, name in (("image", "PublicImage"), ("video", "PublicVideo")):
        model = apps.get_model("home", name)
        storage = model._meta.get_field("file").storage
        rows = model._base_manager.using(alias)
        for pk, file in list(rows.filter(bytes_sha256="").values_list("pk", "file")):
            found = file_sha256(storage, file)
            rows.filter(pk=pk, file=file).update(bytes_sha256=found)
            items.filter(kind=kind, key=str(pk), sha256="").update(sha256=found)


def file_sha256(storage: Any, name: str) -> str:
    found = hashlib.sha256()
    try:
        with storage.open(name, "rb") as content:
            while piece := content.read(PIECE_BYTES):
                found.update(piece)
    except FileNotFoundError:
        return ""
    return found.hexdigest()


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("consent", "0001_initial"), ("home", "0011_hashes_of_files")]

    operations = [migrations.RunPython(hash_files, migrations.RunPython.noop)]
