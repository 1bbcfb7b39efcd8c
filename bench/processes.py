"""Resource use of processes, as reported by Linux."""

import os
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


def processor_seconds(pid: int) -> float:
    """Return the CPU seconds of the process since its start."""
    fields = _stat(pid)
    return (int(fields[11]) + int(fields[12])) / TICKS


def with_children(pid: int) -> float:
    """Return the CPU seconds of the process and of its children that still run."""
    children = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if int(_stat(int(folder.name))[1]) == pid:
                children.append(int(folder.name))
        except (FileNotFoundError, ProcessLookupError):
            continue  # ended in the meantime
    return processor_seconds(pid) + sum(processor_seconds(child) for child in children)


def memory_megabytes(pid: int) -> float:
    """Return the resident memory of the process (RSS, 10^6 bytes)."""
    return _memory(pid, "VmRSS")


def forget_peak(pid: int) -> None:
    """Let the peak of the process's memory begin anew, at what is in use now."""
    Path(f"/proc/{pid}/clear_refs").write_text("5", encoding="utf-8")


def peak_megabytes(pid: int) -> float:
    """Return the largest resident memory of the process since `forget_peak` (10^6 bytes)."""
    return _memory(pid, "VmHWM")


def idle_seconds() -> float:
    """Return the idle seconds of all CPUs together since boot."""
    return int(Path("/proc/stat").read_text(encoding="utf-8").split()[4]) / TICKS


def _memory(pid: int, name: str) -> float:
    for line in Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1]) * 1024 / 1e6
    raise RuntimeError("no memory is told for the process")


def _stat(pid: int) -> list[str]:
    """Return the fields of /proc/PID/stat from the state on, since the name before may contain
    spaces."""
    return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()
