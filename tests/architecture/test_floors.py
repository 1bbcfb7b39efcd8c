"""No version below a known hole is locked or installed (deploy/floors.toml)."""

import re
import sys
import tomllib
from importlib.metadata import version

import pytest
from packaging.version import Version

from tests.architecture.source import ROOT

FLOORS = tomllib.loads((ROOT / "deploy" / "floors.toml").read_text(encoding="utf-8"))
LOCK = (ROOT / "requirements" / "base.txt").read_text(encoding="utf-8")
LOCKED = dict(re.findall(r"^([\w.-]+)(?:\[[^\]]*\])?==([^\s;\\]+)", LOCK, re.MULTILINE))


@pytest.mark.parametrize("name", FLOORS["python"])
def test_the_lock_is_not_below_the_floor(name: str) -> None:
    assert Version(LOCKED[name.lower()]) >= Version(FLOORS["python"][name])


@pytest.mark.parametrize("name", FLOORS["python"])
def test_what_is_installed_is_not_below_the_floor(name: str) -> None:
    assert Version(version(name)) >= Version(FLOORS["python"][name])


def test_the_interpreter_is_not_below_the_floor() -> None:
    floor = Version(FLOORS["interpreter"]["python"])
    assert sys.version_info[:2] >= (floor.major, floor.minor)


def test_the_server_limits_a_frame() -> None:
    """The demo's server, and every start command that is written down, carries the limit."""
    limit = FLOORS["uvicorn"]["ws_max_size"]
    assert limit == 1024 * 1024
    assert "ws_max_size=1024 * 1024" in (ROOT / ".ci" / "serve_demo.py").read_text(encoding="utf-8")
    for path in sorted((ROOT / "deploy").rglob("*")):
        text = path.read_text(encoding="utf-8") if path.suffix in {".service", ".sh", ".yml", ".conf"} else ""
        for line in text.splitlines():
            if "coalition.asgi:application" in line:
                assert f"--ws-max-size {limit}" in line, f"{path.name}: {line.strip()}"
