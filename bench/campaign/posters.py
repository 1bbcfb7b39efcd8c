"""Posters of one item: twelve files, four formats in three languages, drawn in a process of its own.

Fonts are there already, as on a machine on which a PDF was made before; loading Django is not counted.
"""

import json
import os
import subprocess
import sys

from bench.figures import ROOT, Figure, at_most, told

GROUP = "posters"
MOST_SECONDS = 10
MOST_MEGABYTES = 500
FORMATS = ("a3", "16x9", "4x5", "9x16")
_WORDS = {
    "kk": ("Әрбір үшінші әйел: үндемеу — жауап емес", "Көпшілігі ешкімге айтпаған. ", "әйел зардап шеккен"),
    "ru": ("Молчание — не ответ", "Большинство никому не рассказали. ", "женщин пострадали за год"),
    "en": ("Silence is no answer", "Most of them have not told anybody. ", "of women suffered within a year"),
}


def measure(_peer: str | None) -> list[Figure]:
    figures = []
    for template in ("poster", "infographic"):
        command = [sys.executable, "-m", "bench.campaign.posters", template]
        environment = os.environ | {"DJANGO_SETTINGS_MODULE": "bench.settings"}
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=True, text=True)
        seen = json.loads(done.stdout)
        name = f"{len(FORMATS) * len(_WORDS)} files, {template}"
        figures += [
            at_most(GROUP, f"{name}: time", seen["seconds"], "s", reach=MOST_SECONDS),
            at_most(GROUP, f"{name}: peak memory", seen["megabytes"], "MB", reach=MOST_MEGABYTES),
            told(GROUP, f"{name}: processor time", seen["processor"], "s"),
            told(GROUP, f"{name}: all files", seen["size"], "MB"),
        ]
    return figures


def _draw(template: str) -> dict[str, float]:
    import resource
    import time

    import django

    django.setup()

    from coalition.campaigns.media_package.enums import Format
    from coalition.campaigns.media_package.posters.content import PosterContent
    from coalition.campaigns.media_package.posters.drawing import draw_poster
    from documents.interchange.pdf.fonts import ensure_fonts

    ensure_fonts()
    contents = [
        PosterContent(
            template="infographic" if template == "infographic" else "poster",
            language=language,
            title=title,
            lead=lead * 4,
            numeral="17 %",
            figure=figure,
            source="Kazakhstan, 18–75. Bureau of statistics, 2023. https://stat.example/research/2023",
            terms=(("Credit", "The coalition"), ("Funding", "A foundation")),
            address=f"https://site.example/{language}/media/every-third/",
            description="",
        )
        for language, (title, lead, figure) in _WORDS.items()
    ]
    begun, used = time.monotonic(), time.process_time()
    size = sum(len(draw_poster(one, Format(code)).content) for one in contents for code in FORMATS)
    return {
        "seconds": time.monotonic() - begun,
        "processor": time.process_time() - used,
        "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "size": size / 1_000_000,
    }


if __name__ == "__main__":
    print(json.dumps(_draw(sys.argv[1])))
