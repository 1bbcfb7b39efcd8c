"""The demo's settings with the benchmarks' own database and files."""

import os
from pathlib import Path

os.environ.setdefault("DATABASE_URL", "sqlite:///build/bench/coalition.sqlite3")

from coalition.settings.dev import *  # noqa: F403  the database is named first

BENCH_FILES = Path(os.environ.get("BENCH_FILES") or ROOT / "build" / "bench" / "files")  # noqa: F405  from the settings
for _name in ("default", "public"):
    STORAGES[_name]["OPTIONS"]["location"] = BENCH_FILES / _name  # noqa: F405  from the settings
MEDIA_ROOT = BENCH_FILES / "public"
LOGGING["root"]["level"] = "WARNING"  # noqa: F405  from the settings
