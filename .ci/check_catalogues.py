"""Every text exists in Kazakh and Russian: nothing untranslated, fuzzy, missing or stale."""

import re
import sys
from collections.abc import Iterator

import polib
from catalogue_sources import CATALOGUES, LANGUAGES, ROOT, catalogue, wanted

PLACEHOLDER = re.compile(r"%\((\w+)\)|\{(\w+)\}")
SHOWN = 12


def main() -> None:
    sources = wanted()
    faults: list[str] = []
    for language in LANGUAGES:
        path = catalogue(language)
        if not path.exists():
            faults.append(f"{path.relative_to(ROOT)} is missing: run make messages")
            continue
        faults.extend(_faults(language, polib.pofile(str(path)), sources))
    for path in sorted((CATALOGUES / "third_party").rglob("django.po")):
        faults.extend(_unfinished(f"third_party/{path.parent.parent.name}", polib.pofile(str(path))))
    print("\n".join(faults))
    sys.exit(bool(faults))


def _faults(language: str, entries: polib.POFile, sources: polib.POFile) -> Iterator[str]:
    asked = {_key(entry) for entry in sources}
    known = {_key(entry) for entry in entries if not entry.obsolete}
    yield from _counted(f"{language}: not in the catalogue (run make messages)", asked - known)
    yield from _counted(f"{language}: no longer asked for (run make messages)", known - asked)
    yield from _unfinished(language, entries)


def _unfinished(language: str, entries: polib.POFile) -> Iterator[str]:
    live = [entry for entry in entries if not entry.obsolete]
    yield from _counted(f"{language}: fuzzy", {_key(entry) for entry in live if entry.fuzzy})
    untranslated = {_key(entry) for entry in live if not entry.translated() and not entry.fuzzy}
    yield from _counted(f"{language}: untranslated", untranslated)
    yield from _counted(
        f"{language}: placeholders differ", {_key(e) for e in live if _placeholders_differ(e)}
    )


def _placeholders_differ(entry: polib.POEntry) -> bool:
    """Whether a translation names a value that the source does not have, or forgets one.

    A plural form may leave the number out ("one organisation").
    """
    allowed = _placeholders(entry.msgid) | _placeholders(entry.msgid_plural)
    if entry.msgid_plural:
        return any(_placeholders(text) - allowed for text in entry.msgstr_plural.values())
    return bool(entry.msgstr) and _placeholders(entry.msgstr) != allowed


def _placeholders(text: str) -> set[str]:
    return {first or second for first, second in PLACEHOLDER.findall(text)}


def _key(entry: polib.POEntry) -> tuple[str, str]:
    return entry.msgctxt or "", entry.msgid


def _counted(title: str, keys: set[tuple[str, str]]) -> Iterator[str]:
    if keys:
        yield f"{title}: {len(keys)}"
        yield from (f"    {message[:100]!r}" for _context, message in sorted(keys)[:SHOWN])


if __name__ == "__main__":
    main()
