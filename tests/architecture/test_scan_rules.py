"""The rules of .ci/semgrep: each has samples to be tried on, and none lets a file pass that is gone."""

import tomllib

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


def test_what_the_rules_let_pass_exists() -> None:
    """A module that moved would leave a hole that nobody sees."""
    faults = []
    for rule in RULES:
        paths = rule.get("paths", {})
        for pattern in [*paths.get("exclude", []), *paths.get("include", [])]:
            if not pattern.startswith("**/"):  # it would not match in the folder of the rule's samples
                faults.append(f"{rule['id']}: {pattern} does not begin with **/")
            if next(ROOT.glob(pattern.removeprefix("**/")), None) is None:
                faults.append(f"{rule['id']}: no file matches {pattern}")
    assert not faults, "\n".join(faults)


def test_ci_runs_them() -> None:
    assert "part make scan" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")
