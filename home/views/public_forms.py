"""Shared parts of public forms that are confirmed by a mailed link."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, override
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
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
from home.actions.news_mail import change_topics, confirm_news, end_news, request_news
from home.news_mail_forms import NewsByMailForm, TopicsForm
from home.public_page import frame_context
from home.queries import all_topics, news_by_mail, site_languages


def page_language() -> str:
    """Return the two-letter code of the page's language."""
    return (get_language() or Language.KK)[:2]


def step_page(
    request: HttpRequest, template: str, step: str, *, begins: str, status: int = 200, **more: object
) -> HttpResponse:
    """Render one step of such a form. `begins` names the URL of its first step, to which the
    language switch links: a mailed link is for one language."""
    here = {code: _address(begins, code) for code in site_languages()}
    context = {**frame_context(request, language=page_language(), here=here), "step": step, **more}
    return render(request, template, context, status=status)


def private_link_response(answer: HttpResponse) -> HttpResponse:
    """Return the response of a secret address: without referrer and search indexing.

    "no-referrer" would make browsers send the page's form with `Origin: null`.
    """
    answer["Referrer-Policy"] = "strict-origin"
    answer["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return answer


def _address(name: str, language: str) -> str:
    with override(language):
        return reverse(name)


# --- membership ---
# Membership requests from the public: the form, the response, the link that confirms.


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def membership_request(request: HttpRequest) -> HttpResponse:
    """Show information on membership, and the form. The response is the same for every address."""
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
    """Show that a mail was sent."""
    return _membership_page(request, "sent")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def membership_request_confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Confirm: GET shows a button, POST confirms, since mail scanners open links."""
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


# --- news by mail ---
# News by mail for the public: subscribe, confirm by a link, change, end. No account, no
# tracking.


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def news_subscribe(request: HttpRequest) -> HttpResponse:
    """Show the form. The response is the same for every address, so that subscribers are not
    revealed."""
    language = page_language()
    form = NewsByMailForm(request.POST or None, topics=all_topics(language))
    if request.method == "POST" and form.is_valid():
        try:
            if is_rate_limited(request, "news-by-mail"):
                return _news_mail_page(request, "form", status=429, form=form, too_often=True)
            request_news(address=form.cleaned_data["address"], language=language, topics=form.wanted)
        except Refused:
            return _news_mail_page(request, "form", status=429, form=form, too_often=True)
        return redirect("news_by_mail_sent")
    return _news_mail_page(request, "form", status=422 if form.errors else 200, form=form)


@never_cache
@require_safe
def news_subscribe_sent(request: HttpRequest) -> HttpResponse:
    """Show that a mail was sent."""
    return _news_mail_page(request, "sent")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def news_subscription(request: HttpRequest, token: str) -> HttpResponse:
    """Show one subscription. GET shows buttons, POST acts, since mail scanners open links."""
    row = news_by_mail(hash_token(token))
    if row is None:
        return private_link_response(_news_mail_page(request, "nothing", status=404))
    what = request.POST.get("what", "")
    if what == "end":
        end_news(row)
        return private_link_response(_news_mail_page(request, "ended"))
    if what == "confirm":
        confirm_news(row)
        return private_link_response(redirect("news_by_mail_own", token=token))
    form = TopicsForm(
        request.POST if what == "topics" else None,
        initial={"topics": row.topics},
        topics=all_topics(row.language),
    )
    if what == "topics" and form.is_valid():
        change_topics(row, form.wanted)
        return private_link_response(_news_mail_page(request, "own", row=row, form=form, changed=True))
    return private_link_response(
        _news_mail_page(request, "own" if row.confirmed_at else "confirm", row=row, form=form)
    )


@csrf_exempt  # mail programs post without a form of ours (RFC 8058); the token authorises
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def news_unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Unsubscribe by one POST; GET shows the button."""
    row = news_by_mail(hash_token(token))
    if row is None:
        return private_link_response(
            _news_mail_page(request, "ended" if request.method == "POST" else "nothing", status=404)
        )
    if request.method == "POST":
        end_news(row)
        return private_link_response(_news_mail_page(request, "ended"))
    return private_link_response(_news_mail_page(request, "end", row=row))


def _news_mail_page(request: HttpRequest, step: str, *, status: int = 200, **more: object) -> HttpResponse:
    return step_page(request, "home/news_by_mail.html", step, begins="news_by_mail", status=status, **more)
