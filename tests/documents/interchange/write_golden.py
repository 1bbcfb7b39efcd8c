"""Write the golden trees anew, for a reader to look at the difference:
`python -m tests.documents.interchange.write_golden`.

The texts are those of the canonical form's golden files, one for each block and mark in three languages.
pandoc says a tree in its own Markdown, where every span, style and note can be seen.
"""

import json
import os
from pathlib import Path

import django

from documents.interchange.file_properties import FileProperties
from documents.interchange.pandoc import writer
from documents.interchange.pandoc.writer import to_pandoc
from documents.interchange.suggest.new_rows import TreeTarget
from tests.documents.canonical.golden_labels import LABELS
from tests.documents.interchange.made import around, node

GOLDEN = Path(__file__).with_name("golden")
TEXTS = Path(__file__).parents[1] / "canonical" / "golden"


def tree(language, case):
    """The tree of one text, as it goes into a Word file."""
    given = case["input"]
    heads = [node(name, given[name]) for name in ("title", "lead") if given.get(name)]
    return to_pandoc(
        {"type": "doc", "content": [*heads, *given["body"]["content"]]},
        properties=FileProperties(given["title"], language, "TLP:CLEAR"),
        context=around(pictures={name: (f"data:,{name}", "80%") for name in given.get("pictures", {})}),
        target=TreeTarget.DOCX,
        labels=LABELS[language],
    )


def said(path):
    """The trees of one file in words, language by language."""
    cases = json.loads(path.read_text(encoding="utf-8")).items()
    arguments = ["-f", "json", "-t", "markdown", "--wrap=none"]
    parts = []
    for language, case in cases:
        made = writer.run_pandoc(arguments, json.dumps(tree(language, case)).encode())
        parts.append(f"<!-- {language} -->\n\n{made.decode()}")
    return "\n".join(parts)


def main() -> None:
    for path in sorted(TEXTS.glob("*.json")):
        (GOLDEN / f"{path.stem}.md").write_text(said(path), encoding="utf-8")


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "coalition.settings.test")
    django.setup()
    main()
