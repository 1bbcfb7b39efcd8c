"""Templates are indented by djHTML, and no line that can be broken is longer than the limit.

djHTML changes nothing but the white space at the beginning of a line. Formatters that break and join lines
(djlint, djangofmt) put white space where a reader sees it, so people break the lines: docs/templates.md says
where. `--fix` indents instead of complaining.
"""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tracked import ROOT, tracked

DJHTML = [sys.executable, "-m", "djhtml", "--tabwidth", "2"]
LONGEST_LINE = 160
REINDENTED = re.compile(r"^would have reindented (.+)$", re.MULTILINE)
# Django reads a tag from one line, and white space inside of a value is part of it.
UNBREAKABLE = re.compile(r"{%(?:(?!%}).)*%}|[\w:-]+=(?:\"[^\"]*\"|'[^']*')\s*/?>?")


def main() -> None:
    paths = tracked("templates/*.html")
    if "--fix" in sys.argv[1:]:
        subprocess.run([*DJHTML, *paths], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
        return
    faults = [*badly_indented(paths), *too_long(paths)]
    print("\n".join(faults))
    sys.exit(bool(faults))


def badly_indented(paths: list[Path]) -> Iterator[str]:
    """One line for each template that djHTML would indent otherwise, or cannot read."""
    checked = subprocess.run([*DJHTML, "--check", *paths], capture_output=True, text=True, check=False)
    found = REINDENTED.findall(checked.stdout + checked.stderr)
    for name in found:
        yield f"{Path(name).relative_to(ROOT)}: not indented as djHTML does: run make format"
    if checked.returncode and not found:
        yield checked.stdout + checked.stderr


def too_long(paths: list[Path]) -> Iterator[str]:
    """One line for each line over the limit that could be broken."""
    for path in paths:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            if len(line) > LONGEST_LINE and not UNBREAKABLE.fullmatch(line.strip()):
                yield (
                    f"{path.relative_to(ROOT)}:{number}: {len(line)} characters, at most {LONGEST_LINE}: "
                    "break it where no reader sees it (docs/templates.md)"
                )


if __name__ == "__main__":
    main()
