"""Questions that are asked together bring what they bring one by one."""

import time
from collections.abc import Sequence
from typing import Any

import psycopg
import pytest
from django.db import OperationalError, connection, transaction
from django.test.utils import CaptureQueriesContext

from coalition import at_once
from coalition.read_again import reading
from coalition.workspaces.models import Workspace
from tests.factories import WorkspaceFactory

# Runs with `make test-services`: plans and pipelines are PostgreSQL's, without it there is nothing to try.
on_postgresql = pytest.mark.skipif(
    connection.vendor != "postgresql",
    reason="SQLite plans in our own process: nothing is asked together there",
)
NAMES = 'SELECT "title" FROM "workspaces_workspace" WHERE "title" LIKE %s AND "id" > %s ORDER BY "id"'
WITHOUT_KIND = "SELECT %s IS NULL"  # a server that is given the value apart cannot tell its kind


def asked(*questions: tuple[str, Any]) -> list[list[Any]]:
    return list(at_once.rows(connection, questions))


def plans_after_often(found: Sequence[Any] = ()) -> int:
    """What the server keeps once it was asked more often than it takes to be worth a plan."""
    for _time in range(8):
        assert asked((NAMES, ("T%", 0))) == [list(found)]
    return plans()


def plans() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements")
        return int(cursor.fetchone()[0])


@pytest.mark.django_db(transaction=True)
def test_each_brings_its_own_rows():
    for name in ("One", "Two", "Twelve"):
        WorkspaceFactory(title=name)
    for _time in range(8):  # planned anew at first, then as planned before
        assert asked((NAMES, ("T%", 0)), ("SELECT 1, 'percent'", None), (NAMES, ("Zero%", 0))) == [
            [("Two",), ("Twelve",)],
            [(1, "percent")],
            [],
        ]
    assert asked() == []


@on_postgresql
@pytest.mark.django_db(transaction=True)
def test_the_server_plans_once_and_sees_what_changed():
    connection.close()
    for number in range(9):
        WorkspaceFactory(title=f"Number {number}")
        assert len(asked((NAMES, ("Number%", 0)))[0]) == number + 1
    assert plans() == 1


@on_postgresql
@pytest.mark.django_db(transaction=True)
def test_what_the_server_refuses_together_is_asked_one_by_one_and_the_rest_is_planned_all_the_same():
    connection.close()
    WorkspaceFactory(title="Three")
    for _time in range(12):
        both = asked((NAMES, ("T%", 0)), (WITHOUT_KIND, ("a",)), ("SELECT 2", None))
        assert both == [[("Three",)], [(False,)], [(2,)]]
    assert plans() == 0
    assert plans_after_often([("Three",)]) == 1


@on_postgresql
@pytest.mark.django_db(transaction=True)
def test_a_server_that_is_too_late_is_not_asked_again_and_plans_go_on_afterwards():
    connection.close()
    late = "SELECT pg_sleep(%s)"
    for _time in range(5):
        asked((NAMES, ("T%", 0)))
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = '300ms'")
    begun = time.monotonic()
    with pytest.raises(OperationalError, match="statement timeout"):
        asked((late, (60,)), (NAMES, ("T%", 0)))
    assert time.monotonic() - begun < 25  # it was not waited for
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
    assert plans_after_often() == 1


@on_postgresql
@pytest.mark.django_db(transaction=True)
def test_a_line_that_the_server_ended_is_told_as_django_tells_it_and_the_next_one_works():
    asked((NAMES, ("T%", 0)))
    with psycopg.connect(connection.connection.info.dsn, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s)", [connection.connection.info.backend_pid])
    with pytest.raises(OperationalError):
        asked((NAMES, ("T%", 0)))
    connection.close()
    assert asked((NAMES, ("T%", 0))) == [[]]


@on_postgresql
@pytest.mark.django_db(transaction=True)
def test_through_a_pooler_nothing_is_planned(monkeypatch):
    connection.close()
    monkeypatch.setattr(at_once, "_is_direct", lambda _connection: False)
    assert plans_after_often() == 0


@on_postgresql
@pytest.mark.django_db(transaction=True)
def test_a_table_that_got_a_column_of_another_kind_is_asked_all_the_same():
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE changing (answer integer)")
        try:
            cursor.execute("INSERT INTO changing VALUES (42)")
            for _time in range(8):
                assert asked(("SELECT answer FROM changing", None)) == [[(42,)]]
            cursor.execute("ALTER TABLE changing ALTER COLUMN answer TYPE text")
            assert asked(("SELECT answer FROM changing", None)) == [[("42",)]]
        finally:
            cursor.execute("DROP TABLE changing")


@pytest.mark.django_db(transaction=True)
def test_a_transaction_lives_on_after_a_question_that_would_be_refused():
    with transaction.atomic():
        WorkspaceFactory(title="Kept")
        assert len(asked((NAMES, ("Kept", 0)), (WITHOUT_KIND, ("a",)))) == 2
    assert Workspace.objects.filter(title="Kept").exists()


@pytest.mark.django_db(transaction=True)
def test_who_counts_questions_counts_these():
    with CaptureQueriesContext(connection) as counted:
        asked((NAMES, ("A%", 0)), (NAMES, ("B%", 0)))
    assert len(counted) == 2


@pytest.mark.django_db(transaction=True)
def test_every_change_of_what_was_read_is_seen():
    one = WorkspaceFactory(title="One")
    with reading() as read:
        names = list(Workspace.objects.filter(title__startswith="O").values_list("title", flat=True))
    assert names == ["One"]
    for number in range(8):
        assert read.would_be_the_same()
        one.title = f"O{number}"
        one.save()
        assert not read.would_be_the_same()
        one.title = "One"
        one.save()
