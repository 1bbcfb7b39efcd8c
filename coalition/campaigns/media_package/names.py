"""Names of the files that are given out: Latin, with item, format, language and version.

`poster-every-third_a3_kk_v2.pdf` is version 2 of the Kazakh A3 poster; a file without a language has none in
its name.
"""

import re
from dataclasses import dataclass
from typing import Final

_OWN_PART: Final = re.compile(r"[a-z0-9_-]+_v[0-9]+")  # of a name to which a program has added its own words
_ENDING: Final = re.compile(r"\.[a-z0-9]{1,5}$")


def file_name_for(item: str, rendition_format: str, language: str, version: int, ending: str) -> str:
    """Return the name. `item`: the item's name; `ending`: with its dot, ".pdf"."""
    parts = [item, rendition_format, *([language] if language else []), f"v{version}"]
    return "_".join(parts) + ending.lower()


@dataclass(frozen=True)
class SavedName:
    """What is left of our name in that of a file. `stems`: names it can be of, without ending: with a
    language and without one; `ending`: with its dot, "" if it was dropped."""

    stems: tuple[str, ...]
    ending: str


def parse_saved_name(name: str) -> SavedName:
    """Find our name in that under which somebody has saved a file: in a folder, with the mark of a copy
    before or after it ("Копия …", "… (1)", "… - Copy", "…_1"), in other letters, without its ending."""
    last = name.strip().replace("\\", "/").rpartition("/")[2].lower()
    found = _OWN_PART.search(last)
    if found is None:
        return SavedName((), "")
    parts = found[0].split("_")
    ending = _ENDING.search(last, found.end())
    return SavedName(
        tuple("_".join(parts[-count:]) for count in (4, 3) if len(parts) >= count),
        ending[0] if ending is not None else "",
    )
