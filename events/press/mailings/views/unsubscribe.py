"""The page of a reader of mail to the press: no more of it, with one press. No account, nothing watched."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from events.press.contacts.queries import stopped
from events.press.mailings.actions.unsubscribe import begin_again, end_mails
from events.press.queries import letter_of_token


@csrf_exempt  # mail programs send it without a page of ours before (RFC 8058); the address is the key
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, token: str) -> HttpResponse:
    """The GET shows a button, since mail scanners open links; one POST ends it, another begins it again."""
    letter = letter_of_token(token)
    if letter is None:
        return _kept_secret(render(request, "events/press_desk/nothing.html", status=404))
    if request.method == "POST":
        begin_again(letter) if request.POST.get("what") == "again" else end_mails(letter)
    with override(letter.language):
        context = {
            "organisation": letter.mail_out.organisation.name_in(letter.language),
            "ended": bool(stopped([letter.address_print])),
            "language": letter.language,
        }
        return _kept_secret(render(request, "events/press_desk/end.html", context))


def _kept_secret(answer: HttpResponse) -> HttpResponse:
    """Nobody is told of an address that is a key, and no search engine keeps it."""
    answer["Referrer-Policy"] = "strict-origin"
    answer["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return answer
