"""What approving costs: reading the matrix, then publishing."""

from tests.benchmarks import matrix, publishing
from tests.benchmarks.figures import Figure


def measure(peer: str | None) -> list[Figure]:
    """The figures of both."""
    return [*matrix.measure(peer), *publishing.measure(peer)]
