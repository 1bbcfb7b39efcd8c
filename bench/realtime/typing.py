"""Typing people, simulated by the load client: latency between them and the server's cost."""

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path

from bench.processes import processor_seconds
from bench.realtime.peers import Served

SCRIPT = Path(__file__).with_name("typing.mjs")
WARM, SECONDS = 4.0, 6.0


@dataclass(frozen=True)
class Scene:
    """The documents with the session of each person, and words a second."""

    documents: list[dict[str, object]]
    rate: int


@dataclass(frozen=True)
class Result:
    """Milliseconds until others received a word; percent of a core for the server and the load
    client; words that somebody did not receive."""

    p50: float
    p95: float
    cpu: float
    client: float
    missing: int


def typed(server: Served, scene: Scene) -> Result:
    """Run the load client. Raises RuntimeError if a socket was closed."""
    process = subprocess.Popen(
        ["node", str(SCRIPT)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdin
    assert process.stdout
    wanted = {"kind": server.kind, "address": server.address, "documents": scene.documents}
    process.stdin.write(json.dumps(wanted | {"rate": scene.rate, "warm": WARM, "seconds": SECONDS}) + "\n")
    process.stdin.flush()
    before = after = 0.0
    said: dict[str, float] = {}
    for line in process.stdout:
        said = json.loads(line)
        if "measuring" in said:
            before = processor_seconds(server.pid)
        elif "measured" in said:
            after = processor_seconds(server.pid)
    process.wait(timeout=30)
    if process.returncode or said["failed"]:
        raise RuntimeError(f"the load client stopped: {said.get('failed')}")
    return Result(
        p50=said["p50"],
        p95=said["p95"],
        cpu=100 * (after - before) / SECONDS,
        client=said["own"],
        missing=int(said["expected"] - said["delivered"]),
    )
