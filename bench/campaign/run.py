"""2,000 supports a minute for ten minutes: requested, mailed, confirmed, counted.

Two servers with four threads each, one worker, PostgreSQL and this load share the machine.
`BENCH_MINUTES` shortens the run.
"""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from urllib.parse import urlsplit

from bench.campaign.signing import Crowd, MailLook, Signed, percentile
from bench.figures import ROOT, Figure, at_least, at_most, not_measured, told
from bench.processes import processor_seconds
from bench.server import await_page, running
from bench.weight import first_view_kilobytes
from tests.browser import chromium

GROUP = "campaign"
SERVER = os.environ.get("BENCH_POSTGRES", "postgres://postgres@127.0.0.1:5432")
DATABASE = "coalition_bench_campaign"  # recreated for each run
A_MINUTE = 2000
MINUTES = float(os.environ.get("BENCH_MINUTES", "10"))
MOST_MILLISECONDS = 500
FRESH_SECONDS = 10
TIMES = 20  # a page is asked for
THREADS = "4"  # in each of two processes: with 16, thirty-two connections contend for two cores
NAME = f"supports a minute for {MINUTES:g} minutes, confirmed"


def measure(_peer: str | None) -> list[Figure]:
    why = _new_database()
    if why:
        return [not_measured(GROUP, NAME, why, unit="a minute", reach=A_MINUTE)]
    environment = {
        "DJANGO_SETTINGS_MODULE": "bench.campaign.settings",
        "DATABASE_URL": f"{SERVER}/{DATABASE}",
        "REDIS_URL": "",
        "TRUSTED_PROXIES": "1",
        "REQUEST_THREADS": THREADS,
    }
    os.environ |= environment
    import django

    django.setup()
    from bench.campaign import consent, notices, recipients, scene, table
    from bench.campaign.board import board_figures

    path, table_path = scene.prepare(), table.prepare_table()
    with ExitStack() as stack:
        servers = [
            stack.enter_context(running("coalition.asgi:application", **environment)) for _number in range(2)
        ]
        worker = stack.enter_context(_worker(environment))
        for port, _pid in servers:
            await_page(f"http://localhost:{port}{path}", seconds=60)
        figures = _weight(f"http://localhost:{servers[0][0]}{path}")
        figures += table.taps_sent(f"http://localhost:{servers[0][0]}{table_path}")
        figures += _letters(f"http://localhost:{servers[0][0]}{scene.prepare_letters()}")
        pids = [*(pid for _port, pid in servers), worker]
        figures += _signing([port for port, _pid in servers], path, pids)
        figures += _one_counts_once([port for port, _pid in servers], path)
    figures += scene.holds() + recipients.imports() + board_figures() + consent.withdrawals()
    return figures + notices.notices_queued()


