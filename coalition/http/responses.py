"""How pages answer what people sent to them."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from coalition.core.errors import Refused


def form_page(request: HttpRequest, template: str, context: Mapping[str, Any]) -> HttpResponse:
    """The page that shows `context["form"]`: 422 if what was sent in it was not taken over, else 200."""
    form = context.get("form")
    refused = form is not None and bool(form.errors)
    return render(request, template, dict(context), status=422 if refused else 200)


@contextmanager
def flash_result(request: HttpRequest, words: str = "") -> Iterator[None]:
    """Do something that one press asks for; the next page says these words, if any, or why it was refused."""
    try:
        yield
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        if words:
            messages.success(request, words)


def pdf_response(content: bytes, name: str) -> HttpResponse:
    """A PDF that the browser opens. `name`: the file's name, without anything about its subject."""
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{name}"'
    return answer
