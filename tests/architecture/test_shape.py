"""The shape of the repository that other checks rely on."""

import json
import re
import subprocess
import sys

from tests.architecture.source import ROOT


def test_the_package_coalition_is_empty() -> None:
    """import-linter does not look at it, so nothing may hide there."""
    assert (ROOT / "coalition" / "__init__.py").read_text(encoding="utf-8").strip() == ""


def test_no_file_names_a_registry() -> None:
    """Neither lock nor any other file says where packages come from: that is the machine's business."""
    result = subprocess.run(
        [sys.executable, ".ci/check_addresses.py"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stdout + result.stderr


def test_every_locked_package_has_its_hash() -> None:
    for lock in sorted((ROOT / "requirements").glob("*.txt")):
        pins = lock.read_text(encoding="utf-8").replace("\\\n", " ").splitlines()
        without = [line for line in pins if "==" in line and "--hash=sha256:" not in line]
        assert not without, f"{lock.name}: {without}"


def test_every_package_that_we_name_says_why() -> None:
    """docs/dependencies.md has a line for each, so that a package without a reason cannot stay."""
    told = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8").lower()
    named = [
        re.split(r"[\[<>=!~ ;]", line)[0].lower()
        for source in sorted((ROOT / "requirements").glob("*.in"))
        for line in source.read_text(encoding="utf-8").splitlines()
        if line and not line.startswith(("#", "-r"))
    ]
    package = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
    named += [*package.get("dependencies", {}), *package.get("devDependencies", {})]
    silent = [name for name in named if not _is_told(name, told)]
    assert not silent, f"without a line in docs/dependencies.md: {silent}"


def _is_told(name: str, told: str) -> bool:
    scope = name.split("/", maxsplit=1)[0]
    return bool(re.search(rf"(?<![\w@/-]){re.escape(name)}(?![\w/-])", told)) or (
        scope.startswith("@") and f"{scope}/*" in told
    )
