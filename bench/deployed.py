"""Run a module as an installation would: without development packages that libraries import if
present."""

import runpy
import sys
from typing import Any

from bench.figures import ROOT

# Django's test modules, which Wagtail imports, import the first; the settings import the second.
ONLY_HERE = ("jinja2", "django_linear_migrations")


def main() -> None:
    """`python -m bench.deployed MODULE ARGUMENTS`."""
    locked = (ROOT / "requirements" / "base.txt").read_text(encoding="utf-8").replace("-", "_")
    loaded: dict[str, Any] = sys.modules
    loaded.update({name: None for name in ONLY_HERE if f"\n{name}==" not in locked})
    del sys.argv[0]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
