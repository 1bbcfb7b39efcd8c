"""Create the databases' own full-text indexes over the rows of the public search.

SQLite: one FTS5 table a table, filled by triggers. PostgreSQL: generated `tsvector` columns with GIN indexes.
No model of Django knows them. SQLite drops a table's triggers when a migration changes the table: such a
migration has to create them again.
"""

import sqlite3

from django.db import migrations

# table → its columns of tokens
INDEXED = {"home_searchitem": ("title_tokens", "text_tokens"), "home_searchword": ("pieces",)}


def create(apps, schema_editor):
    for table, columns in INDEXED.items():
        statements = _sqlite if schema_editor.connection.vendor == "sqlite" else _postgresql
        for statement in statements(table, columns):
            schema_editor.execute(statement)


def drop(apps, schema_editor):
    for table, columns in INDEXED.items():
        if schema_editor.connection.vendor == "sqlite":
            for verb in ("insert", "delete", "update"):
                schema_editor.execute(f"DROP TRIGGER {table}_{verb}_words")
            schema_editor.execute(f"DROP TABLE {table}_words")
        else:
            for column in columns:
                schema_editor.execute(f"ALTER TABLE {table} DROP COLUMN {column}_vector")


def _sqlite(table, columns):
    names = ", ".join(columns)
    old, new = (", ".join(f"{row}.{column}" for column in columns) for row in ("old", "new"))
    delete = f"INSERT INTO {table}_words ({table}_words, rowid, {names}) VALUES ('delete', old.id, {old});"
    insert = f"INSERT INTO {table}_words (rowid, {names}) VALUES (new.id, {new});"
    yield (
        f"CREATE VIRTUAL TABLE {table}_words USING fts5({names}, content='{table}', content_rowid='id', "
        "detail=column, tokenize=\"unicode61 remove_diacritics 0\")"
    )
    if sqlite3.sqlite_version_info >= (3, 42):
        # Deleted words leave no trace in the pages of the index.
        yield f"INSERT INTO {table}_words ({table}_words, rank) VALUES ('secure-delete', 1)"
    yield f"CREATE TRIGGER {table}_insert_words AFTER INSERT ON {table} BEGIN {insert} END"
    yield f"CREATE TRIGGER {table}_delete_words AFTER DELETE ON {table} BEGIN {delete} END"
    yield f"CREATE TRIGGER {table}_update_words AFTER UPDATE ON {table} BEGIN {delete} {insert} END"


def _postgresql(table, columns):
    for column in columns:
        # The tokens are ready made: no parser and no dictionary of the server changes them.
        yield (
            f"ALTER TABLE {table} ADD COLUMN {column}_vector tsvector "
            f"GENERATED ALWAYS AS (array_to_tsvector(string_to_array({column}, ' '))) STORED"
        )
        yield f"CREATE INDEX {table}_{column}_vector ON {table} USING gin ({column}_vector)"


class Migration(migrations.Migration):
    dependencies = [("home", "0001_initial")]
    operations = [migrations.RunPython(create, drop)]
