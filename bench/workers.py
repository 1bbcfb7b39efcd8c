"""The group `workers`: two processes instead of one, on PostgreSQL and Redis, without page
cache."""

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from urllib.parse import urlsplit

from bench import demo_data
from bench.figures import ROOT, Figure, at_least, not_measured, told
from bench.load import requests_per_second
from bench.processes import idle_seconds, processor_seconds
from bench.server import await_page, running

SERVER = os.environ.get("BENCH_POSTGRES", "postgres://postgres@127.0.0.1:5432")
REDIS = os.environ.get("BENCH_REDIS", "redis://127.0.0.1:6379/15")
DATABASE = "coalition_bench_workers"  # its own database, reused between runs
NAME = "two workers, of the throughput of one"
REACH = 1.5
ROUNDS = 5


@dataclass(frozen=True)
class Round:
    """Responses a second, CPU seconds of the workers for each, and the idle share of the
    machine."""

    rate: float
    cost: float
    left: float


def measure(_peer: str | None) -> list[Figure]:
    why = _missing()
    if why:
        return [not_measured("workers", NAME, why, unit="times", reach=REACH)]
    environment = {
        "DJANGO_SETTINGS_MODULE": "bench.settings",
        "DATABASE_URL": f"{SERVER}/{DATABASE}",
        "REDIS_URL": REDIS,
        "PAGES_KEPT": "0",
    }
    print("  the demo on PostgreSQL: some minutes the first time", flush=True)
    command = [sys.executable, "-m", "bench.workers"]
    seeded = subprocess.run(
        command, cwd=ROOT, env=os.environ | environment, check=True, stdout=subprocess.PIPE, text=True
    )
    article = seeded.stdout.strip().splitlines()[-1]
    print(f"  one worker and two in {ROUNDS} turns", flush=True)
    one, two = _in_turns(article, environment)
    return _figures(one, two)


def _missing() -> str:
    """Return what is missing, as a message; "" if the group can run."""
    import psycopg
    import redis

    try:
        with psycopg.connect(f"{SERVER}/postgres", connect_timeout=5, autocommit=True) as connection:
            there = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone()
            if there is None:
                connection.execute(f"CREATE DATABASE {DATABASE}")
    except psycopg.Error as fault:
        where = urlsplit(SERVER)
        return (
            f"no PostgreSQL for us at {where.hostname}:{where.port} (BENCH_POSTGRES): {type(fault).__name__}"
        )
    try:
        redis.Redis.from_url(REDIS, socket_timeout=5).ping()
    except redis.RedisError as fault:
        where = urlsplit(REDIS)
        return f"no Redis at {where.hostname}:{where.port} (BENCH_REDIS): {type(fault).__name__}"
    return ""


def _in_turns(article: str, environment: dict[str, str]) -> tuple[list[Round], list[Round]]:
    """Measure the same two processes: both under load, and only the first."""
    with ExitStack() as stack:
        started = [
            stack.enter_context(running("coalition.asgi:application", **environment)) for _number in range(2)
        ]
        urls = [f"http://localhost:{port}{article}" for port, _pid in started]
        pids = [pid for _port, pid in started]
        for url in urls:
            await_page(url, seconds=60)
        one: list[Round] = []
        two: list[Round] = []
        for turn in range(ROUNDS):
            turns = [(one, urls[:1]), (two, urls)]
            for rounds, asked in turns if turn % 2 else reversed(turns):
                rounds.append(_round(asked, pids))
        return one, two


def _round(urls: Sequence[str], pids: Sequence[int]) -> Round:
    begun, idle, used = time.monotonic(), idle_seconds(), sum(map(processor_seconds, pids))
    rate = requests_per_second(*urls)
    seconds = time.monotonic() - begun
    cost = (sum(map(processor_seconds, pids)) - used) / (rate * seconds)
    return Round(rate, cost, (idle_seconds() - idle) / seconds / (os.cpu_count() or 1))


def _figures(one: list[Round], two: list[Round]) -> list[Figure]:
    times = statistics.median(second.rate / first.rate for first, second in zip(one, two, strict=True))
    dearer = statistics.median(row.cost for row in two) / statistics.median(row.cost for row in one)
    figures = [
        at_least("workers", NAME, times, "times", reach=REACH),
        # Estimate for a machine whose cores are not shared with the load and the database.
        told("workers", "the same, had each worker a core of its own", 2 / dearer, "times"),
    ]
    for name, rounds in (("one worker", one), ("two workers", two)):
        rate, cost, left = (
            statistics.median(getattr(row, field) for row in rounds) for field in ("rate", "cost", "left")
        )
        figures += [
            told("workers", f"{name}: article, not kept", rate, "requests/s"),
            told("workers", f"{name}: processor time of workers for each", cost * 1000, "ms"),
            told("workers", f"{name}: of all {os.cpu_count()} processors left", 100 * left, "%"),
        ]
    return figures


if __name__ == "__main__":
    demo_data.prepare()
    print(demo_data.article())
