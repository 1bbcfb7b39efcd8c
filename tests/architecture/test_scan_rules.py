"""The rules of .ci/semgrep: each has samples to be tried on, and none lets a file pass that is gone."""

import tomllib

import pytest
import yaml

from tests.architecture.source import ROOT

FOLDER = ROOT / ".ci" / "semgrep"
RULES = [
    rule
    for path in sorted(FOLDER.glob("*.yaml"))
    for rule in yaml.safe_load(path.read_text(encoding="utf-8"))["rules"]
]
SAMPLES = tomllib.loads((FOLDER / "samples.toml").read_text(encoding="utf-8"))


def test_every_rule_has_samples_and_every_sample_a_rule() -> None:
    ids = [rule["id"] for rule in RULES]
    assert len(ids) == len(set(ids))
    assert set(ids) == SAMPLES.keys()
    assert [name for name, one in SAMPLES.items() if not one["found"] or not one["passed"]] == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["id"])
def test_what_a_rule_lets_pass_is_there(rule: dict) -> None:
    """A module that moved would leave a hole that nobody sees."""
    paths = rule.get("paths", {})
    for pattern in [*paths.get("exclude", []), *paths.get("include", [])]:
        assert pattern.startswith("**/"), "or it would not hold in the folder of its samples"
        assert next(ROOT.glob(pattern.removeprefix("**/")), None), pattern


def test_ci_runs_them() -> None:
    assert "part make scan" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")