def _new_database() -> str:
    """Create the database. Return an error message if something is missing."""
    import psycopg

    try:
        with psycopg.connect(f"{SERVER}/postgres", connect_timeout=5, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")
            connection.execute(f"CREATE DATABASE {DATABASE}")
    except psycopg.Error as fault:
        where = urlsplit(SERVER)
        return f"no PostgreSQL for us at {where.hostname}:{where.port}: {type(fault).__name__}"
    return ""


@contextmanager
def _worker(environment: dict[str, str]) -> Iterator[int]:
    command = [sys.executable, "manage.py", "work"]
    process = subprocess.Popen(command, cwd=ROOT, env=os.environ | environment, stdout=subprocess.DEVNULL)
    try:
        yield process.pid
    finally:
        process.terminate()
        process.wait(timeout=30)


def _weight(url: str) -> list[Figure]:
    if chromium() is None:
        return [not_measured(GROUP, "page of an appeal, first view", "no Chromium", unit="kB", reach=60)]
    return [
        at_most(GROUP, "page of an appeal, first view", first_view_kilobytes(url), "kB", reach=60),
        at_most(GROUP, "page of help, first view", first_view_kilobytes(_help(url)), "kB", reach=60),
    ]


def _letters(url: str) -> list[Figure]:
    """The page where people write to 145 deputies: as it is sent, its HTML unpacked, and its time."""
    import urllib.request

    seconds = []
    for _time in range(TIMES):
        begun = time.monotonic()
        with urllib.request.urlopen(url, timeout=30) as answer:
            size = len(answer.read())
        seconds.append(time.monotonic() - begun)
    figures = [
        at_most(GROUP, "page of letters to 145 people, HTML unpacked", size / 1000, "kB", reach=60),
        told(GROUP, "page of letters to 145 people: median", 1000 * percentile(seconds, 50), "ms"),
    ]
    name = "page of letters to 145 people, first view"
    if chromium() is None:
        return [*figures, not_measured(GROUP, name, "no Chromium", unit="kB", reach=60)]
    return [*figures, at_most(GROUP, name, first_view_kilobytes(url), "kB", reach=60)]


def _help(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}/kk/help/"


def _signing(ports: list[int], path: str, pids: list[int]) -> list[Figure]:
    from bench.campaign import scene

    used, begun = sum(map(processor_seconds, pids)), time.monotonic()
    crowd = Crowd(ports, path, scene.regions(), MailLook())
    print(f"  {A_MINUTE} supports a minute for {MINUTES:g} minutes", flush=True)
    signed = asyncio.run(crowd.come(a_minute=A_MINUTE, minutes=MINUTES))
    late = _seconds_until_shown(ports[0], path, signed.confirmed)
    seconds = time.monotonic() - begun
    busy = (sum(map(processor_seconds, pids)) - used) / seconds / (os.cpu_count() or 1)
    for fault in sorted(set(signed.faults)):
        print(f"    {signed.faults.count(fault)} × {fault}", flush=True)
    return [*_served(signed), *_counted(signed, late), told(GROUP, "of all processors used", 100 * busy, "%")]


def _served(signed: Signed) -> list[Figure]:
    wanted = round(A_MINUTE * MINUTES)
    return [
        at_least(GROUP, NAME, signed.confirmed / wanted * A_MINUTE, "a minute", reach=A_MINUTE),
        at_most(GROUP, "asking: p95", percentile(signed.asking, 95), "ms", reach=MOST_MILLISECONDS),
        at_most(GROUP, "confirming: p95", percentile(signed.confirming, 95), "ms", reach=MOST_MILLISECONDS),
        told(GROUP, "opening the link: p95", percentile(signed.opening, 95), "ms"),
        told(GROUP, "asking: median", percentile(signed.asking, 50), "ms"),
    ]


def _counted(signed: Signed, late: float) -> list[Figure]:
    from bench.campaign import scene

    wanted = round(A_MINUTE * MINUTES)
    return [
        at_most(GROUP, "lost of those who asked", wanted - scene.counted(), "", reach=0),
        at_most(GROUP, "held of those who asked from everywhere", scene.held(), "", reach=wanted // 100),
        at_most(GROUP, "number on the page after the last one", late, "s", reach=FRESH_SECONDS),
        at_most(GROUP, "totals that differ from the recount", scene.differences(), "", reach=0),
    ]


def _seconds_until_shown(port: int, path: str, count: int) -> float:
    """Return the seconds until the JSON of the counters shows `count`."""
    import json
    import urllib.request

    begun = time.monotonic()
    while time.monotonic() - begun < 3 * FRESH_SECONDS:
        with urllib.request.urlopen(f"http://localhost:{port}{path}counters.json", timeout=10) as answer:
            columns = json.load(answer)["columns"]
        if next(one["count"] for one in columns if one["column"] == "online") == count:
            break
        time.sleep(0.2)
    return time.monotonic() - begun


def _one_counts_once(ports: list[int], path: str) -> list[Figure]:
    from bench.campaign import scene

    before = scene.counted()
    asyncio.run(scene.confirm_in_parallel(ports, path, times=200))
    return [at_most(GROUP, "200 confirmations of one at once count", scene.counted() - before, "", reach=1)]
