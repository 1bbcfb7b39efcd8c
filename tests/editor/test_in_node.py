"""The editor's own logic, without a browser: each `*.test.mjs` here, bundled as the page's script is."""

import subprocess
from pathlib import Path

import pytest
from django.conf import settings

pytestmark = pytest.mark.slow

ROOT = Path(settings.BASE_DIR)
HERE = Path(__file__).parent


@pytest.mark.parametrize("name", sorted(path.name for path in HERE.glob("*.test.mjs")))
def test_in_node(name: str, tmp_path: Path) -> None:
    bundle = tmp_path / name
    subprocess.run(["node", str(HERE / "bundle.mjs"), str(HERE / name), str(bundle)], check=True, cwd=ROOT)
    done = subprocess.run(
        ["node", "--test", str(bundle)], capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
