"""No committed file names a package registry: where packages come from is the machine's business."""

import re
import sys

from tracked import ROOT, tracked

REGISTRY = re.compile(
    r"\bregistry\.(?:npmjs|yarnpkg|npmmirror)|pythonhosted\.org|\bpypi\.(?:org|python\.org)|\bdeb\.debian\.org",
    re.IGNORECASE,
)
IN_A_LOCK = re.compile(r"https?://|--(?:extra-)?index-url|--find-links|\bregistry\s*=")
LOCKS = ("requirements/*", ".npmrc")


def faults() -> list[str]:
    """One line for each place where an address stands."""
    found = []
    locks = set(tracked(*LOCKS))
    for path in tracked():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # a picture or a font
        for number, line in enumerate(text.splitlines(), start=1):
            resolved = path.name == "package-lock.json" and '"resolved"' in line
            if resolved or REGISTRY.search(line) or (path in locks and IN_A_LOCK.search(line)):
                found.append(f"{path.relative_to(ROOT)}:{number}: a registry's address: {line.strip()[:100]}")
    return found


if __name__ == "__main__":
    lines = faults()
    print("\n".join(lines))
    sys.exit(bool(lines))
