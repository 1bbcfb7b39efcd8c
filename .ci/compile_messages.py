"""Compile every locale/**/django.po into the .mo beside it, with Babel: msgfmt may be absent.

Fuzzy entries are left out, as msgfmt does: a guess of a tool must not reach a person.
"""

import sys
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[1]


def main() -> None:
    sources = sorted((ROOT / "locale").rglob("LC_MESSAGES/*.po"))
    for source in sources:
        with source.open("rb") as lines:
            catalogue = read_po(lines, locale=source.parent.parent.name, abort_invalid=True)
        with source.with_suffix(".mo").open("wb") as target:
            write_mo(target, catalogue)
    sys.stdout.write(f"Compiled {len(sources)} message catalogues\n")


if __name__ == "__main__":
    main()
