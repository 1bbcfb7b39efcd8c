"""The page behind a single-use code: the first words of the appeal, and one press that counts.

GET shows, POST counts. The code is the right to support once; nothing is asked and nothing stored about the
person. Posts are judged as those of the appeal's own form (`coalition.applicants.views.judge_post`).
"""

from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.decorators import method_decorator
from django.utils.timezone import localdate
from django.utils.translation import get_language, override
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from coalition.accounts.middleware import reading_language
from coalition.applicants.views import PostVerdict, judge_post, new_stamp, private_response
from coalition.campaigns.appeals.models import AppealVersion
from coalition.campaigns.appeals.public_presenters import share_links, shown_text
from coalition.campaigns.appeals.public_queries import closed_reason, newest_words_at
from coalition.campaigns.in_person.actions.codes import (
    CODE_WORDS,
    find_code,
    state_of_code,
    supported_version,
    use_code,
)
from coalition.campaigns.in_person.enums import CodeState
from coalition.campaigns.in_person.models import TableCode
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.core.throttling import TooManyRequests, is_rate_limited
from documents import hooks

FORM: Final = "campaigns.table_support"  # purpose of its stamps
MOST_FROM_ONE_PLACE: Final = 3000  # an hour and network: mobile carriers put thousands behind one address
GONE: Final = 410


@never_cache
@require_safe
def scanned(request: HttpRequest, code: str) -> HttpResponse:
    """Lead from the short address in the QR code to the page in the reader's language. Counts nothing."""
    language, row = reading_language(request), find_code(code)
    with override(language):
        if row is None:
            response: HttpResponse = _closed(request, "", str(CODE_WORDS[CodeState.UNKNOWN]), GONE)
        else:
            path = reverse("table_support", args=[row.table.appeal.slug, code.upper()])
            response = HttpResponseRedirect(path)
    patch_vary_headers(response, ("Accept-Language", "Cookie"))
    return private_response(response)


@method_decorator(csrf_exempt, name="dispatch")
class TableSupportView(View):
    """The page of one code."""

    http_method_names = ["get", "head", "post"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.slug, self.code = kwargs["slug"], kwargs["code"]
        return private_response(super().dispatch(request, *args, **kwargs))

    def get(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        if is_rate_limited(request, "table_support", MOST_FROM_ONE_PLACE):
            return self.closed(TooManyRequests().message, 429)
        return self.page()

    def post(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        if is_rate_limited(request, "table_support", MOST_FROM_ONE_PLACE):
            return self.closed(TooManyRequests().message, 429)
        verdict = judge_post(request, FORM)
        if verdict is PostVerdict.TRAPPED:
            return redirect("table_supported", self.slug)
        if verdict is not PostVerdict.ACCEPTED:
            is_foreign = verdict is PostVerdict.FOREIGN
            return self.page(why=verdict.value, status=403 if is_foreign else 409)
        if self.row is None:
            return self.page(status=409)
        try:
            use_code(code=self.code, version=request.POST.get("version", ""))
        except Refused as refusal:
            return self.page(refusal=refusal.message, status=409)
        return redirect("table_supported", self.slug)

    @property
    def row(self) -> TableCode | None:
        """The code, if it belongs to the appeal in the address."""
        row = find_code(self.code)
        return row if row is not None and row.table.appeal.slug == self.slug else None

    def page(self, *, why: str = "", refusal: str = "", status: int = 200) -> HttpResponse:
        row = self.row
        state = state_of_code(row)
        if row is None or state != CodeState.WAITING:
            return self.closed(str(CODE_WORDS[state]), GONE if status == 200 else status)
        try:
            version = supported_version(row)
        except Refused as refused:
            return self.closed(refused.message, GONE if status == 200 else status)
        words = newest_words_at(self.slug)
        if words is None or words.pk != version.pk:  # withdrawn between two queries
            return self.closed(refusal, 409)
        context = {
            **_frame(self.request),
            **_words_of(words),
            "code": self.code,
            "stamp": new_stamp(FORM),
            "why": why,
            "refusal": refusal,
        }
        return render(self.request, "campaigns/in_person/support.html", context, status=status)

    def closed(self, words: str, status: int) -> HttpResponse:
        return _closed(self.request, self.slug, words, status)


@require_safe
def supported(request: HttpRequest, slug: str) -> HttpResponse:
    """The page after the press. It says nothing of who pressed, and counts nothing."""
    words = newest_words_at(slug)
    context: dict[str, Any] = {**_frame(request), "slug": slug, "is_public": words is not None}
    if words is not None:
        shown = _words_of(words)
        context |= shown | {"share": share_links(slug, shown["text"].title), "appeal": words.appeal}
    return private_response(render(request, "campaigns/in_person/supported.html", context))


def _words_of(version: AppealVersion) -> dict[str, Any]:
    appeal, language = version.appeal, (get_language() or "").partition("-")[0]
    return {
        "slug": appeal.slug,
        "version": version,
        "text": shown_text(version.publication, language, id_prefix="text-"),
        "has_official": bool(appeal.official_number or appeal.official_url),
    }


def _closed(request: HttpRequest, slug: str, words: str, status: int) -> HttpResponse:
    version = newest_words_at(slug) if slug else None
    is_open = version is not None and not closed_reason(version, localdate(now()))
    context = {**_frame(request), "slug": slug, "is_public": version is not None, "is_open": is_open}
    context["words"] = words
    return render(request, "campaigns/in_person/code_closed.html", context, status=status)


def _frame(request: HttpRequest) -> dict[str, Any]:
    return {**hooks.site_frame_context(request), "light": True, "languages": []}
