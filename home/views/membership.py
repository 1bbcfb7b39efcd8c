"""Asking for membership from outside: the form, the answer, the link that confirms."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from coalition.accounts.domain.request_membership import Asking, confirm_request, request_membership
from coalition.accounts.enums import Language
from coalition.accounts.request_forms import RequestForm
from coalition.accounts.request_queries import request_of_token
from coalition.core.errors import Refused
from coalition.core.throttling import too_often
from coalition.core.tokens import hash_token
from home.views.strangers import kept_secret, language_here, step_page


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def membership(request: HttpRequest) -> HttpResponse:
    """What membership is, and the form. What comes back is the same whoever asks."""
    form = RequestForm(request.POST or None)
    if request.method == "POST":
        if too_often(request, "membership"):
            return _page(request, "form", status=429, form=form, too_often=True)
        if form.is_valid():
            try:
                request_membership(Asking(**form.cleaned_data, language=Language(language_here())))
            except Refused:
                return _page(request, "form", status=429, form=form, too_often=True)
            return redirect("membership_sent")
    return _page(request, "form", status=422 if form.errors else 200, form=form)


@never_cache
@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    """A mail is on its way."""
    return _page(request, "sent")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """The GET shows a button, the POST confirms: mail scanners open links."""
    found = request_of_token(hash_token(token))
    if found is None:
        response = _page(request, "nothing", status=404)
    elif request.method == "POST":
        try:
            confirm_request(token=token)
        except Refused:
            response = _page(request, "nothing", status=404)
        else:
            response = _page(request, "done")
    else:
        response = _page(request, "confirm", asked=found)
    return kept_secret(response)


def _page(request: HttpRequest, step: str, *, status: int = 200, **more: object) -> HttpResponse:
    return step_page(request, "home/membership.html", step, begins="membership", status=status, **more)
