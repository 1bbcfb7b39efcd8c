"""What the code and the templates ask gettext for, read without xgettext.

Templates go through Django's own `templatize`, the step before xgettext in `makemessages`;
Babel's Python reader then finds the calls.
"""

import ast
import io
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import polib
from babel.messages.extract import extract
from tracked import ROOT, tracked

CATALOGUES = ROOT / "locale"
LANGUAGES = ("kk", "ru")  # English is the source language
CODE = ("coalition/*.py", "demo/*.py", "documents/*.py", "events/*.py", "home/*.py")
TEMPLATES = ("templates/*.html", "templates/*.txt")
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}


def catalogue(language: str) -> Path:
    """The .po file of one language."""
    return CATALOGUES / language / "LC_MESSAGES" / "django.po"


def wanted() -> polib.POFile:
    """A template catalogue with every message of the project, and where it is asked for."""
    result = polib.POFile(wrapwidth=100)
    for path, source in _sources():
        found = extract(
            "python",
            io.BytesIO(source.encode()),
            keywords=KEYWORDS | aliases(source) if path.endswith(".py") else KEYWORDS,
            comment_tags=("Translators:",),
            strip_comment_tags=False,
        )
        for _line, message, comments, context in found:
            singular, plural = message if isinstance(message, tuple) else (message, "")
            if singular:
                _add(result, path, singular, plural, context, comments)
    return result


def aliases(source: str) -> dict[str, tuple[int | tuple[int, str], ...] | None]:
    """Other names under which Python code imports gettext's functions, with the arguments that they take."""
    return {
        name.asname: KEYWORDS[name.name]
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for name in node.names
        if name.asname and name.asname != "_" and name.name in KEYWORDS
    }


def _add(
    result: polib.POFile, path: str, singular: str, plural: str, context: str | None, comments: list[str]
) -> None:
    entry = result.find(singular, msgctxt=context or None)
    if entry is None:
        entry = polib.POEntry(msgid=singular, msgid_plural=plural, msgctxt=context or None)
        if plural:
            entry.msgstr_plural = {0: "", 1: ""}
        if "%(" in singular or "%(" in plural:
            entry.flags.append("python-format")
        result.append(entry)
    elif plural and not entry.msgid_plural:
        entry.msgid_plural, entry.msgstr_plural = plural, {0: "", 1: ""}
    if (path, "") not in entry.occurrences:
        entry.occurrences.append((path, ""))  # no line numbers: they change with every edit
    entry.comment = "\n".join(filter(None, [entry.comment, *comments]))


def _sources() -> Iterator[tuple[str, str]]:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "coalition.settings.test")
    sys.path.insert(0, str(ROOT))
    from django.utils.translation.template import templatize  # reads the settings

    for path in tracked(*CODE):
        yield str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")
    for path in tracked(*TEMPLATES):
        name = str(path.relative_to(ROOT))
        text = templatize(path.read_text(encoding="utf-8"), origin=name)
        # Indentation means nothing in a template, and a fault to Python's tokeniser.
        yield name, "\n".join(line.strip() for line in text.splitlines())
