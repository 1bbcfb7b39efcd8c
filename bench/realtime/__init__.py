"""Co-editing: latency until others see a letter, its cost for the server, and the cost of peers.

Our server is the whole site, with signed-in people in drafts of a workspace and every edit saved.
The peers hold documents in memory and check no rights. One load client runs against all servers,
one after the other in each round; the figures are medians of the rounds.
"""

from statistics import median

from bench import demo_data
from bench.figures import Figure, at_most, told
from bench.realtime import editor, history, kills, people
from bench.realtime.peers import FOLDER, PEERS, ours, peer
from bench.realtime.typing import Result, Scene, typed
from tests.node import install

GROUP = "realtime"
ROUNDS = 3
RATE = 5  # words a second per person
SCENES = {
    "10 on one text": (1, 10),
    "50 on one text": (1, 50),
    "200 on one text": (1, 200),
    "100 texts × 3": (100, 3),
}


def measure(_peer: str | None) -> list[Figure]:
    demo_data.prepare()
    install(FOLDER)
    figures = []
    for name, (texts, together) in SCENES.items():
        results = _side_by_side(texts, together)
        figures.extend(_told(name, results))
        figures.extend(_judged(name, results))
    return [*figures, *history.measure(), *kills.measure(), *editor.measure()]


def _side_by_side(texts: int, together: int) -> dict[str, Result]:
    """Return the median of each server's rounds."""
    rounds: dict[str, list[Result]] = {}
    for _ in range(ROUNDS):
        with ours() as server:
            documents = people.typists(texts=texts, together=together)
            rounds.setdefault("ours", []).append(typed(server, Scene(documents, RATE)))
        for name in PEERS:
            with peer(name) as server:
                documents = [{"name": f"text-{n}", "cookies": [""] * together} for n in range(texts)]
                rounds.setdefault(name, []).append(typed(server, Scene(documents, RATE)))
    return {name: _middle(results) for name, results in rounds.items()}


def _middle(results: list[Result]) -> Result:
    return Result(
        p50=median(one.p50 for one in results),
        p95=median(one.p95 for one in results),
        cpu=median(one.cpu for one in results),
        client=median(one.client for one in results),
        missing=max(one.missing for one in results),
    )


def _told(name: str, results: dict[str, Result]) -> list[Figure]:
    figures = []
    for server, result in results.items():
        figures.append(told(GROUP, f"{name}: {server}, p50", result.p50, "ms"))
        figures.append(told(GROUP, f"{name}: {server}, p95", result.p95, "ms"))
        figures.append(told(GROUP, f"{name}: {server}, CPU", result.cpu, "% of a core"))
    figures.append(told(GROUP, f"{name}: the load client's CPU", results["ours"].client, "% of a core"))
    return figures


def _judged(name: str, results: dict[str, Result]) -> list[Figure]:
    mine, theirs = results["ours"], results["hocuspocus"]
    figures = [at_most(GROUP, f"{name}: not delivered", mine.missing, "words", reach=0)]
    if name == "50 on one text":
        times = mine.p95 / theirs.p95
        figures.append(at_most(GROUP, f"{name}: p95, times hocuspocus'", times, "times", reach=3))
    elif name == "200 on one text":
        share = 100 * mine.cpu / theirs.cpu
        figures.append(at_most(GROUP, f"{name}: p95", mine.p95, "ms", reach=30))
        figures.append(at_most(GROUP, f"{name}: CPU, of hocuspocus'", share, "%", reach=50))
    elif name == "100 texts × 3":
        figures.append(at_most(GROUP, f"{name}: p95", mine.p95, "ms", reach=10))
    return figures
