"""A load by wrk, which costs a small part of what is measured (Debian: `apt-get install wrk`)."""

import re
import shutil
import subprocess

CONNECTIONS = 16


def rate(url: str, *, seconds: float, headers: dict[str, str]) -> float:
    """Return responses a second. Raises `RuntimeError` without wrk or if a response is not a
    success."""
    program = shutil.which("wrk")
    if program is None:
        raise RuntimeError("wrk is not on this machine: apt-get install wrk")
    command = [program, "--threads", "1", "--connections", str(CONNECTIONS), "--timeout", "20s"]
    command += ["--duration", f"{seconds:g}s"]
    for name, value in headers.items():
        command += ["--header", f"{name}: {value}"]
    told = subprocess.run([*command, url], check=True, capture_output=True, text=True, timeout=seconds + 60)
    wrong = re.search(r"Non-2xx.*|Socket errors.*", told.stdout)
    found = re.search(r"Requests/sec:\s+([\d.]+)", told.stdout)
    if wrong or found is None or float(found[1]) == 0:
        raise RuntimeError(f"{url}: {wrong[0] if wrong else told.stdout}")
    return float(found[1])
