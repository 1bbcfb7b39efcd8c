"""The logic of small scripts of the public site, without a browser: each `*.test.mjs` here."""

import subprocess
from pathlib import Path

import pytest
from django.conf import settings

pytestmark = pytest.mark.slow

HERE = Path(__file__).parent


@pytest.mark.parametrize("name", sorted(path.name for path in HERE.glob("*.test.mjs")))
def test_in_node(name: str) -> None:
    done = subprocess.run(
        ["node", "--test", str(HERE / name)],
        capture_output=True,
        text=True,
        check=False,
        cwd=settings.BASE_DIR,
    )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
