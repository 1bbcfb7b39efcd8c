"""Sets limits on itself and becomes another program. Started by its path, with nothing of ours imported:

python -I -S limits.py <bytes of memory> <seconds of computing> <program> <argument>...
"""

import contextlib
import os
import resource
import sys


def apply_limits() -> None:
    memory, seconds = int(sys.argv[1]), int(sys.argv[2])
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(5)  # whoever looks at a page goes first
    # Without a network where the system lets us: one wall more, never the only one.
    with contextlib.suppress(OSError, AttributeError):
        os.unshare(os.CLONE_NEWUSER | os.CLONE_NEWNET)
    os.execv(sys.argv[3], sys.argv[3:])  # noqa: S606  # nosec B606  the program and its arguments are ours


if __name__ == "__main__":
    apply_limits()
