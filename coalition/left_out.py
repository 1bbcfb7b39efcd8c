"""What libraries load if it is there by chance, and what nobody here needs: a tenth of a server's memory.

Each of them names these packages as optional. Should one ask for them in another way some day, memory is all
that is lost: no stand-in takes a package's place.
"""

import importlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def absent(*names: str) -> Iterator[None]:
    """Meanwhile these packages seem not to be installed, unless they are loaded already."""
    loaded: dict[str, Any] = sys.modules
    hidden = [name for name in names if name not in loaded]
    loaded.update(dict.fromkeys(hidden))  # None ends an import (docs.python.org, The module cache)
    try:
        yield
    finally:
        for name in hidden:
            loaded.pop(name, None)


def load_pictures() -> None:
    """Willow without the reader of HEIF: no picture of that kind is taken here. Settings must be there."""
    with absent("pillow_heif"):
        importlib.import_module("willow.plugins.pillow")


def load_rest() -> None:
    """The framework of Wagtail's own requests, when models are there: without PostgreSQL's driver, which a
    server on PostgreSQL has loaded by then, and without what draws it as pages."""
    with absent("django.contrib.postgres", "pygments", "requests", "yaml"):
        importlib.import_module("rest_framework.compat")
