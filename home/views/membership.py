"""Asking for membership from outside: the form, the answer, the link that confirms."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from coalition.accounts.actions.membership_requests import (
    MembershipApplication,
    confirm_request,
    request_membership,
)
from coalition.accounts.enums import Language
from coalition.accounts.forms import RequestForm
from coalition.accounts.queries import request_by_token
from coalition.core.errors import Refused
from coalition.core.throttling import is_rate_limited
from coalition.core.tokens import hash_token
from home.views.public_forms import page_language, private_link_response, step_page


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def membership_request(request: HttpRequest) -> HttpResponse:
    """What membership is, and the form. What comes back is the same whoever asks."""
    form = RequestForm(request.POST or None)
    if request.method == "POST":
        if is_rate_limited(request, "membership"):
            return _membership_page(request, "form", status=429, form=form, too_often=True)
        if form.is_valid():
            try:
                request_membership(
                    MembershipApplication(**form.cleaned_data, language=Language(page_language()))
                )
            except Refused:
                return _membership_page(request, "form", status=429, form=form, too_often=True)
            return redirect("membership_sent")
    return _membership_page(request, "form", status=422 if form.errors else 200, form=form)


@never_cache
@require_safe
def membership_request_sent(request: HttpRequest) -> HttpResponse:
    """A mail is on its way."""
    return _membership_page(request, "sent")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def membership_request_confirm(request: HttpRequest, token: str) -> HttpResponse:
    """The GET shows a button, the POST confirms: mail scanners open links."""
    found = request_by_token(hash_token(token))
    if found is None:
        response = _membership_page(request, "nothing", status=404)
    elif request.method == "POST":
        try:
            confirm_request(token=token)
        except Refused:
            response = _membership_page(request, "nothing", status=404)
        else:
            response = _membership_page(request, "done")
    else:
        response = _membership_page(request, "confirm", asked=found)
    return private_link_response(response)


def _membership_page(request: HttpRequest, step: str, *, status: int = 200, **more: object) -> HttpResponse:
    return step_page(request, "home/membership.html", step, begins="membership", status=status, **more)
