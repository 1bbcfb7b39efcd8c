"""The address of the metrics: a small server in a thread, beside the public one."""

from collections.abc import Callable

from prometheus_client import start_http_server

from coalition.metrics.counting import REGISTRY
from coalition.metrics.looking import Looking


def serve(address: tuple[str, int]) -> Callable[[], None]:
    """Answer there until the function that is returned is called. Raises OSError if the port is taken."""
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
