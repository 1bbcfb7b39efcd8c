"""The browser finds the glossary's terms exactly where the server does."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from documents.glossary.queries import LANGUAGES, editor_hints, first_terms
from documents.models import GlossaryTerm
from tests.documents.glossary.matcher import hits

pytestmark = pytest.mark.slow

ROOT = Path(settings.BASE_DIR)
SCRIPT = Path(__file__).with_name("glossary_hits.mjs")
SENTENCES = {
    "kk": "Жұмыстағы жыныстық қудалау туралы: зардап шеккендерге заңгер көмектеседі. Қудалаудың 25 ісі.",
    "ru": "О сексуальных домогательствах заявляют пострадавшие; «жертва» — не то слово. Ещё: приставания.",
    "en": "Survivors report sexual harassment; the victim’s lawyer's words, re-victimisation and 25 cases.",
}


def _utf16(text: str, place: int) -> int:
    """A place in Python's text as JavaScript counts it."""
    return len(text[:place].encode("utf-16-le")) // 2


def test_the_browser_finds_what_the_server_finds(tmp_path: Path) -> None:
    terms = [GlossaryTerm(**said) for said in first_terms()]
    data: dict[str, Any] = editor_hints(terms)
    words = [[code, term[code]] for term in data["terms"] for code in LANGUAGES]
    inflected = [[code, f"🌷 {line.replace(';', ' ')}дың {line}ами {line}s."] for code, line in words]
    texts = [*SENTENCES.items(), *words, *inflected]
    given, bundle = tmp_path / "given.json", tmp_path / "hits.mjs"
    given.write_text(json.dumps({"data": data, "texts": texts}), encoding="utf-8")
    subprocess.run(
        ["node", str(SCRIPT.with_name("bundle.mjs")), str(SCRIPT), str(bundle)], check=True, cwd=ROOT
    )
    done = subprocess.run(["node", str(bundle), str(given)], check=True, capture_output=True, text=True)
    expected = [
        [
            [hit.pattern["term"], hit.pattern["avoid"], _utf16(text, hit.start), _utf16(text, hit.end)]
            for hit in hits(text, language, data["patterns"])
        ]
        for language, text in texts
    ]
    assert json.loads(done.stdout) == expected
    assert all(expected[: len(SENTENCES)])
