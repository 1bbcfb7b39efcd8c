"""Store the format version of SQLite's full-text indexes before anything can be rolled back.

FTS5 writes version 5 with the first deletion of words that leaves no trace (`secure-delete`), and remembers in
the connection that it did. If that transaction is rolled back, later deletions of the same connection leave
version 4 with contents of version 5 (seen in SQLite 3.46.1): `PRAGMA quick_check` then reports a "malformed
inverted index", and a backup of the database is refused. Here one word is inserted and deleted.
"""

from django.db import migrations

INDEXED = {"home_searchitem": ("title_tokens", "text_tokens"), "home_searchword": ("pieces",)}


def store_version(apps, schema_editor):
    if schema_editor.connection.vendor != "sqlite":
        return
    for table, columns in INDEXED.items():
        index, names = f"{table}_words", ", ".join(columns)
        words = ", ".join("'word'" for _column in columns)
        schema_editor.execute(f"INSERT INTO {index} (rowid, {names}) VALUES (0, {words})")
        schema_editor.execute(f"INSERT INTO {index} ({index}, rowid, {names}) VALUES ('delete', 0, {words})")


class Migration(migrations.Migration):
    dependencies = [("home", "0007_news_mail_applicants")]
    operations = [migrations.RunPython(store_version, migrations.RunPython.noop)]
