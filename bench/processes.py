"""What processes use of the machine, as Linux tells it."""

import os
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


def processor_seconds(pid: int) -> float:
    """What the process has used of the processors since it began."""
    fields = _stat(pid)
    return (int(fields[11]) + int(fields[12])) / TICKS


def with_children(pid: int) -> float:
    """The same with the processes that it started and that still run."""
    children = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if int(_stat(int(folder.name))[1]) == pid:
                children.append(int(folder.name))
        except (FileNotFoundError, ProcessLookupError):
            continue  # it ended while we looked
    return processor_seconds(pid) + sum(processor_seconds(child) for child in children)


def memory_megabytes(pid: int) -> float:
    """What the process holds in memory now (RSS, 10^6 bytes)."""
    for line in Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024 / 1e6
    raise RuntimeError("no memory is told for the process")


def idle_seconds() -> float:
    """What all processors together had nothing to do since the machine began."""
    return int(Path("/proc/stat").read_text(encoding="utf-8").split()[4]) / TICKS


def _stat(pid: int) -> list[str]:
    """The fields after the name, which may hold blanks: the state is the first."""
    return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()
