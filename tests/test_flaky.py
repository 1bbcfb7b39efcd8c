"""Tests that pass only when repeated are named and recorded, whatever the exit status."""

import json
import os
import subprocess
import sys

from tests.rotation import ROOT

TESTS = """
import pytest

tries = []

@pytest.mark.flaky(reruns=1)
def test_passes_when_repeated():
    tries.append(1)
    assert len(tries) == 2

@pytest.mark.flaky(reruns=1)
def test_never_passes():
    assert False

def test_passes_at_once():
    pass
"""


def test_only_what_a_repetition_mended_is_recorded(tmp_path):
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    (tmp_path / "test_some.py").write_text(TESTS)
    plugins = ["-p", "no:django", "-p", "no:asyncio", "-p", "tests.flaky"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *plugins],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1, done.stdout + done.stderr
    recorded = [json.loads(line) for line in (tmp_path / "build" / "flaky.jsonl").read_text().splitlines()]
    assert [line["test"] for line in recorded] == ["test_some.py::test_passes_when_repeated"]
    assert recorded[0].keys() == {"test", "at", "commit", "load", "seconds", "reason"}
    assert "test_some.py::test_passes_when_repeated: assert 1 == 2" in done.stdout
