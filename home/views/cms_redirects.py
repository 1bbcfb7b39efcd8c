"""Doors of Wagtail's admin that stay shut: its own sign-in, its people and group screens, acts by its API.

No setting closes them (measured): `POST /cms/login/` with a password would sign in a person past the
second factor, the group screens list every workspace, and the API unpublishes, deletes and copies pages
without asking the hooks that keep approved words (home/wagtail_hooks.py). Its lists of pictures and
documents ask for no right on them, and nothing of ours draws pictures by an address.
"""

from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse


def redirect_to_sign_in(request: HttpRequest) -> HttpResponse:
    """Wagtail's login: to the only door. A password posted here is never read."""
    return HttpResponseRedirect(f"{reverse('account_login')}?{urlencode({'next': '/cms/'})}")


def redirect_to_password_reset(request: HttpRequest, rest: str = "") -> HttpResponse:
    """Wagtail's password reset: to the accounts' own."""
    return HttpResponseRedirect(reverse("account_reset_password"))


def hidden_cms_page(request: HttpRequest, rest: str = "", pk: int = 0) -> HttpResponse:
    """As if it did not exist, for everyone."""
    raise Http404
