"""News by mail for anybody: asking, confirming by a link, changing, ending. No account, nothing watched."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from coalition.core.errors import Refused
from coalition.core.throttling import is_rate_limited
from coalition.core.tokens import hash_token
from home.actions.news_mail import change_topics, confirm_news, end_news, request_news
from home.news_mail_forms import NewsByMailForm, TopicsForm
from home.queries import all_topics, news_by_mail
from home.views.public_forms import page_language, private_link_response, step_page


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def news_subscribe(request: HttpRequest) -> HttpResponse:
    """The form. What comes back is the same whoever asks: nobody learns here who reads us."""
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
    """A mail is on its way."""
    return _news_mail_page(request, "sent")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def news_subscription(request: HttpRequest, token: str) -> HttpResponse:
    """One person's page. The GET shows buttons, the POST acts: mail scanners open links."""
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


@csrf_exempt  # mail programs send it without a page of ours before (RFC 8058); the address is the key
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def news_unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """One POST ends it; who opens the address gets the button."""
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
