"""Look for what a reader overlooks: bandit, and semgrep with rules of this house.

Exits 1 if anything is found.

They live in an environment of their own (.tools/scan): semgrep pins packages that the project needs newer.
Neither asks a network. Each rule is first tried on samples that it must find and must let pass.
"""

import json
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
BIN = ROOT / ".tools" / "scan" / "bin"
RULES = ROOT / ".ci" / "semgrep"
PACKAGES = ("coalition", "demo", "documents", "events", "home")
SEMGREP = (
    BIN / "semgrep",
    "scan",
    "--metrics=off",
    "--disable-version-check",
    "--disable-nosem",
    "--no-git-ignore",
    "--quiet",
    "--strict",
    "--json",
    "--jobs=2",
    f"--config={RULES}",
)
WIDTH = 2  # checks at a time: the machines that this runs on have two cores
# Python's own -O is not used, and lists of arguments go to programs in the rooms of programs.yaml alone.
UNASKED = ("B101", "B105", "B404", "B406", "B603")


def main() -> None:
    if not (BIN / "semgrep").exists():
        sys.exit("The scanners are not installed: make scan does that.")
    with ThreadPoolExecutor(WIDTH) as pool:
        clean = [*pool.map(_run, CHECKS.items())]
    sys.exit(not all(clean))


def _run(check: tuple[str, Callable[[], list[str]]]) -> bool:
    """Print what the check finds and how long it took. Returns whether it found nothing."""
    name, look = check
    begun = time.monotonic()
    found = look()
    state = "FAIL" if found else "ok  "
    print("\n".join([*found, f"{state} {name:<22} {time.monotonic() - begun:5.1f} s"]), flush=True)
    return not found


def samples() -> list[str]:
    """What is wrong with the rules: lines that one of them must find and does not, or must not and does.

    Each stands in a folder of its own, so that one run of semgrep tries them all.
    """
    told: dict[str, dict[str, Any]] = tomllib.loads((RULES / "samples.toml").read_text(encoding="utf-8"))
    expected = set()
    with tempfile.TemporaryDirectory() as folder:
        for rule, sample in told.items():
            for kind in ("found", "passed"):
                for number, words in enumerate(sample[kind]):
                    tree = f"{rule}.{kind}.{number}"
                    file = Path(folder, tree, sample["in"])
                    file.parent.mkdir(parents=True)
                    file.write_text(f"{words}\n", encoding="utf-8")
                    if kind == "found":
                        expected.add((rule, tree))
        found = {(rule, where.partition("/")[0]) for rule, where in _findings(Path(folder), ".")}
    wrong = [f"{rule}: did not find {tree}" for rule, tree in sorted(expected - found)]
    wrong += [f"{rule}: found {tree}" for rule, tree in sorted(found) if tree.startswith(f"{rule}.passed")]
    return wrong


def bandit() -> list[str]:
    asked = ["--quiet", "--recursive", "--skip", ",".join(UNASKED), "--exclude", "*/migrations/*"]
    command = [BIN / "bandit", *asked, "--format", "json", *PACKAGES, "deploy", "manage.py"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    told = json.loads(done.stdout)
    broken = [f"{one['filename']}: {one['reason']}" for one in told["errors"]]
    found = [
        f"{one['filename']}:{one['line_number']}: {one['test_id']} {one['issue_text']}"
        for one in told["results"]
    ]
    return broken + found


def semgrep() -> list[str]:
    return [f"{where}: {rule}" for rule, where in _findings(ROOT, *PACKAGES, "templates", "assets")]


def _findings(folder: Path, *what: str) -> list[tuple[str, str]]:
    """Rule and place of each finding. A rule or a file that cannot be read stops the run."""
    done = subprocess.run([*SEMGREP, *what], cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode not in {0, 1}:
        sys.exit(f"semgrep stopped:\n{done.stdout}\n{done.stderr}")
    told = json.loads(done.stdout)
    return [
        (
            one["check_id"].rpartition(".")[2],
            f"{one['path']}:{one['start']['line']}: {one['extra']['message']}",
        )
        for one in told["results"]
    ]


CHECKS = {"semgrep": semgrep, "bandit": bandit, "samples of the rules": samples}

if __name__ == "__main__":
    main()
