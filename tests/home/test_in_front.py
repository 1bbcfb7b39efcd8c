"""Which answers are marked for a proxy in front, and which writes move the number they are kept under."""

import pytest
from django.apps import apps
from django.db import connection
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import URLResolver, get_resolver, resolve
from django.urls.resolvers import LocalePrefixPattern
from psycopg.sql import SQL, Composed, Identifier

from coalition.http.responses import limit_proxy_age
from home.frontend_cache import (
    CACHED_URL_NAMES,
    EXPIRES_HEADER,
    QUIET_TABLES,
    MarkPagesMiddleware,
    _note_write,
    affects_public_pages,
    bump_pages_version,
    is_cacheable,
)
from tests.permissions import surfaces


def asked(path="/en/news/", *, method="get", cookies=(), **headers):
    request = getattr(RequestFactory(), method)(path, headers=headers)
    request.COOKIES.update(dict.fromkeys(cookies, "x"))
    request.resolver_match = resolve(path)
    return request


def named_patterns(patterns, prefix="/", space=""):
    """Names of views with the pattern that surfaces.toml lists."""
    for entry in patterns:
        is_language = isinstance(entry.pattern, LocalePrefixPattern)
        part = "<lang>/" if is_language else str(entry.pattern).removeprefix("^")
        if isinstance(entry, URLResolver):
            inner = f"{space}{entry.namespace}:" if entry.namespace else space
            yield from named_patterns(entry.url_patterns, prefix + part, inner)
        else:
            yield f"{space}{entry.name}", prefix + part


def test_a_public_page_is_marked_and_revalidated(settings):
    settings.PAGES_KEPT = 60
    marks = MarkPagesMiddleware(lambda _request: HttpResponse("words"))
    answer = marks(asked())
    assert answer[EXPIRES_HEADER] == "60"
    assert answer["Cache-Control"] == "public, no-cache"
    assert marks(asked(**{"If-None-Match": answer["ETag"]})).status_code == 304


@pytest.mark.parametrize(("said", "mark"), [(5, "5"), (600, "60"), (None, "60")])
def test_an_answer_says_for_itself_that_it_is_kept_shorter_and_never_longer(settings, said, mark):
    settings.PAGES_KEPT = 60
    answer = HttpResponse("words")
    if said is not None:
        limit_proxy_age(answer, said)
    assert MarkPagesMiddleware(lambda _request: answer)(asked())[EXPIRES_HEADER] == mark


@pytest.mark.parametrize(
    "given",
    [
        {"method": "post"},
        {"cookies": ["sessionid"]},
        {"HX-Request": "true"},
        {"path": "/en/search/"},
        {"path": "/en/membership/"},
        {"path": "/accounts/login/"},
        {"path": "/en/membership/confirm/token/"},
    ],
    ids=["sent", "session", "part", "search", "form", "door", "token"],
)
def test_what_is_somebodys_own_is_not_kept(given):
    assert not is_cacheable(asked(**given), HttpResponse("words"))


def test_an_answer_that_sets_a_cookie_or_forbids_it_is_not_kept():
    for change in (
        lambda one: one.set_cookie("a", "b"),
        lambda one: one.headers.setdefault("Cache-Control", "private"),
    ):
        answer = HttpResponse("words")
        change(answer)
        assert not is_cacheable(asked(), answer)
    assert not is_cacheable(asked(), HttpResponse(status=404))
    assert is_cacheable(asked(), HttpResponse("words"))


def test_only_what_anyone_may_see_is_ever_marked():
    """Each name stands for addresses that are classed public, without a secret in them."""
    classes = surfaces.listed()["urls"]
    found = dict.fromkeys(CACHED_URL_NAMES, 0)
    for name, pattern in named_patterns(get_resolver().url_patterns):
        if name in CACHED_URL_NAMES:
            found[name] += 1
            assert classes[pattern].startswith("public"), pattern
            assert "token" not in pattern
    assert all(found.values()), found


@pytest.mark.parametrize(
    ("sql", "moves"),
    [
        ('UPDATE "home_newspage" SET "lead" = %s', True),
        ('INSERT INTO "partners_organisation" ("uuid") VALUES (%s) RETURNING "id"', True),
        ('INSERT OR IGNORE INTO "home_newspage_topics" ("a") VALUES (%s)', True),
        ('DELETE FROM "wagtailcore_page" WHERE "id" = %s', True),
        ('WITH x AS (SELECT 1) DELETE FROM "home_newspage"', True),
        ("VACUUM", True),
        ('TRUNCATE "django_session", "home_newspage"', True),
        ('SELECT "update" FROM "home_newspage" FOR UPDATE', False),
        ("WITH x AS (SELECT 1) SELECT * FROM x", False),
        ('SAVEPOINT "s1"', False),
        ('UPDATE "django_session" SET "session_data" = %s', False),
        ('UPDATE "home_pagesversion" SET "number" = 2', False),
    ],
)
def test_writes_that_a_public_page_may_show_move_the_number(sql, moves):
    assert affects_public_pages(sql) is moves


def test_a_statement_composed_by_psycopg_is_read_as_its_words(db):
    """Code that talks to PostgreSQL hands over such statements, and the cursor takes them."""
    told = []

    def execute(sql, *_rest):
        told.append(sql)

    truncate = Composed([SQL("TRUNCATE "), Identifier("home_newspage")])
    _note_write(execute, truncate, None, many=False, context={"connection": connection})
    assert told == [truncate]
    assert [function for _ids, function, *_ in connection.run_on_commit] == [bump_pages_version]


def test_every_table_that_is_called_quiet_is_there():
    """A table that was renamed would be listened to again, and its quiet name be taken by another."""
    there = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
    assert QUIET_TABLES - there <= {"django_migrations", "wagtailsearch_indexentry_fts"}


def test_the_number_is_told_to_nobody_where_no_proxy_keeps_pages(client, db):
    assert client.get("/internal/pages-version").status_code == 404
