"""Programs in JavaScript that tests and benchmarks bring for themselves: no one else installs them."""

import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
WITH_NODE = ROOT / ".ci" / "with-node"


def install(folder: Path) -> None:
    """Bring what the lock in the folder says. Nothing of it runs while it is installed."""
    installed = folder / "node_modules" / ".package-lock.json"
    lock = folder / "package-lock.json"
    if not installed.exists() or installed.stat().st_mtime < lock.stat().st_mtime:
        subprocess.run(
            [WITH_NODE, "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"],
            cwd=folder,
            check=True,
        )
