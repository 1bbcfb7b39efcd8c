"""The page behind an outlet's link, without an account: agree to the embargo, take files, log an airing.

It works in the browser of a messenger, without cookies and scripts: the link identifies the outlet.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, Final
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _, override
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from coalition.accounts.naming import PUBLIC, display_name_for
from coalition.applicants.views import is_from_own_page, private_response
from coalition.campaigns.core.days import site_today
from coalition.campaigns.media_package.archive import package_zip
from coalition.campaigns.media_package.models import PackageLink
from coalition.campaigns.media_package.outlets.access import (
    OpenedLink,
    has_not_ended,
    is_open,
    is_still_open,
    open_link,
)
from coalition.campaigns.media_package.outlets.actions import (
    agree_to_embargo,
    embargo_code,
    link_path,
    note_taken,
)
from coalition.campaigns.media_package.outlets.coverage import log_airing
from coalition.campaigns.media_package.outlets.forms import AiringForm
from coalition.campaigns.media_package.outlets.presenters import (
    PREVIEW,
    item_titles,
    link_page,
    outlet_name,
    taken_rows,
)
from coalition.campaigns.media_package.outlets.queries import airings_by_links, link_of_token, taken_by_links
from coalition.campaigns.media_package.sending import send_rendition
from coalition.core.errors import Refused
from coalition.core.throttling import TooManyRequests, is_rate_limited
from coalition.jobs.date_formats import moment_with_time_zone
from events.press.coverage.actions import TooManyWaiting

MOST_POSTS: Final = 60  # an hour, by one link from one network
LOGGED: Final = "logged"  # query after an airing was logged

type LinkView = Callable[..., HttpResponseBase]


def link_page_view(view: LinkView) -> LinkView:
    """Decorate a view of an open link, called with the link: in its language, never cached. A link that has
    ended, was never made, or whose package is closed is answered in words with 410."""

    @never_cache
    @wraps(view)
    def guarded(request: HttpRequest, token: str, **kwargs: Any) -> HttpResponseBase:
        link = link_of_token(token)
        if link is None:
            return private_response(_gone(request, None))
        with override(link.language):
            answer = view(request, link, **kwargs) if is_open(link) else _gone(request, link)
            return private_response(answer, language=link.language)

    return guarded


@csrf_exempt  # the link identifies the outlet; `is_from_own_page` keeps other sites out
@require_http_methods(["GET", "HEAD", "POST"])
@link_page_view
def package_link(request: HttpRequest, link: PackageLink) -> HttpResponse:
    """Show what the outlet may take; a POST agrees to the embargo, or logs an airing. `?aired=`: name of an
    item that is chosen in the form; `?words=`: language of the words to copy."""
    opened = open_link(link)
    if request.method != "POST":
        return _page(request, opened)
    if not is_from_own_page(request):
        words = _("This did not come from our own page. Press the button once more.")
        return _page(request, opened, refusal=words, status=403)
    if is_rate_limited(request, f"media_package_link:{link.pk}", MOST_POSTS):
        return _page(request, opened, refusal=TooManyRequests().message, status=429)
    try:
        if request.POST.get("act") == "agree":
            agree_to_embargo(link=link, until=request.POST.get("until", ""))
            return redirect(link_path(link))
        return _log(request, opened)
    except TooManyWaiting as refusal:
        return _page(request, opened, refusal=refusal.message, status=429)
    except Refused as refusal:
        return _page(request, opened, refusal=refusal.message, status=409)


def _log(request: HttpRequest, opened: OpenedLink) -> HttpResponse:
    form = AiringForm(request.POST, items=item_titles(opened))
    if not form.is_valid():
        return _page(request, opened, form=form, status=422)
    log_airing(source=opened.link, **form.cleaned_data)
    return redirect(f"{link_path(opened.link)}?{LOGGED}#aired")


def _page(
    request: HttpRequest,
    opened: OpenedLink,
    *,
    form: AiringForm | None = None,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    link, until = opened.link, opened.embargo_until
    if form is None and opened.given:
        posted = request.POST if request.method == "POST" else None
        initial = {"item": request.GET.get("aired", ""), "on": site_today()}
        form = AiringForm(posted, items=item_titles(opened), initial=initial)
    context = {
        "page": link_page(opened, request.GET.get("words", "")),
        "outlet": outlet_name(link, PUBLIC),
        "organisation": display_name_for(PUBLIC, link.package.organisation),
        "must_agree": opened.must_agree,
        "hides_all": opened.hides_all,
        "whole_embargo": opened.is_whole_embargo,
        "embargo": moment_with_time_zone(until) if until is not None else "",
        "until": embargo_code(until),
        "form": form,
        "is_logged": LOGGED in request.GET,
        "aired": request.GET.get("aired", ""),
        "taken": [] if opened.hides_all else taken_rows(taken_by_links([link]), opened),
        "airings": [] if opened.hides_all else airings_by_links([link]),
        "ends_at": link.ends_at,
        "refusal": refusal,
    }
    return render(request, "campaigns/media_package/outlets/link.html", context, status=status)


@require_safe
@link_page_view
def package_link_file(
    request: HttpRequest, link: PackageLink, rendition: UUID, name: str
) -> HttpResponse | StreamingHttpResponse:
    """Send one file, or a range of it, and note that the outlet took it. 404 unless it is given now."""
    opened = open_link(link)
    given = opened.file(rendition)
    if given is None or given.file_name != name:
        raise Http404
    is_preview = _is_preview(request) and given.file is not None and given.file.is_picture
    answer = send_rendition(
        request,
        given,
        language=link.language,
        inline=is_preview,
        before_embargo=not opened.must_agree,
        is_open=lambda: is_still_open(link),
    )
    if request.method == "GET" and not is_preview and answer.status_code in {200, 206}:
        note_taken(link, [given])
    return answer


@require_safe
@link_page_view
def package_link_zip(request: HttpRequest, link: PackageLink) -> HttpResponse | StreamingHttpResponse:
    """Send all files in one archive, and note that the outlet took each. 404 without files, or above 200
    MB."""
    opened = open_link(link)
    answer = package_zip(
        request,
        link.package,
        opened.given,
        language=link.language,
        before_embargo=not opened.must_agree,
        is_open=lambda: is_still_open(link),
    )
    if answer is None:
        raise Http404
    if request.method == "GET":
        note_taken(link, [file for one in opened.given for file in one.files])
    return answer


def _is_preview(request: HttpRequest) -> bool:
    """Whether the page shows the picture: opened by itself, it is taken."""
    return PREVIEW in request.GET and request.headers.get("Sec-Fetch-Dest", "image") == "image"


def _gone(request: HttpRequest, link: PackageLink | None) -> HttpResponse:
    """Say why nothing is here: the package is closed, or the link has ended or was never made."""
    is_closed = link is not None and has_not_ended(link)
    return render(request, "campaigns/media_package/outlets/gone.html", {"is_closed": is_closed}, status=410)
