"""The way from the small size to the large one: every row of a SQLite file stands in PostgreSQL as it was."""

import datetime
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from cryptography.fernet import Fernet
from django.db import connection

from tests import migrated
from tests.broken.product import Product, on_sqlite

# Runs with `make test-services`: its server is where the rows go; they come from a file of SQLite's.
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="there is no PostgreSQL to move to"),
    pytest.mark.django_db,
]
LARGE = f"coalition_taken_over_{os.environ.get('PYTEST_XDIST_WORKER', '')}"


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Product:
    """The small size with a row in every table."""
    product = on_sqlite(tmp_path_factory.mktemp("small") / "site")
    product.tell("one_of_each")
    return product


@pytest.fixture
def large() -> Iterator[str]:
    """The address of a fresh PostgreSQL database."""
    template = migrated._template_on_server()
    own = connection.settings_dict
    address = f"postgres://{own['USER']}@{own['HOST']}:{own['PORT'] or 5432}"
    with psycopg.connect(f"{address}/postgres", autocommit=True) as server:
        server.execute(f"DROP DATABASE IF EXISTS {LARGE} WITH (FORCE)")
        server.execute(f"CREATE DATABASE {LARGE} TEMPLATE {template}")
        yield f"{address}/{LARGE}"
        server.execute(f"DROP DATABASE {LARGE} WITH (FORCE)")


def file_of(product: Product) -> Path:
    return product.folder / "coalition.sqlite3"


def test_every_row_is_what_it_was(small: Product, large: str) -> None:
    file = file_of(small).read_bytes()

    told = small.do("take_over_sqlite", str(file_of(small)), env={"DATABASE_URL": large, "PAGES_KEPT": "60"})

    assert "rows of" in told
    assert "Traceback" not in told
    assert file_of(small).read_bytes() == file
    before, after = small.tell("every_row"), small.tell("every_row", DATABASE_URL=large)
    assert before.keys() - after.keys() == {"wagtailsearch_indexentry_fts"}  # SQLite's own
    # What a proxy in front keeps is not found any more: its number moved.
    assert [table for table in after if after[table] != before[table]] == ["home_pagesversion"]
    assert sum(bool(count) for count, _hash in before.values()) > 200  # of some 240 tables
    small.do("check_grants", env={"DATABASE_URL": large})


def test_what_is_written_afterwards_gets_a_number_of_its_own(small: Product, large: str) -> None:
    small.do("take_over_sqlite", str(file_of(small)), env={"DATABASE_URL": large})
    assert len(small.tell("members", "kk", "ru", DATABASE_URL=large)) == 2


def test_the_database_of_people_outside_goes_the_same_way(small: Product, large: str, tmp_path: Path) -> None:
    file, key = tmp_path / "contacts.sqlite3", Fernet.generate_key().decode()
    old = {"CONTACTS_DATABASE_URL": f"sqlite:///{file}", "CONTACTS_KEY": key}
    new = old | {"CONTACTS_DATABASE_URL": large}
    with psycopg.connect(large, autocommit=True) as database:
        database.execute("DROP SCHEMA public CASCADE")
        database.execute("CREATE SCHEMA public")
    for env in (old, new):
        small.do("migrate", "vault", "--database", "contacts", "-v0", env=env)
    held = ("apart:1", "events.Volunteer.name", "sealed words", "2026-11-27 10:00:00.5", None)
    with closing(sqlite3.connect(file)) as database:
        database.execute("INSERT INTO vault_held VALUES (?, ?, ?, ?, ?)", held)
        database.commit()
    assert "1 rows of" in small.do("take_over_sqlite", str(file), "--contacts", env=new)
    with psycopg.connect(f"{large}?options=-c%20timezone%3DUTC") as database:
        assert database.execute("SELECT *, written_at::text FROM vault_held").fetchone() == (
            *held[:3],
            datetime.datetime(2026, 11, 27, 10, 0, 0, 500_000, tzinfo=datetime.UTC),
            None,
            "2026-11-27 10:00:00.5+00",
        )


def test_a_database_in_use_is_refused(small: Product, large: str) -> None:
    small.tell("members", "kk", DATABASE_URL=large)
    assert "has to be fresh" in refused(small, large)


def test_an_empty_database_without_tables_is_refused(small: Product, large: str) -> None:
    with psycopg.connect(large, autocommit=True) as database:
        database.execute("DROP SCHEMA public CASCADE")
        database.execute("CREATE SCHEMA public")
    assert "run `manage.py migrate`" in refused(small, large)


def test_a_file_of_another_version_is_refused(small: Product, large: str) -> None:
    with psycopg.connect(large, autocommit=True) as database:
        database.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('home', '9999_newer', now())"
        )
    assert "another version (home." in refused(small, large)


def test_a_file_from_before_the_migrations_of_today_is_refused(
    small: Product, large: str, tmp_path: Path
) -> None:
    row = "('audit', '0002_initial', '2026-11-24 16:15:24')"
    copy = changed(small, tmp_path, f"INSERT INTO django_migrations (app, name, applied) VALUES {row}")
    assert "no longer has, and cannot be taken over" in refused(small, large, copy)
    assert_untouched(large)


