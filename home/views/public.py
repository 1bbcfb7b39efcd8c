"""Public pages: news, facts, search, media."""

import mimetypes
import re
from collections.abc import AsyncGenerator
from functools import partial
from typing import Any
from uuid import UUID

from asgiref.sync import sync_to_async
from django.core.exceptions import SuspiciousOperation
from django.core.files.base import File
from django.core.files.storage import storages
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, QueryDict, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.http import urlencode
from django.utils.translation import get_language, gettext as _, override
from django.views.decorators.http import require_safe

from coalition.accounts.actions.admission import MEMBERSHIP, confirm_request, request_membership
from coalition.accounts.forms import RequestForm
from coalition.accounts.models import REGIONS, Language, RequestState
from coalition.accounts.naming import PUBLIC, display_name_for, may_see_name
from coalition.applicants.views import ApplyView, OwnPageView, SentView, private_response
from coalition.consent.files import may_open_name, while_open
from coalition.consent.storage import is_consented_name
from coalition.core.crypto import cache_decrypted
from coalition.storage.disk import StorageAway
from documents.facts.models import FactTopic, fact_words_for, in_all_languages
from documents.facts.queries import publications_using
from documents.publication.verification.findings import offline_page
from home.models import FoundKind, NewsByMail
from home.models.pages import PublicPage
from home.models.record import SubscriptionState
from home.news_mail import (
    NEWS,
    NewsByMailForm,
    TopicsForm,
    change_topics,
    confirm_news,
    end_news,
    request_news,
)
from home.public_page import frame_context
from home.queries import all_topics, frame_pages, home_page, news_index, news_page, site_languages, topics_of
from home.search.find import SearchFilter, SearchOutcome, count_in_other_languages, find_public
from home.search.members import find_for_member
from home.search.results import KINDS, build_results
from home.search.words import MAX_QUERY_LENGTH, Hit
from home.sections import fact_address, places_of, public_facts, versions_for_public
from home.share.texts import share_texts_for
from home.verification.pages import taken_off_at


@require_safe
def first_page(request: HttpRequest) -> HttpResponse:
    """Show the language's first page. This and the news list are loaded in one query each, like an
    article."""
    return _serve_page(request, home_page(get_language() or "kk"))


@require_safe
def news_list(request: HttpRequest) -> HttpResponse:
    """Show the news list."""
    return _serve_page(request, news_index(get_language() or "kk"))


@require_safe
def article(request: HttpRequest, slug: str) -> HttpResponse:
    """Show an article, loaded in one query: Wagtail's own routing takes nine. For a withdrawn publication
    show the note (410), for one that is off the site during verification a notice (503)."""
    language = get_language() or "kk"
    page = news_page(language, slug)
    if page is None and (since := taken_off_at(language, slug)):
        return offline_page(request, since, frame_context(request, language=language))
    return _serve_page(request, page)


def _serve_page(request: HttpRequest, page: PublicPage | None) -> HttpResponse:
    if page is None:
        raise Http404
    answer: HttpResponse = page.serve(request)
    return answer


