"""Runs a module as the installation would: without the packages that only developers have, which libraries
load if they find them."""

import runpy
import sys
from typing import Any

from bench.figures import ROOT

# Django's tests, which Wagtail loads, ask for the first; the settings for the second.
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
