"""The public page of an appeal: from caches while thousands support it.

Nothing on it belongs to one reader: no session, no CSRF cookie (`ApplyView.anonymous_post`).
"""

from typing import Any, Final

from allauth.account.adapter import get_adapter
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.functional import cached_property
from django.utils.timezone import localdate
from django.utils.translation import get_language
from django.views import View
from django.views.decorators.http import require_safe

from coalition.applicants.views import ApplyView
from coalition.campaigns.appeals.actions.support import ask_to_support
from coalition.campaigns.appeals.forms.support import SupportForm
from coalition.campaigns.appeals.models import AppealVersion
from coalition.campaigns.appeals.next_steps import next_steps_of
from coalition.campaigns.appeals.public_presenters import (
    appeal_context,
    appeal_path,
    language_switch,
    shown_text,
)
from coalition.campaigns.appeals.public_queries import (
    PublicAppeal,
    closed_reason,
    is_code_of,
    listed_supporters,
    newest_version_at,
    off_site_row,
    offered_organisations,
    public_appeal,
    shows_title,
)
from coalition.campaigns.appeals.signals import place_of
from coalition.campaigns.appeals.titles import title_of
from coalition.campaigns.counters.columns import CACHE_SECONDS
from coalition.core.clock import freeze_clock, now
from coalition.core.errors import Refused
from coalition.http.responses import limit_proxy_age, same_for_everyone
from coalition.mail.outbox import oldest_wait_minutes
from documents import hooks
from documents.publication.verification.findings import offline_page

FORM: Final = "campaigns.support"  # purpose of its stamps
MOST_FROM_ONE_PLACE: Final = 3000  # an hour and network: mobile carriers put thousands behind one address
NAMES_ON_A_PAGE: Final = 200


class AppealView(ApplyView):
    """GET shows the appeal with its form, POST asks for support. With `code`, a referral code is credited."""

    template_name = "campaigns/appeals/appeal.html"
    form_class = SupportForm
    throttle = "support"
    most_from_one_place = MOST_FROM_ONE_PLACE
    anonymous_post = FORM

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        View.setup(self, request, *args, **kwargs)  # a page that is kept needs no subject
        self.slug, self.code = kwargs["slug"], kwargs.get("code", "")

    @cached_property
    def subject(self) -> PublicAppeal:
        """With the whole text."""
        return _public(self.slug)

    @cached_property
    def version(self) -> AppealVersion:
        """What a post needs of it."""
        return _version(self.slug)

    def get(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        return _cached_briefly(self.render_empty_form())

    def render_empty_form(self) -> HttpResponse:
        """Return the page with an empty form."""
        self.version = self.subject.version
        if self.code and not is_code_of(self.code, self.subject.appeal):
            return redirect("support_appeal", self.slug)
        return self.page(self.get_form(), closed=self.closed_reason())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with freeze_clock():
            return super().post(request, *args, **kwargs)

    def closed_or_changed(self, form: Any) -> HttpResponse | None:
        """The action asks it of what is typed well: to ask twice would take a tenth of the time."""
        return None if form.is_valid() else super().closed_or_changed(form)

    def refused(self, form: Any, refusal: Refused) -> HttpResponse:
        return super().closed_or_changed(form) or super().refused(form, refusal)

    def page(self, form: Any, **shown: Any) -> HttpResponse:
        return _page_while_checked(self.request, self.version) or super().page(form, **shown)

    def closed_reason(self) -> str:
        return closed_reason(self.version, localdate(now()))

    def is_changed(self) -> bool:
        return self.request.POST.get("version") != str(self.version.uuid)

    def form_kwargs(self) -> dict[str, Any]:
        return {"offered": lambda: offered_organisations(self.version.appeal), "language": _language()}

    def apply(self, form: SupportForm) -> None:
        place = place_of(get_adapter().get_client_ip(self.request))
        asking = form.asking(place=place, code=self.code)
        ask_to_support(slug=self.slug, version=self.request.POST.get("version", ""), asking=asking)

    def success_url(self) -> str:
        if self.code:
            return reverse("support_sent_from", args=[self.slug, self.code])
        return reverse("support_sent", args=[self.slug])

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        return {
            **context,
            **_frame(self.request, self.slug, self.code),
            **appeal_context(self.subject, _language(), code=self.code),
            "action": appeal_path(self.slug, self.code),
            "next_steps": next_steps_of(self.subject.appeal, self.code),
        }


@require_safe
def sent(request: HttpRequest, slug: str, code: str = "") -> HttpResponse:
    """A mail is on its way; how long mails take now, if anything is known about it. With `code`, its links
    credit a referral code."""
    version = _version(slug)
    if code and not is_code_of(code, version.appeal):
        return redirect("support_sent", slug)
    context = {
        **_frame(request, slug, code),
        "appeal": version.appeal,
        "title": title_of(version.publication) if shows_title(version, localdate(now())) else "",
        "minutes": oldest_wait_minutes(),
        "next_steps": next_steps_of(version.appeal, code),
        "appeal_url": appeal_path(slug, code),
    }
    return _cached_briefly(render(request, "campaigns/appeals/sent.html", context))


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
    response = _cached_briefly(render(request, "campaigns/appeals/names.html", context))
    response["X-Robots-Tag"] = "noindex, noarchive"
    return response


def _public(slug: str) -> PublicAppeal:
    found = public_appeal(slug)
    if found is None:
        raise Http404
    return found


def _version(slug: str) -> AppealVersion:
    found = newest_version_at(slug)
    if found is None:
        raise Http404
    return found


def _page_while_checked(request: HttpRequest, version: AppealVersion) -> HttpResponse | None:
    """The answer while the words are off the site, since they are checked (503)."""
    row = off_site_row(version)
    return offline_page(request, row.since, _frame(request, version.appeal.slug)) if row else None


def _frame(request: HttpRequest, slug: str, code: str = "") -> dict[str, Any]:
    languages = language_switch(slug, _language(), code=code)
    return {**hooks.site_frame_context(request), "light": True, "languages": languages}


def _cached_briefly(response: HttpResponse) -> HttpResponse:
    """For everyone the same, and asked for anew each time; a cache of ours keeps it for `CACHE_SECONDS`."""
    if response.status_code == 200:
        limit_proxy_age(response, CACHE_SECONDS)
        patch_cache_control(response, public=True, no_cache=True)
        same_for_everyone(response)
    return response


def _language() -> str:
    return (get_language() or "").partition("-")[0]
