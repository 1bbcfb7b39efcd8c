"""Figures of a coalition of 60 organisations: 200 figures with a line of each organisation, 12,000 declared
numbers. Its page and its PDF, in a process of its own with its own database; loading Django is not counted.
"""

import json
import os
import subprocess
import sys
import time
from typing import Any

from bench.figures import ROOT, Figure, at_most, told

GROUP = "impact"
ORGANISATIONS = 60
FIGURES = 200
MOST_QUERIES = 12
MOST_SECONDS = 3  # for the PDF
DATABASE = ROOT / "build" / "bench" / "impact.sqlite3"


def measure(_peer: str | None) -> list[Figure]:
    DATABASE.parent.mkdir(parents=True, exist_ok=True)
    DATABASE.unlink(missing_ok=True)
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "bench.settings",
        "DATABASE_URL": f"sqlite:///{DATABASE}",
        "REDIS_URL": "",
    }
    command = [sys.executable, "-m", "bench.campaign.impact"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=True, text=True)
    seen = json.loads(done.stdout.splitlines()[-1])
    name = f"{ORGANISATIONS} organisations, {FIGURES} figures"
    return [
        at_most(GROUP, f"{name}: queries of the page", seen["queries"], "", reach=MOST_QUERIES),
        at_most(GROUP, f"{name}: PDF", seen["pdf_seconds"], "s", reach=MOST_SECONDS),
        told(GROUP, f"{name}: page", seen["page_seconds"], "s"),
        told(GROUP, f"{name}: page, HTML unpacked", seen["page_kilobytes"], "kB"),
        told(GROUP, f"{name}: pages of the PDF", seen["pages"], ""),
        told(GROUP, f"{name}: file of the PDF", seen["pdf_megabytes"], "MB"),
    ]


def _seen() -> dict[str, float]:
    import io

    import django

    django.setup()

    from django.core.management import call_command
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext, override_settings
    from pypdf import PdfReader

    from documents.interchange.pdf.fonts import ensure_fonts
    from tests.conftest import sign_in

    call_command("migrate", verbosity=0, interactive=False)
    call_command("setup_site", verbosity=0)
    ensure_fonts()
    with override_settings(ALLOWED_HOSTS=["*"]):
        person, path = _prepare()
        client = sign_in(Client(), person)
        client.get(f"{path}figures.csv")  # what is loaded once a process
        with CaptureQueriesContext(connection) as queries:
            begun = time.perf_counter()
            page = client.get(path)
            page_seconds = time.perf_counter() - begun
        asked = len(queries)  # the next request empties the list
        begun = time.perf_counter()
        document = client.get(f"{path}figures.pdf")
        pdf_seconds = time.perf_counter() - begun
    if page.status_code != 200 or document.status_code != 200:
        raise RuntimeError(f"answered {page.status_code}, {document.status_code}")
    return {
        "queries": asked,
        "page_seconds": page_seconds,
        "page_kilobytes": len(page.content) / 1000,
        "pdf_seconds": pdf_seconds,
        "pages": len(PdfReader(io.BytesIO(document.content)).pages),
        "pdf_megabytes": len(document.content) / 1_000_000,
    }


def _prepare() -> tuple[Any, str]:
    """Return a coordinator and the path of the page."""
    from coalition.accounts.models import Organisation
    from coalition.campaigns.core.days import site_today
    from coalition.campaigns.impact.enums import Rung
    from coalition.campaigns.models import Figure as Declared, Measure
    from coalition.core.clock import now
    from coalition.roles import SeatRole
    from coalition.workspaces.permissions import access_to
    from coalition.workspaces.queries import participants
    from tests.documents.approval.builders import stage
    from tests.factories import seat

    made = stage()
    for _number in range(ORGANISATIONS - participants(made.workspace).count()):
        seat(workspace=made.workspace, role=SeatRole.EDITOR)
    organisations = list(participants(made.workspace))
    hidden = [one.pk for one in organisations[-5:]]
    Organisation.objects.filter(pk__in=hidden).update(listing="withheld")
    rungs = [Rung.OUTPUT, Rung.ACTION, Rung.CHANGE]
    measures = Measure.objects.bulk_create(
        Measure(
            workspace=made.workspace,
            rung=rungs[number % len(rungs)],
            words={"en": f"People trained in course {number}", "ru": f"Обучено людей на курсе {number}"},
            unit={"en": "people"},
            created_at=now(),
        )
        for number in range(FIGURES)
    )
    Declared.objects.bulk_create(
        Declared(
            measure=measure,
            organisation=organisation,
            value=10 + number,
            scope={"en": f"Staff of companies in region {number}"},
            source={"en": "Signed attendance lists"},
            method={"en": "Everybody who stayed to the end, once for each course"},
            as_of=site_today(),
            recorded_at=now(),
        )
        for measure in measures
        for number, organisation in enumerate(organisations)
    )
    access = access_to(made.coordinator, made.workspace.uuid)
    return access.user, f"/workspaces/{made.workspace.uuid}/impact/"


if __name__ == "__main__":
    print(json.dumps(_seen()))