def test_sqlite_is_no_place_to_go_to(small: Product) -> None:
    assert "no PostgreSQL" in refused(small, f"sqlite:///{file_of(small)}")


@pytest.mark.parametrize(
    ("content", "words"), [(None, "There is no file"), (b"no database" * 99, "cannot be read")]
)
def test_what_is_no_database_is_refused(
    small: Product, large: str, tmp_path: Path, content: bytes | None, words: str
) -> None:
    file = tmp_path / "other.sqlite3"
    if content is not None:
        file.write_bytes(content)
    assert words in small.refused("take_over_sqlite", str(file), env={"DATABASE_URL": large})


def test_a_row_that_postgresql_does_not_take_is_named_and_nothing_is_left(
    small: Product, large: str, tmp_path: Path
) -> None:
    """SQLite keeps longer words than a column says."""
    copy = changed(small, tmp_path, f"UPDATE workspaces_workspace SET title = '{'a' * 500}'")
    said = refused(small, large, copy)
    assert "workspaces_workspace" in said
    assert "nothing was changed" in said
    assert_untouched(large)


def test_a_reference_to_nobody_is_named_and_nothing_is_left(
    small: Product, large: str, tmp_path: Path
) -> None:
    """SQLite does not look while its foreign keys are off; PostgreSQL looks at the end."""
    one = "UPDATE workspaces_seat SET person_id = 999999 WHERE id = (SELECT min(id) FROM workspaces_seat)"
    said = refused(small, large, changed(small, tmp_path, one))
    assert "Traceback" not in said
    assert "nothing was changed" in said
    assert '"workspaces_seat"' in said
    assert "999999" in said
    assert_untouched(large)


def test_what_others_made_beside_the_tables_is_left_alone(small: Product, large: str, tmp_path: Path) -> None:
    """A view of `pg_stat_statements`, a table on another server and one of the operator's own; in the file,
    what `ANALYZE` notes."""
    with psycopg.connect(large, autocommit=True) as database:
        database.execute("CREATE VIEW slow_ones AS SELECT 1 AS calls")
        database.execute("CREATE FOREIGN DATA WRAPPER none")
        database.execute("CREATE SERVER away FOREIGN DATA WRAPPER none")
        database.execute("CREATE FOREIGN TABLE elsewhere (id integer) SERVER away")
        database.execute("CREATE TABLE watched AS SELECT 7 AS disk")
    assert "rows of" in small.do(
        "take_over_sqlite", str(changed(small, tmp_path, "ANALYZE")), env={"DATABASE_URL": large}
    )
    with psycopg.connect(large) as database:
        assert database.execute("SELECT disk FROM watched").fetchone() == (7,)
        assert database.execute("SELECT count(*) FROM partners_user").fetchone() != (0,)


def test_a_table_of_others_that_points_at_ours_is_not_emptied_with_it(small: Product, large: str) -> None:
    with psycopg.connect(large, autocommit=True) as database:
        database.execute("CREATE TABLE watched (type_id integer REFERENCES django_content_type)")
        database.execute("INSERT INTO watched SELECT min(id) FROM django_content_type")
    said = refused(small, large)
    assert "Traceback" not in said
    assert "nothing was changed" in said
    assert '"watched"' in said
    assert_untouched(large)
    with psycopg.connect(large) as database:
        assert database.execute("SELECT count(*) FROM watched").fetchone() == (1,)


@pytest.mark.parametrize(
    ("words", "names"),
    [
        # SQLite would read the name that is gone as words, and give it for every row
        (
            "ALTER TABLE workspaces_workspace RENAME COLUMN title TO heading",
            ["the file: workspaces_workspace.heading", "the database: workspaces_workspace.title"],
        ),
        ("ALTER TABLE partners_user ADD COLUMN shoe text", ["only in the file: partners_user.shoe"]),
        ("DROP TABLE workspaces_seat", ["only in the database: workspaces_seat"]),
        ("CREATE TABLE shoes (size integer)", ["only in the file: shoes"]),
    ],
)
def test_a_file_with_other_tables_or_columns_is_refused_by_their_names(
    small: Product, large: str, tmp_path: Path, words: str, names: list[str]
) -> None:
    said = refused(small, large, changed(small, tmp_path, words))
    assert "Traceback" not in said
    assert [name for name in names if name not in said] == []
    assert "nothing was changed" in said.lower()
    assert_untouched(large)


def changed(small: Product, folder: Path, words: str) -> Path:
    """A copy of the file, after this."""
    copy = folder / "copy.sqlite3"
    copy.write_bytes(file_of(small).read_bytes())
    with closing(sqlite3.connect(copy)) as database:
        database.execute(words)
        database.commit()
    return copy


def assert_untouched(large: str) -> None:
    with psycopg.connect(large) as database:
        assert database.execute("SELECT count(*) FROM partners_user").fetchone() == (0,)
        assert database.execute("SELECT count(*) FROM auth_permission").fetchone() != (0,)


def refused(small: Product, large: str, file: Path | None = None) -> str:
    return small.refused("take_over_sqlite", str(file or file_of(small)), env={"DATABASE_URL": large})
