"""Wagtail's REST API (version 3) is not loaded: nobody is served by it, and it costs a tenth of the start.

Wagtail's apps put themselves into it when they are ready, whether or not `wagtail.api.v3` is installed.
Stand-ins take what they say and forget it. Whoever installs that app takes this module out.
"""

import re
import sys
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Final

_API: Final = re.compile(r"wagtail\.(?:\w+\.)*api\.v3(?:\.\w+)?")


class Forgets:
    """An API, a router, a function that registers: whatever is done with it, nothing comes of it."""

    def __getattr__(self, name: str) -> "Forgets":
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __call__(self, *_given: object, **_named: object) -> None:
        return None


class Absent(MetaPathFinder, Loader):
    """Finds the modules of the API, and puts a stand-in in each one's place."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        return ModuleSpec(fullname, self, is_package=True) if _API.fullmatch(fullname) else None

    def exec_module(self, module: ModuleType) -> None:
        module.__dict__.update(api=Forgets(), router=Forgets(), register_content_types=Forgets())


def leave_out() -> None:
    """Once in a process, before Django is set up."""
    if not any(isinstance(finder, Absent) for finder in sys.meta_path):
        sys.meta_path.insert(0, Absent())
