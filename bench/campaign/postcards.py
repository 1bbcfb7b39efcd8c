"""5,000 postcards of ten batches as one PDF: time, peak memory and size of the file, in a process of its own.

Fonts are there already, as on a machine on which a PDF was made before; loading Django is not counted.
"""

import json
import os
import subprocess
import sys

from bench.figures import ROOT, Figure, at_most, told

GROUP = "postcards"
BATCHES = 10
CARDS = 500  # in each batch
MOST_SECONDS = 10
MOST_MEGABYTES = 500
MOST_FILE_MEGABYTES = 15
_WORDS = {
    "kk": "Құрметті депутат! Біз әр әйел мен әр бала қауіпсіз өмір сүретін заңды сұраймыз. ",
    "ru": "Уважаемый депутат! Мы просим закон, с которым каждая женщина живёт в безопасности. ",
    "en": "Dear deputy! We ask for a law under which every woman and every child lives in safety. ",
}


def measure(_peer: str | None) -> list[Figure]:
    figures = []
    for layout in ("single", "sheet"):
        command = [sys.executable, "-m", "bench.campaign.postcards", layout]
        environment = os.environ | {"DJANGO_SETTINGS_MODULE": "bench.settings"}
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=True, text=True)
        seen = json.loads(done.stdout)
        name = f"{BATCHES * CARDS} cards as one PDF, {layout}"
        figures += [
            at_most(GROUP, f"{name}: time", seen["seconds"], "s", reach=MOST_SECONDS),
            at_most(GROUP, f"{name}: peak memory", seen["megabytes"], "MB", reach=MOST_MEGABYTES),
            at_most(GROUP, f"{name}: file", seen["file"], "MB", reach=MOST_FILE_MEGABYTES),
            told(GROUP, f"{name}: processor time", seen["processor"], "s"),
            told(GROUP, f"{name}: pages", seen["pages"], ""),
        ]
    return figures


def _make(layout: str) -> dict[str, float]:
    import io
    import resource
    import time

    import django

    django.setup()
    from PIL import Image
    from pypdf import PdfReader

    from coalition.campaigns.postcards.layout import CardBatch, CardContent
    from coalition.campaigns.postcards.pdf import Layout, typeset_cards
    from coalition.campaigns.postcards.words import CardWords
    from documents.interchange.pdf.fonts import ensure_fonts

    ensure_fonts()
    out = io.BytesIO()
    Image.effect_noise((1200, 1000), 90).convert("RGB").save(out, "JPEG", quality=88)
    content = CardContent(
        words=[
            CardWords(code, "A law for our safety", (text * 4,), has_lead=False)
            for code, text in _WORDS.items()
        ],
        recipient=["Құрылтай", "Астана"],
        picture=out.getvalue(),
    )
    batches = [
        CardBatch(str(number), "Ұйым", f"ABCD234{number % 10}", file=f"code{number}.svg")
        for number in range(1, BATCHES + 1)
    ]
    begun, used = time.monotonic(), time.process_time()
    pdf = typeset_cards(content, batches, [CARDS] * BATCHES, layout=Layout(layout))
    seconds, processor = time.monotonic() - begun, time.process_time() - used
    return {
        "seconds": seconds,
        "processor": processor,
        "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "file": len(pdf) / 1_000_000,
        "pages": len(PdfReader(io.BytesIO(pdf)).pages),
    }


if __name__ == "__main__":
    print(json.dumps(_make(sys.argv[1])))
