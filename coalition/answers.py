"""How pages answer what people sent to them."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def form_page(request: HttpRequest, template: str, context: Mapping[str, Any]) -> HttpResponse:
    """The page that shows `context["form"]`: 422 if what was sent in it was not taken over, else 200."""
    form = context.get("form")
    refused = form is not None and bool(form.errors)
    return render(request, template, dict(context), status=422 if refused else 200)
