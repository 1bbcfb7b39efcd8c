"""The public page of an appeal: from caches while thousands support it.

Nothing on it belongs to one reader: no session, no CSRF cookie. Posts are judged by
`coalition.applicants.anonymous_post`.
"""

from typing import Any, Final

from allauth.account.adapter import get_adapter
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_cache_control
from django.utils.decorators import method_decorator
from django.utils.translation import get_language
from django.views import View
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from coalition.applicants.anonymous_post import PostVerdict, judge_post, new_stamp
from coalition.campaigns.appeals.actions.support import ask_to_support
from coalition.campaigns.appeals.forms.support import SupportForm
from coalition.campaigns.appeals.public_presenters import (
    appeal_context,
    appeal_path,
    language_switch,
    shown_text,
)
from coalition.campaigns.appeals.public_queries import (
    PublicAppeal,
    is_code_of,
    listed_supporters,
    offered_organisations,
    public_appeal,
)
from coalition.campaigns.appeals.signals import place_of
from coalition.campaigns.counters.columns import KEPT_SECONDS
from coalition.core.errors import Refused
from coalition.core.throttling import too_often
from coalition.http.kept_seconds import keep_for
from coalition.http.page_cache import pages
from coalition.http.vary import same_for_everyone
from coalition.mail.outbox import minutes_waited
from documents.publication import hooks
from documents.publication.verification.responses import taken_off_page, taken_off_row

FORM: Final = "campaigns.support"  # purpose of its stamps
MOST_FROM_ONE_PLACE: Final = 3000  # an hour and network: mobile carriers put thousands behind one address
NAMES_ON_A_PAGE: Final = 200


@method_decorator(csrf_exempt, name="dispatch")
class AppealView(View):
    """GET shows the appeal with its form, POST asks for support. With `code`, a referral code is credited."""

    http_method_names = ["get", "head", "post"]

    def get(self, request: HttpRequest, slug: str, code: str = "") -> HttpResponse:
        def draw(asked: HttpRequest) -> HttpResponse:
            public = _public(slug)
            if code and not is_code_of(code, public.appeal):
                return redirect("support_appeal", slug)
            if (answer := _taken_off(asked, public)) is not None:
                return answer
            return _page(asked, public, _form(public), code=code)

        return _kept_briefly(pages.answer(request, draw))

    def post(self, request: HttpRequest, slug: str, code: str = "") -> HttpResponse:
        public = _public(slug)
        if (answer := _taken_off(request, public)) is not None:
            return answer
        verdict = judge_post(request, FORM)
        if verdict is PostVerdict.FOREIGN:
            return self.again(public, _form(public), code, why="foreign", status=403)
        form = _form(public, request.POST)
        if verdict is PostVerdict.TRAPPED:
            return redirect("support_sent", slug)
        if too_often(request, "support", MOST_FROM_ONE_PLACE):
            return self.again(public, form, code, why="too_often", status=429)
        if verdict is PostVerdict.STALE:
            return self.again(public, form, code, why="stale", status=409)
        if public.closed or request.POST.get("version") != str(public.version.uuid):
            return self.again(public, form, code, why="" if public.closed else "changed", status=409)
        if not form.is_valid():
            return self.again(public, form, code, status=422)
        place = place_of(get_adapter().get_client_ip(request))
        try:
            ask_to_support(version=public.version, asking=form.asking(place=place, code=code))
        except Refused as refusal:
            form.add_error(None, refusal.message)
            return self.again(_public(slug), form, code, status=409)
        return redirect("support_sent", slug)

    def again(
        self, public: PublicAppeal, form: SupportForm, code: str, *, why: str = "", status: int
    ) -> HttpResponse:
        """The page as it is now, with a fresh stamp, what was typed, and why it was not taken."""
        response = _page(self.request, public, form, code=code, why=why, status=status)
        response["Cache-Control"] = "no-store"
        return response


@require_safe
def sent(request: HttpRequest, slug: str) -> HttpResponse:
    """A mail is on its way; how long mails take now, if anything is known about it."""
    public = _public(slug)
    context = {
        **_frame(request, slug),
        "appeal": public.appeal,
        "title": public.publication.title if public.closed not in {"withdrawn", "checked"} else "",
        "minutes": minutes_waited(),
    }
    return _kept_briefly(render(request, "campaigns/appeals/sent.html", context))


@require_safe
def names(request: HttpRequest, slug: str) -> HttpResponse:
    """All who let their names be shown. Not for search engines: it is a list of people."""
    public = _public(slug)
    if public.closed in {"withdrawn", "checked"}:
        raise Http404
    page = Paginator(listed_supporters(public.version), NAMES_ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        **_frame(request, slug),
        "appeal": public.appeal,
        "text": shown_text(public.publication, _language(), id_prefix="text-"),
        "page": page,
    }
    response = _kept_briefly(render(request, "campaigns/appeals/names.html", context))
    response["X-Robots-Tag"] = "noindex, noarchive"
    return response


def _public(slug: str) -> PublicAppeal:
    found = public_appeal(slug)
    if found is None:
        raise Http404
    return found


def _taken_off(request: HttpRequest, public: PublicAppeal) -> HttpResponse | None:
    """The answer while the words are off the site, since they are checked (503)."""
    row = taken_off_row(public.publication)
    return taken_off_page(request, row.since, _frame(request, public.appeal.slug)) if row else None


def _form(public: PublicAppeal, data: Any = None) -> SupportForm:
    return SupportForm(data, offered=offered_organisations(public.appeal), language=_language())


def _page(
    request: HttpRequest,
    public: PublicAppeal,
    form: SupportForm,
    *,
    code: str,
    why: str = "",
    status: int = 200,
) -> HttpResponse:
    context = {
        **_frame(request, public.appeal.slug, code),
        **appeal_context(public, _language(), code=code),
        "form": form,
        "action": appeal_path(public.appeal.slug, code),
        "stamp": new_stamp(FORM),
        "why": why,
    }
    return render(request, "campaigns/appeals/appeal.html", context, status=status)


def _frame(request: HttpRequest, slug: str, code: str = "") -> dict[str, Any]:
    languages = language_switch(slug, _language(), code=code)
    return {**hooks.frame_of(request), "light": True, "languages": languages}


def _kept_briefly(response: HttpResponse) -> HttpResponse:
    """For everyone the same, and asked for anew each time; a cache of ours keeps it for `KEPT_SECONDS`."""
    if response.status_code == 200:
        keep_for(response, KEPT_SECONDS)
        patch_cache_control(response, public=True, no_cache=True)
        same_for_everyone(response)
    return response


def _language() -> str:
    return (get_language() or "").partition("-")[0]
