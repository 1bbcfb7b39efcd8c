"""The real nginx with our file before the product."""

import http.client
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from bench.server import free_port
from tests.broken.product import Answer, Product
from tests.nginx import WITHOUT_NGINX, nginx_before, program


@dataclass(frozen=True)
class Front:
    """Its port for people."""

    port: int
    authority: Path

    def ask(self, path: str) -> Answer:
        context = ssl.create_default_context(cafile=str(self.authority))
        connection = http.client.HTTPSConnection("localhost", self.port, context=context, timeout=30)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return Answer(answer.status, answer.headers, answer.read())
        finally:
            connection.close()


@contextmanager
def front_of(product: Product, folder: Path) -> Iterator[Front]:
    """Ports, names and folders are this test's. Skips the test where there is no nginx."""
    if program() is None:
        pytest.skip(WITHOUT_NGINX)
    with nginx_before(
        folder,
        ports=[product.port],
        told=free_port(),
        private=product.folder / "private",
        public=product.folder / "public",
        changed={},
    ) as nginx:
        yield Front(nginx.port, nginx.authority)
