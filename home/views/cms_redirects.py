"""Disabled views of Wagtail's admin: its own sign-in, its user and group views, page actions by
API.

No setting disables them (measured): `POST /cms/login/` with a password would sign in a person
without the second factor, the group views list every workspace, and the API unpublishes, deletes
and copies pages without calling the hooks that protect approved words (home/wagtail_hooks.py). Its
lists of pictures and documents check no permission on them, and we do not use dynamic image URLs.
"""

from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse


def redirect_to_sign_in(request: HttpRequest) -> HttpResponse:
    """Redirect Wagtail's login to the site's sign-in. A password posted here is never read."""
    return HttpResponseRedirect(f"{reverse('account_login')}?{urlencode({'next': '/cms/'})}")


def redirect_to_password_reset(request: HttpRequest, rest: str = "") -> HttpResponse:
    """Redirect Wagtail's password reset to that of the accounts."""
    return HttpResponseRedirect(reverse("account_reset_password"))


def hidden_cms_page(request: HttpRequest, rest: str = "", pk: int = 0) -> HttpResponse:
    """Answer 404 for everyone."""
    raise Http404
