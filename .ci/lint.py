"""Run every check, two at a time; print what fails and a table of all. Exits 1 if any fails.

The slow ones start first. `ONLY=mypy,ruff make lint` runs some of them.
"""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
BIN = ROOT / ".venv" / "bin"
WIDTH = 2  # the machines that this runs on have two cores

CHECKS = {
    "mypy": [BIN / "mypy"],
    "django": [BIN / "python", ".ci/check_django.py"],
    "templates": [BIN / "python", ".ci/check_templates.py"],
    "template lint": [BIN / "djlint", "templates", "--lint", "--quiet"],
    "layers": [BIN / "lint-imports"],
    "script types": [".ci/with-node", "npm", "run", "--silent", "types"],
    "catalogues": [BIN / "python", ".ci/check_catalogues.py"],
    "house rules": [BIN / "python", ".ci/house_rules.py"],
    "addresses": [BIN / "python", ".ci/check_addresses.py"],
    "ruff": [BIN / "ruff", "check", "--quiet", "."],
    "ruff format": [BIN / "ruff", "format", "--check", "."],
}


class Outcome(NamedTuple):
    name: str
    passed: bool
    seconds: float
    output: str


def main() -> None:
    only = {name for name in os.environ.get("ONLY", "").split(",") if name}
    unknown = only - CHECKS.keys()
    if unknown:
        sys.exit(f"No such check: {', '.join(sorted(unknown))}. There are: {', '.join(CHECKS)}.")
    names = [name for name in CHECKS if not only or name in only]
    with ThreadPoolExecutor(WIDTH) as pool:
        outcomes = list(pool.map(_run, names))
    for outcome in outcomes:
        if not outcome.passed:
            print(f"--- {outcome.name}\n{outcome.output.strip()}\n")
    for outcome in outcomes:
        print(f"{'ok  ' if outcome.passed else 'FAIL'} {outcome.name:<16} {outcome.seconds:5.1f} s")
    sys.exit(not all(outcome.passed for outcome in outcomes))


def _run(name: str) -> Outcome:
    begun = time.monotonic()
    result = subprocess.run(
        CHECKS[name], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    return Outcome(name, result.returncode == 0, time.monotonic() - begun, result.stdout)


if __name__ == "__main__":
    main()
