"""Helpers for responses to forms and actions."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from coalition.core.errors import Refused


def form_page(request: HttpRequest, template: str, context: Mapping[str, Any]) -> HttpResponse:
    """Render the page of `context["form"]`: status 422 if the submitted form is invalid, else 200."""
    form = context.get("form")
    refused = form is not None and bool(form.errors)
    return render(request, template, dict(context), status=422 if refused else 200)


@contextmanager
def flash_result(request: HttpRequest, words: str = "") -> Iterator[None]:
    """Run an action; flash `words`, if any, on the next page, or the reason for its refusal."""
    try:
        yield
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        if words:
            messages.success(request, words)


def pdf_response(content: bytes, name: str) -> HttpResponse:
    """Return a PDF that the browser opens. `name`: the file name, which does not reveal its subject."""
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{name}"'
    return answer
