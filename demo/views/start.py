"""The demo's start page, which signs in as a persona with one press. Only the demo has it."""

import ipaddress

from allauth.account.internal.flows.login import record_authentication
from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from coalition.accounts.models import Language
from coalition.accounts.queries import demo_people
from demo.personas import PASSWORD, personas


def on_loopback(request: HttpRequest) -> bool:
    """Return whether the request comes from this machine."""
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


@require_safe
@never_cache
def start(request: HttpRequest) -> HttpResponse:
    """List the personas. `?language=` shows the page in another language."""
    _only_in_the_demo(request)
    language = request.GET.get("language", "")
    if language in Language.values:
        translation.activate(language)
    return render(request, "demo/start.html", {"personas": personas(), "password": PASSWORD})


@sensitive_post_parameters()
@require_POST
def sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in as a persona, as if with its password: re-authentication counts from now."""
    _only_in_the_demo(request)
    person = get_object_or_404(demo_people(), email=request.POST.get("email", ""))
    login(request, person, backend="coalition.accounts.auth.PersonBackend")
    record_authentication(request, person, method="password", email=person.email, reauthenticated=True)
    home = {"newsroom@demo.example": "/cms/"}
    return HttpResponseRedirect(home.get(person.email, reverse(settings.LOGIN_REDIRECT_URL)))


def _only_in_the_demo(request: HttpRequest) -> None:
    if not settings.DEMO or not on_loopback(request):
        raise Http404
