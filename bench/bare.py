"""A minimal ASGI response: the baseline for the site's pages."""

import os
from typing import Any

BODY = b"x" * int(os.environ.get("BARE_SIZE", "8192"))  # bytes


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    if scope["type"] != "http":
        raise NotImplementedError
    headers = [(b"content-type", b"text/plain"), (b"content-length", str(len(BODY)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": BODY})
