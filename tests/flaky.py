"""Name the tests that passed only when repeated, and keep a record of them in `build/flaky.jsonl`.

Journeys alone are repeated, once (`tests/journeys/conftest.py`); pytest-rerunfailures does it.
"""

import datetime
import json
import os
import subprocess
from pathlib import Path

import pytest

RECORD = Path("build", "flaky.jsonl")  # below the folder of pytest's configuration


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Write a line for each such test, with the load of the machine and the seconds of the failed try."""
    passed = {report.nodeid for report in terminalreporter.stats.get("passed", [])}
    failed_first = {
        report.nodeid: report for report in terminalreporter.stats.get("rerun", []) if report.nodeid in passed
    }
    if not failed_first:
        return
    terminalreporter.section("passed only when repeated")
    path = terminalreporter.config.rootpath / RECORD
    path.parent.mkdir(exist_ok=True)
    with path.open("a", encoding="utf-8") as record:
        for name, report in failed_first.items():
            terminalreporter.write_line(f"{name}: {_reason(report)}")
            line = {
                "test": name,
                "at": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
                "commit": _commit(),
                "load": round(os.getloadavg()[0], 1),
                "seconds": round(report.duration, 1),
                "reason": _reason(report),
            }
            record.write(json.dumps(line, ensure_ascii=False) + "\n")
    terminalreporter.write_line(f"Recorded in {RECORD}. Repair them.")


def _reason(report: pytest.TestReport) -> str:
    crash = getattr(report.longrepr, "reprcrash", None)
    return str(crash.message).splitlines()[0] if crash else report.longreprtext.splitlines()[-1]


def _commit() -> str:
    answer = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False
    )
    return answer.stdout.strip()
