"""What the public site answers while a publication is off the site."""

import datetime
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from coalition.jobs.moments import with_place
from documents.publication.models.publication import Publication
from documents.publication.verification.models import TakenOff

TRY_AGAIN: Final = 3600  # seconds: every hour it is verified again


def taken_off_row(publication: Publication) -> TakenOff | None:
    """The row that holds a publication off the site; no query if `publications_with_all` loaded it."""
    return getattr(publication, "taken_off", None)


def taken_off_page(request: HttpRequest, since: datetime.datetime, context: dict[str, Any]) -> HttpResponse:
    """Say in words that a text is off the site while it is checked (503). `context`: of the site's frame."""
    context = {**context, "since": with_place(since)}
    return retry_later(render(request, "documents/publications/taken_off.html", context, status=503))


def retry_later[T: HttpResponse](response: T) -> T:
    """Let no cache store the answer, and say when to ask again."""
    response["Retry-After"] = str(TRY_AGAIN)
    response["Cache-Control"] = "no-store"
    return response
