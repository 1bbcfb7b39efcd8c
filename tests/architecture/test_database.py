"""What a database is told by its address, and by us."""

import pytest
from django.conf import settings
from django.db import connection

from coalition.settings.environment import database

POSTGRES = "postgres://one@127.0.0.1:5432/coalition"


def test_postgres_compiles_no_queries(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", POSTGRES)
    assert database("DATABASE_URL")["OPTIONS"] == {"options": "-c jit=off"}


def test_what_the_address_asks_for_stays(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", f"{POSTGRES}?sslmode=require&options=-c%20work_mem%3D8MB")
    assert database("DATABASE_URL")["OPTIONS"] == {
        "sslmode": "require",
        "options": "-c work_mem=8MB -c jit=off",
    }


@pytest.mark.skipif(
    settings.DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3", reason="asks PostgreSQL"
)
@pytest.mark.django_db
def test_it_heard_that():
    with connection.cursor() as cursor:
        cursor.execute("SHOW jit")
        assert cursor.fetchone() == ("off",)
