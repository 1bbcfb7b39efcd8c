"""The HTTP server of the metrics: a thread with an address of its own."""

from collections.abc import Callable

from prometheus_client import start_http_server

from coalition.metrics.counting import REGISTRY
from coalition.metrics.looking import Looking


def serve(address: tuple[str, int]) -> Callable[[], None]:
    """Serve metrics at `address` (host, port) until the returned function is called.

    Raises OSError if the port is in use.
    """
    looking = Looking()
    REGISTRY.register(looking)
    host, port = address
    server, thread = start_http_server(port, addr=host, registry=REGISTRY)

    def end() -> None:
        server.shutdown()
        server.server_close()
        thread.join(timeout=5)
        REGISTRY.unregister(looking)

    return end
