"""Taking all demo data away, and nothing else."""


class StillNeeded(Exception):
    """Something real hangs on the demo's data."""


def remove() -> None:
    pass
