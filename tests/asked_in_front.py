"""The answers kept in front of Django, asked as a server asks, counting how often Django is asked."""

from asgiref.testing import ApplicationCommunicator
from django.core.asgi import get_asgi_application

from coalition.public_cache import PublicCache

type Answer = tuple[int, dict[bytes, bytes], bytes]


class Front:
    """The cache before Django, counting how often Django is asked."""

    def __init__(self, cache: type[PublicCache] = PublicCache) -> None:
        self.asked = 0
        self.django = get_asgi_application()
        self.cache = cache(self._count)

    async def _count(self, scope, receive, send) -> None:
        self.asked += 1
        await self.django(scope, receive, send)

    async def get(self, path: str = "/calendar.ics", method: str = "GET", **headers: bytes) -> Answer:
        address, _mark, query = path.partition("?")
        told = {b"host": b"localhost"} | {
            name.replace("_", "-").encode(): value for name, value in headers.items()
        }
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": address,
            "raw_path": address.encode(),
            "query_string": query.encode(),
            "headers": list(told.items()),
        }
        talk = ApplicationCommunicator(self.cache, scope)
        await talk.send_input({"type": "http.request", "body": b"", "more_body": False})
        start = await talk.receive_output(10)
        body = b""
        more = True
        while more:
            part = await talk.receive_output(10)
            body += part.get("body", b"")
            more = part.get("more_body", False)
        await talk.wait(10)
        return start["status"], dict(start["headers"]), body
