"""One worker: how long it needs to start, and what it holds in memory after its first pages.

Warm means that Python's bytecode is there, as the installation makes it; cold that every module is compiled.
"""

import os
import shutil
import statistics
import subprocess
import sys
import time
import urllib.request

from bench import demo_data
from bench.figures import ROOT, Figure, at_most, told
from bench.processes import memory_megabytes, processor_seconds
from bench.server import await_page, free_port

# As deploy/systemd and deploy/Dockerfile have it.
MALLOC = {"MALLOC_ARENA_MAX": "1", "MALLOC_TRIM_THRESHOLD_": "65536"}
BYTECODE = ROOT / "build" / "bench" / "bytecode"
SECONDS, MEGABYTES = 3, 230
TIMES = 5


def measure() -> list[Figure]:
    demo_data.prepare()
    article = demo_data.article()
    shutil.rmtree(BYTECODE, ignore_errors=True)
    cold = _start(article)
    print(f"  one worker, started {TIMES} times", flush=True)
    warm = [_start(article) for _time in range(TIMES)]
    seconds, pages, used, megabytes = (statistics.median(column) for column in zip(*warm, strict=True))
    return [
        at_most("start", "one worker: until it answers", seconds, "s", reach=SECONDS),
        told("start", "of which processor time, with its first page", used, "s"),
        told("start", "one worker: until its first article", pages, "s"),
        told("start", "one worker: until it answers, without bytecode", cold[0], "s"),
        at_most("start", "one worker: memory after its first article", megabytes, "MB", reach=MEGABYTES),
    ]


def _start(article: str) -> tuple[float, float, float, float]:
    """Seconds until it says that it is well, until the article was answered, of the processor; megabytes."""
    port = free_port()
    environment = os.environ | {"WORKER": "none", "PYTHONPYCACHEPREFIX": str(BYTECODE)} | MALLOC
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    command = [sys.executable, "-m", "bench.deployed", "uvicorn"]
    command += ["coalition.asgi:application", "--host", "127.0.0.1", "--port", str(port)]
    command += ["--log-level", "warning"]
    begun = time.monotonic()
    process = subprocess.Popen(command, cwd=ROOT, env=environment)
    try:
        await_page(f"http://127.0.0.1:{port}/healthz", seconds=180)
        well = time.monotonic() - begun
        with urllib.request.urlopen(f"http://localhost:{port}{article}", timeout=60) as answer:
            answer.read()
        shown = time.monotonic() - begun
        return well, shown, processor_seconds(process.pid), memory_megabytes(process.pid)
    finally:
        process.terminate()
        process.wait(timeout=60)
