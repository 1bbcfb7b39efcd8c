"""Set resource limits and exec another program. Run by its path, importing nothing of this project:

python -I -S limits.py <bytes of memory> <seconds of CPU> <bytes of a file, 0: any> <program> <argument>...
"""

import contextlib
import os
import resource
import sys


def apply_limits() -> None:
    memory, seconds, file_size = (int(one) for one in sys.argv[1:4])
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if file_size:
        resource.setrlimit(resource.RLIMIT_FSIZE, (file_size, file_size))
    os.nice(5)  # requests have priority
    # Without a network where the system allows it: an additional barrier, never the only one.
    with contextlib.suppress(OSError, AttributeError):
        os.unshare(os.CLONE_NEWUSER | os.CLONE_NEWNET)
    os.execv(sys.argv[4], sys.argv[4:])  # noqa: S606  # nosec B606  the program and its arguments are ours


if __name__ == "__main__":
    apply_limits()
