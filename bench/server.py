"""Servers on free local ports for the time of a measurement."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

from bench.figures import ROOT


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def running(application: str, **environment: str) -> Iterator[tuple[int, int]]:
    """Run one uvicorn process with the application, as in production. Yield its port and process
    id."""
    port = free_port()
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "uvicorn",
            application,
            "--host",
            "127.0.0.1",
            "--port",
            str(port),
            "--ws-max-size",
            "1048576",
            "--ws-per-message-deflate",
            "false",
            "--no-server-header",
            "--log-level",
            "warning",
        ],
        cwd=ROOT,
        env=os.environ | {"WORKER": "none", "SITE_URL": f"http://localhost:{port}"} | environment,
    )  # fmt: skip  a command line
    try:
        await_port(port, seconds=60)
        yield port, process.pid
    finally:
        process.terminate()
        process.wait(timeout=15)


@contextmanager
def serving(application: str, **environment: str) -> Iterator[str]:
    """Run the same process. Yield its address once it answers."""
    with running(application, **environment) as (port, _pid):
        await_page(f"http://127.0.0.1:{port}/", seconds=30)
        yield f"http://localhost:{port}"


def await_port(port: int, *, seconds: float) -> None:
    """Wait until the port accepts connections. Raises `TimeoutError`."""
    begun = time.monotonic()
    while time.monotonic() - begun < seconds:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise TimeoutError(f"nobody listens on port {port} after {seconds:g} s")


def await_page(url: str, *, seconds: float) -> float:
    """Poll the page until it succeeds. Return the seconds it took. Raises `TimeoutError`."""
    begun = time.monotonic()
    while time.monotonic() - begun < seconds:
        try:
            with urllib.request.urlopen(url, timeout=10) as answer:
                answer.read()
                return time.monotonic() - begun
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.05)
    raise TimeoutError(f"{url} did not answer within {seconds:g} s")
