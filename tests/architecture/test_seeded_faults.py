"""The faults of `make test-faults` can still be planted: it takes too long to find out there."""

import tomllib

from tests.architecture.source import ROOT


def test_each_fault_has_its_place_and_its_tests():
    faults = tomllib.loads((ROOT / "tests/faults/seeded.toml").read_text(encoding="utf-8"))["fault"]
    assert len(faults) > 10
    lost = [
        fault["name"]
        for fault in faults
        if (ROOT / fault["file"]).read_text(encoding="utf-8").count(fault["old"]) != 1
        or not all((ROOT / path).exists() for path in fault["tests"])
    ]
    assert lost == []