@require_safe
def share_news(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the text to copy, of a public page; without JavaScript it is selected by hand."""
    language = get_language() or "kk"
    page = news_page(language, slug)
    if page is None or page.is_withdrawn():
        raise Http404
    translations = frame_pages(page).translations
    here = {code: f"{other.url}pass-on/" for code, other in translations.items()}
    around = {**frame_context(request, language=language, here=here), **page.manner}
    context = {**around, "page": page, "words": share_texts_for(page)}
    return render(request, "home/pass_on.html", context)


FACTS_ON_A_PAGE = 30


@require_safe
def facts(request: HttpRequest) -> HttpResponse:
    """List public, checked facts in use with words in the language; `?topic=`."""
    language, topic = get_language() or "kk", request.GET.get("topic", "")
    found = public_facts().filter(retired_at=None, checked__words__language=language).order_by("-pk")
    used = set(found.values_list("topic", flat=True).order_by())
    if topic in FactTopic.values:
        found = found.filter(topic=topic)
    page = Paginator(
        found.select_related("checked").prefetch_related("checked__words"), FACTS_ON_A_PAGE
    ).get_page(request.GET.get("page"))
    here = {code: f"/{code}/facts/" for code in site_languages()}
    context = {
        **frame_context(request, language=language, here=here),
        "rows": [
            {"words": words, "url": fact_address(fact, language)}
            for fact in page.object_list
            if (words := fact_words_for(fact.checked, language)) is not None
        ],
        "page": page,
        "topics": [(value, label) for value, label in FactTopic.choices if value in used],
        "topic": topic if topic in FactTopic.values else "",
    }
    return render(request, "home/facts.html", context)


@require_safe
def fact(request: HttpRequest, fact: UUID) -> HttpResponse:
    """Show a fact: its words, place and time, source, date of the check, earlier versions."""
    found = get_object_or_404(public_facts().select_related("owner"), uuid=fact)
    language = get_language() or "kk"
    version, *earlier = versions_for_public(found)
    said = {code for code, _name, words in in_all_languages(version) if words is not None}
    here = {code: fact_address(found, code) for code in site_languages() if code in said}
    owner = found.owner
    context = {
        **frame_context(request, language=language, here=here),
        "fact": found,
        "version": version,
        "words": fact_words_for(version, language),
        "is_missing": language not in said,
        "elsewhere": [(code, Language(code).label, url) for code, url in here.items() if code != language],
        "is_checked": version.pk == found.checked_id,
        "earlier": [
            {"words": words, "version": one} for one in earlier if (words := fact_words_for(one, language))
        ],
        "owner": display_name_for(PUBLIC, owner, language=language) if may_see_name(PUBLIC, owner) else "",
        "owner_slug": owner.slug if may_see_name(PUBLIC, owner) and owner.left_at is None else "",
        "places": [place for place in places_of(found) if place.language == language],
        "publications": publications_using(found),
    }
    return render(request, "home/fact.html", context)


ON_A_PAGE = 20


@require_safe
@cache_decrypted()
def search(request: HttpRequest) -> HttpResponse:
    """Search by `?q=&kind=&topic=&region=&year=&page=`. Any query answers 200."""
    language = get_language() or Language.KK
    text = " ".join(request.GET.get("q", "").replace("\0", " ").split())[:MAX_QUERY_LENGTH]
    narrowing = _search_filter(request)
    found = find_public(text, language, narrowing)
    query = f"?{urlencode({'q': text})}" if text else ""
    here = {code: f"/{code}/search/{query}" for code in site_languages()}
    page: Page[Hit] = Paginator(found.hits, ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        **frame_context(request, language=language, here=here),
        "text": text,
        "longest": MAX_QUERY_LENGTH,
        "news_url": f"/{language}/news/",
        "found": found,
        "page": page,
        "query": f"{_query(text, narrowing)}&" if text else "",
        "results": build_results(found, list(page), language),
        "elsewhere": [  # other languages with results, in their own names
            {"code": code, "name": Language(code).label, "count": number, "url": here[code]}
            for code, number in (count_in_other_languages(text, language) if text else {}).items()
            if code in here
        ],
        "members": find_for_member(request.user, text),
        **_choices(found, narrowing, text, language),
    }
    answer = render(request, "home/search.html", context)
    # Queries are private; members see more than others.
    patch_cache_control(answer, private=True, no_store=True)
    patch_vary_headers(answer, ["Cookie"])
    return answer


def _search_filter(request: HttpRequest) -> SearchFilter:
    """Return the filters; unknown kinds, regions and years are ignored."""
    kind, region, year = (request.GET.get(name, "") for name in ("kind", "region", "year"))
    return SearchFilter(
        kind=kind if kind in FoundKind.values else "",
        topic=request.GET.get("topic", "").replace("\0", "")[:60],
        region=region if region in REGIONS else "",
        year=year if len(year) == 4 and year.isascii() and year.isdigit() else "",
    )


def _query(text: str, narrowing: SearchFilter, **other: str) -> str:
    given = {"q": text, **vars(narrowing), **other}
    return urlencode({name: value for name, value in given.items() if value})


def _choices(found: SearchOutcome, narrowing: SearchFilter, text: str, language: str) -> dict[str, Any]:
    """Return tabs of kinds, and the form's choices, limited to those with results or selected."""
    kinds: dict[str, Any] = {"": _("Everything"), **KINDS}
    tabs = [
        {
            "label": label,
            "url": f"?{_query(text, narrowing, kind=kind)}",
            "current": narrowing.kind == kind,
            "count": found.kinds.get(kind, 0) if kind else sum(found.kinds.values()),
        }
        for kind, label in kinds.items()
        if not kind or found.kinds.get(kind) or narrowing.kind == kind
    ]
    return {
        "narrowing": narrowing,
        "tabs": tabs,
        "topics": list(topics_of(language)),
        "regions": [{"value": code, "label": name} for code, name in REGIONS.items()],
        "years": sorted({*found.years, narrowing.year} - {""}, reverse=True),
        "all_url": f"?{_query(text, SearchFilter())}",
    }


CHUNK = 64 * 1024  # bytes
MONTH = 30 * 24 * 3600  # seconds
_RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")


@require_safe
async def media(request: HttpRequest, path: str) -> HttpResponseBase:
    """Return a file of the public storage, or a byte range, as video players request.

    Names contain a hash or are unique, so that caches may keep them. Files under consent are sent by the gate
    alone, which is asked again while they are, and nothing keeps them.
    """
    is_consented, is_open = is_consented_name(path), partial(_may_open, request, path)
    if is_consented and not await sync_to_async(is_open)():
        raise Http404
    try:
        file = await sync_to_async(storages["public"].open)(path, "rb")
    except StorageAway:  # not a 404: it may exist
        raise
    except (OSError, SuspiciousOperation, ValueError) as error:  # ValueError: a null byte in the path
        raise Http404 from error
    kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
    part = _byte_range(request.headers.get("Range", ""), file.size)
    if part is None:
        await sync_to_async(file.close)()
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{file.size}"})
    first, end = part
    chunks = _iter_chunks(file, first, end)
    response = StreamingHttpResponse(
        while_open(chunks, is_open) if is_consented else chunks, content_type=kind
    )
    if (first, end) != (0, file.size):
        response.status_code = 206
        response["Content-Range"] = f"bytes {first}-{end - 1}/{file.size}"
    response["Content-Length"] = str(end - first)
    response["Accept-Ranges"] = "bytes"
    response["Cache-Control"] = "private, no-store" if is_consented else f"public, max-age={MONTH}, immutable"
    return response


def _may_open(request: HttpRequest, path: str) -> bool:
    """Whether a file under consent may be sent: to everybody, or to those who work in the newsroom."""
    return may_open_name(path, is_worked_with=lambda: request.user.has_perm("wagtailadmin.access_admin"))


def _byte_range(asked: str, size: int) -> tuple[int, int] | None:
    """Return first byte and end of the range; the whole for anything but a single range; None if outside.

    RFC 9110, 14.1.2: an invalid range is ignored.
    """
    found = _RANGE.fullmatch(asked.strip())
    if found is None or not any(found.groups()):
        return 0, size
    first, last = found.groups()
    if not first:  # a suffix range
        return (max(0, size - int(last)), size) if int(last) and size else None
    if last and int(last) < int(first):
        return 0, size
    end = min(int(last) + 1, size) if last else size
    return (int(first), end) if int(first) < size else None


async def _iter_chunks(file: File, first: int, end: int) -> AsyncGenerator[bytes]:
    left = end - first
    try:
        await sync_to_async(file.seek)(first)
        while left > 0 and (chunk := await sync_to_async(file.read)(min(CHUNK, left))):
            left -= len(chunk)
            yield chunk
    finally:
        await sync_to_async(file.close)()


class StepMixin:
    """A page of a form in steps, all in one template.

    `first_page` names the URL of the first step, to which the language switch links: a mailed link is
    for one language.
    """

    request: HttpRequest
    template_name: str
    first_page: str
    step = ""

    def get_subject(self) -> Any:
        return None

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        here = {}
        for code in site_languages():
            with override(code):
                here[code] = reverse(self.first_page)
        language = get_language() or Language.KK
        return {**frame_context(self.request, language=language, here=here), "step": self.step, **context}

    def step_page(self, step: str, *, status: int = 200, **context: Any) -> HttpResponse:
        context = self.get_context_data(step=step, **context)
        return render(self.request, self.template_name, context, status=status)


class MembershipMixin(StepMixin):
    template_name = "home/membership.html"
    first_page = "membership"


class MembershipRequestView(MembershipMixin, ApplyView):
    """Information on membership, and the form."""

    form_class = RequestForm
    throttle = "membership"
    step = "form"

    def apply(self, form: RequestForm) -> None:
        request_membership(language=get_language() or Language.KK, **form.cleaned_data)

    def success_url(self) -> str:
        return reverse("membership_sent")


class MembershipSentView(MembershipMixin, SentView):
    step = "sent"


class MembershipConfirmView(MembershipMixin, OwnPageView):
    """The page of the mailed link, which works once."""

    flow = MEMBERSHIP
    actions = {"confirm": "confirm"}
    step = "confirm"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        found = self.flow.find(kwargs["token"])
        if found is None or found.state != RequestState.UNCONFIRMED:
            return private_response(self.step_page("nothing", status=404))
        return super().dispatch(request, *args, **kwargs)

    def confirm(self) -> HttpResponse:
        confirm_request(request=self.applicant)
        return self.step_page("done")


class NewsMixin(StepMixin):
    template_name = "home/news_by_mail.html"
    first_page = "news_by_mail"


class NewsSubscribeView(NewsMixin, ApplyView):
    form_class = NewsByMailForm
    throttle = "news-by-mail"
    step = "form"

    def form_kwargs(self) -> dict[str, Any]:
        return {"topics": all_topics(get_language() or Language.KK)}

    def apply(self, form: NewsByMailForm) -> None:
        request_news(**{"topics": [], **form.cleaned_data}, language=get_language() or Language.KK)

    def success_url(self) -> str:
        return reverse("news_by_mail_sent")


class NewsSentView(NewsMixin, SentView):
    step = "sent"


class NewsSubscriptionView(NewsMixin, OwnPageView):
    """One subscription: confirm it, change its topics, end it."""

    flow = NEWS
    actions = {"confirm": "confirm", "topics": "change_topics", "end": "end"}
    applicant: NewsByMail

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return super().dispatch(request, *args, **kwargs)
        except Http404:
            return private_response(self.unknown_page())

    def unknown_page(self) -> HttpResponse:
        return self.step_page("nothing", status=404)

    def topics_form(self, data: QueryDict | None = None) -> TopicsForm:
        topics = all_topics(self.applicant.language)
        return TopicsForm(data, initial={"topics": self.applicant.topics}, topics=topics)

    def page(self, *, refusal: str = "", status: int = 200) -> HttpResponse:
        step = "own" if self.applicant.state == SubscriptionState.CONFIRMED else "confirm"
        context = {"applicant": self.applicant, "form": self.topics_form(), "refusal": refusal}
        return self.step_page(step, status=status, **context)

    def confirm(self) -> None:
        confirm_news(subscription=self.applicant)

    def change_topics(self) -> HttpResponse:
        form = self.topics_form(self.request.POST)
        if changed := form.is_valid():
            change_topics(subscription=self.applicant, topics=form.cleaned_data.get("topics", []))
        return self.step_page("own", applicant=self.applicant, form=form, changed=changed)

    def end(self) -> HttpResponse:
        end_news(subscription=self.applicant)
        return self.step_page("ended")


class NewsUnsubscribeView(NewsSubscriptionView):
    """Unsubscribe by one POST, as mail programs send it (RFC 8058); GET shows the button."""

    def unknown_page(self) -> HttpResponse:
        return self.step_page("ended" if self.request.method == "POST" else "nothing", status=404)

    def page(self, *, refusal: str = "", status: int = 200) -> HttpResponse:
        return self.step_page("end", status=status, applicant=self.applicant)

    def post(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        return self.end()
