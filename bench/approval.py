"""The cost of approving: reading the matrix, then publishing."""

from bench import matrix, publishing
from bench.figures import Figure


def measure(peer: str | None) -> list[Figure]:
    """Return the figures of both."""
    return [*matrix.measure(peer), *publishing.measure(peer)]
