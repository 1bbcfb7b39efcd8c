"""How words and their origins are kept in a point: JSON, compressed; a history repeats itself a lot."""

import json
import zlib
from typing import Any, cast

from documents.drafts.actions.texts import Words


def packed(value: Any) -> bytes:
    return zlib.compress(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode(), 6)


def unpacked(data: bytes | memoryview) -> Any:
    return json.loads(zlib.decompress(bytes(data)))


def words_in(data: bytes | memoryview) -> Words:
    """Title, lead and body of a point."""
    return cast("Words", unpacked(data))
