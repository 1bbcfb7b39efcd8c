"""The sheet of a publication, and what its script finds, run by node as a browser runs it."""

import json
import subprocess
from typing import Any

from django.conf import settings

from documents.models import Publication
from documents.publication.certificate import build_sheet
from documents.publication.queries import publications_for_sheets

SCRIPT = """
import { readFileSync } from "node:fs";
import { check } from %(module)s;
const { sheet, before, sources } = JSON.parse(readFileSync(0, "utf8"));
const found = await check(sheet, { shown: sheet.hash, before, sources: new Map(Object.entries(sources)) });
console.log(JSON.stringify([...found]));
"""


def whole(publication: Publication) -> dict[str, Any]:
    """Its sheet as everyone has it."""
    return build_sheet(publications_for_sheets().get(pk=publication.pk))


def in_browser(sheet: Any, before: Any = None, sources: Any = None) -> dict[str, bool]:
    """What was checked → whether it holds."""
    module = settings.BASE_DIR / "assets" / "js" / "approval_certificate.js"
    script = SCRIPT % {"module": json.dumps(str(module))}
    given = json.dumps({"sheet": sheet, "before": before, "sources": sources or {}})
    command = ["node", "--input-type=module", "-e", script]
    done = subprocess.run(command, input=given, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found: dict[str, bool] = dict(json.loads(done.stdout))
    return found
