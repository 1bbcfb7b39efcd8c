"""Pictures and sheets that anybody can ask for: each is drawn once on a machine, so that asking is cheap.

What is drawn is named by what it is of, and kept on disk for two days (`CACHES["pictures"]`).
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from threading import Lock
from typing import Final

from django.core.cache import caches

STORE: Final = "pictures"
_drawing = Lock()  # one at a time in a process: many who ask for the same wait for the first


def drawn_once(of: Mapping[str, str], draw: Callable[[], bytes]) -> bytes:
    """Return the picture or sheet of these words, drawn now if it is not stored yet."""
    key = hashlib.sha256(json.dumps(of, sort_keys=True).encode()).hexdigest()
    store = caches[STORE]
    found: bytes | None = store.get(key)
    if found is not None:
        return found
    with _drawing:
        found = store.get(key)
        if found is None:
            found = draw()
            store.set(key, found)
    return found
