"""The demo coalition in the benchmarks' own database, rebuilt when its migrations change."""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

DATABASE = Path("build/bench/coalition.sqlite3")


def prepare() -> None:
    """Set Django up and bring the data up to date."""
    from bench.figures import ROOT

    os.chdir(ROOT)  # the database's path is relative
    (ROOT / "build" / "bench").mkdir(parents=True, exist_ok=True)
    os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
    call_command("seed_demo")


def article() -> str:
    """Return the path of a public article in Kazakh."""
    from home.models import NewsPage

    pages = NewsPage.objects.live().filter(locale__language_code="kk", light=False)
    return str(pages.order_by("pk")[:1].get().get_url())


@contextmanager
def empty_place(place: Path) -> Iterator[dict[str, str]]:
    """Make a new folder, which is deleted afterwards. Yield the environment of a process that has its
    database and its files there."""
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    try:
        yield {
            "DJANGO_SETTINGS_MODULE": "bench.settings",
            "DATABASE_URL": f"sqlite:///{place / DATABASE.name}",
            "BENCH_FILES": str(place),
        }
    finally:
        shutil.rmtree(place, ignore_errors=True)


@contextmanager
def copied_to(place: Path) -> Iterator[dict[str, str]]:
    """As `empty_place`, with a copy of the demo's database."""
    with empty_place(place) as environment:
        with (
            closing(sqlite3.connect(DATABASE)) as source,
            closing(sqlite3.connect(place / DATABASE.name)) as copy,
        ):
            source.backup(copy)
        yield environment
