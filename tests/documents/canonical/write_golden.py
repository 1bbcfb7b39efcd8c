"""Fill in what golden files lack: `python -m tests.documents.canonical.write_golden`.

A new file holds for each language only its `input`; this adds what comes of it.
Renderings of older files are written anew, for a reader to look at the difference.
A canonical form or a hash that exists is never changed: records refer to it for
ever, and a program that gives another one is wrong.
"""

import json
from pathlib import Path
from typing import Any

from documents.canonical.build import build
from documents.canonical.characters import render_markdown, render_text
from documents.canonical.form import Document, canonical_hash
from documents.canonical.html import render_html
from tests.documents.canonical.golden_labels import LABELS

GOLDEN = Path(__file__).with_name("golden")


def picture_url(name, sha256):
    return {"src": f"/media/{name}-{sha256[:8]}.webp", "width": 1200, "height": 800}


def renderings(document: Document) -> dict[str, str]:
    """Every rendering of a document with the labels of the golden files."""
    labels = LABELS[document["language"]]
    return {
        "html": render_html(document, picture_url=picture_url, labels=labels, with_title=True),
        "text": render_text(document, labels=labels),
        "markdown": render_markdown(document, labels=labels),
    }


def fill(case: dict[str, Any]) -> dict[str, Any]:
    document = (
        build(case["input"].pop("body"), **case["input"]) if "canonical" not in case else case["canonical"]
    )
    return {"canonical": document, "hash": canonical_hash(document), **renderings(document)}


def main() -> None:
    for path in sorted(GOLDEN.glob("*.json")):
        cases = json.loads(path.read_text(encoding="utf-8"))
        for case in cases.values():
            made = fill(json.loads(json.dumps(case)))
            case.update(
                {key: case[key] if key in {"canonical", "hash"} & case.keys() else made[key] for key in made}
            )
        path.write_text(json.dumps(cases, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
