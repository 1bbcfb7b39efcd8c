"""The measured servers: ours as started in production, and widely used peers."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from bench.figures import ROOT
from bench.server import await_port, free_port, running

FOLDER = ROOT / "tests" / "benchmarks" / "peers"
PEERS = {"hocuspocus": "hocuspocus.mjs", "y-websocket-server": "y_websocket.mjs"}


@dataclass(frozen=True)
class Served:
    """A running server: its socket address with `{document}`, its dialect, its process."""

    address: str
    kind: str
    pid: int


@contextmanager
def ours() -> Iterator[Served]:
    with running("coalition.asgi:application") as (port, pid):
        yield Served(f"ws://127.0.0.1:{port}/ws/drafts/{{document}}/", "plain", pid)


@contextmanager
def peer(name: str) -> Iterator[Served]:
    port = free_port()
    process = subprocess.Popen(["node", PEERS[name], str(port)], cwd=FOLDER, stdout=subprocess.DEVNULL)
    try:
        await_port(port, seconds=30)
        kind = "hocuspocus" if name == "hocuspocus" else "plain"
        yield Served(f"ws://127.0.0.1:{port}/{{document}}", kind, process.pid)
    finally:
        process.terminate()
        process.wait(timeout=15)
