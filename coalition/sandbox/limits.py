"""Set resource limits and exec another program. Run by its path, importing nothing of this project:

python -I -S limits.py <bytes of memory> <seconds of CPU> <program> <argument>...
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
    os.nice(5)  # requests have priority
    # Without a network where the system allows it: an additional barrier, never the only one.
    with contextlib.suppress(OSError, AttributeError):
        os.unshare(os.CLONE_NEWUSER | os.CLONE_NEWNET)
    os.execv(sys.argv[3], sys.argv[3:])  # noqa: S606  # nosec B606  the program and its arguments are ours


if __name__ == "__main__":
    apply_limits()
