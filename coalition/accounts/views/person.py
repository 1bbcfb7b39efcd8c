"""The person's own pages: settings, language, signing out everywhere."""

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _, override
from django.views.decorators.http import require_http_methods, require_POST

from coalition.accounts.actions.memberships import change_person_details, set_language, sign_out_everywhere
from coalition.accounts.forms import PersonForm
from coalition.accounts.middleware import CLEAR_SITE_DATA
from coalition.accounts.models import Language, User
from coalition.accounts.queries import frozen_pks, memberships_for_profile
from coalition.accounts.sign_in import clear_device_cookie, needs_second_factor
from coalition.accounts.views.access import get_person
from coalition.http.responses import form_page


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """Display all settings of the person's account on one page."""
    person = get_person(request)
    form = PersonForm(request.POST or None, instance=User.objects.get(pk=person.pk))
    if request.method == "POST" and form.is_valid():
        person = change_person_details(person=person, **form.cleaned_data)
        with override(person.language):
            messages.success(request, _("Saved."))
        return redirect("partners:profile")
    context = {
        "form": form,
        "memberships": memberships_for_profile(person),
        "frozen": frozen_pks(),
        "factors": set(Authenticator.objects.filter(user=person).values_list("type", flat=True)),
        "needs_factor": needs_second_factor(person),
        "nav_current": "profile",
    }
    return form_page(request, "accounts/profile.html", context)


@require_POST
def change_language(request: HttpRequest) -> HttpResponse:
    """Set the language: stored on a person's account, or in a cookie for a visitor."""
    code = request.POST.get("language", "")
    if code not in Language.values:
        return HttpResponseBadRequest(_("The coalition does not have this language."))
    target = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        target = "/"
    response = HttpResponseRedirect(target)
    if isinstance(request.user, User):
        set_language(person=request.user, language=code)
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        code,
        max_age=365 * 24 * 3600,
        secure=request.is_secure(),
        httponly=True,
        samesite="Lax",
    )
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def sign_out_everywhere_page(request: HttpRequest) -> HttpResponse:
    """Sign out on every device. GET, which can be bookmarked, displays the one button."""
    if request.method != "POST":
        return render(request, "accounts/leave_everywhere.html")
    if isinstance(request.user, User):
        sign_out_everywhere(person=request.user)
    logout(request)
    response = HttpResponseRedirect(settings.ACCOUNT_LOGOUT_REDIRECT_URL)
    response["Clear-Site-Data"] = CLEAR_SITE_DATA
    clear_device_cookie(response)
    return response
