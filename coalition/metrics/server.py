"""The HTTP server of the metrics: a thread with an address of its own."""

from collections.abc import Callable

from prometheus_client import start_http_server

from coalition.metrics.collectors import GaugeCollector
from coalition.metrics.middleware import REGISTRY


def serve_metrics(address: tuple[str, int]) -> Callable[[], None]:
    """Serve metrics at `address` (host, port) until the returned function is called.

    Raises OSError if the port is in use.
    """
    looking = GaugeCollector()
    REGISTRY.register(looking)
    host, port = address
    server, thread = start_http_server(port, addr=host, registry=REGISTRY)

    def end() -> None:
        server.shutdown()
        server.server_close()
        thread.join(timeout=5)
        REGISTRY.unregister(looking)

    return end
