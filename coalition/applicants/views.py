"""Views of applications: the form, the page after it, the page behind the link.

A visitor without a session has no rights that a foreign page could abuse, but a foreign page could
make its visitors post from their own networks. So a post must come from our own page according to
the browser (`Sec-Fetch-Site`, or `Origin` in older ones). It carries the minute in which the page
was rendered, signed. A field that people do not see must be empty. A client that sends neither
header is not a recent browser: only the stamp is checked.

The form includes `components/anonymous_post.html` with `stamp` from `new_stamp`.

There is no minimum time between rendering and posting: a cached page is older than it looks.
"""

import datetime
import enum
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, render
from django.utils.cache import add_never_cache_headers
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.translation import get_language_from_path, gettext as _, override
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from coalition.applicants.flow import Flow
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.core.throttling import MOST_FROM_ONE_PLACE, TooManyRequests, is_rate_limited

MAX_STAMP_AGE = datetime.timedelta(hours=24)  # maximum age of a page
MAX_CLOCK_SKEW = datetime.timedelta(minutes=2)  # clock difference between two servers
MINUTE = 60  # seconds
MAX_STAMP_LENGTH = 64  # letters


class PostVerdict(enum.Enum):
    """Verdict on a post."""

    ACCEPTED = "accepted"
    FOREIGN = "foreign"  # from another or an unknown site: refuse with a message
    STALE = "stale"  # stamp missing or old: display the form again, with the data
    TRAPPED = "trapped"  # by a bot that fills every field: answer as if it were accepted, store nothing


def new_stamp(purpose: str) -> str:
    """Return the signed minute for a page rendered now. `purpose` separates forms."""
    minute = int(now().timestamp()) // MINUTE
    return f"{minute:x}.{_signature(purpose, minute)}"


def judge_post(request: HttpRequest, purpose: str) -> PostVerdict:
    """Return the verdict on a post to such a form."""
    if not is_from_own_page(request):
        return PostVerdict.FOREIGN
    if request.POST.get("leave_empty", ""):
        return PostVerdict.TRAPPED
    if not is_fresh(request.POST.get("stamp", ""), purpose):
        return PostVerdict.STALE
    return PostVerdict.ACCEPTED


def is_from_own_page(request: HttpRequest) -> bool:
    """Whether the browser's headers say so, or the browser is too old to send them."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in {"same-origin", "none"}  # none: user-initiated, such as a reload
    origin = request.headers.get("Origin")
    return origin is None or origin == f"{request.scheme}://{request.get_host()}".lower()


def is_fresh(stamp: str, purpose: str) -> bool:
    """Whether the stamp is valid and at most `MAX_STAMP_AGE` old."""
    written, _dot, signature = stamp[:MAX_STAMP_LENGTH].partition(".")
    try:
        minute = int(written, 16)
    except ValueError:
        return False
    if not constant_time_compare(signature, _signature(purpose, minute)):
        return False
    age = now().timestamp() - minute * MINUTE
    return -MAX_CLOCK_SKEW.total_seconds() <= age <= MAX_STAMP_AGE.total_seconds()


def _signature(purpose: str, minute: int) -> str:
    words = f"{purpose}:{minute}"
    return salted_hmac("coalition.applicants.anonymous_post", words, algorithm="sha256").hexdigest()[:32]


# "no-referrer" would hide the URL too, but then browsers send the form with `Origin: null`, which
# the CSRF check refuses.
REFERRER_POLICY = "strict-origin"


def private_response[R: HttpResponseBase](response: R, *, language: str = "") -> R:
    """Set the headers of such a page. `language`: that of the page, if it is the mail's."""
    response["Cache-Control"] = "no-store, private"
    response["Referrer-Policy"] = REFERRER_POLICY
    response["X-Robots-Tag"] = "noindex"
    if language:
        response["Content-Language"] = language
    return response


class SubjectView(View):
    """Base view of a page about the subject of an application."""

    template_name: str
    subject: Any

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.subject = self.get_subject()

    def get_subject(self) -> Any:
        """Return the subject of the application, from `self.kwargs`. Raises Http404."""
        raise NotImplementedError

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        return context


class ApplyView(SubjectView):
    """The form. Known and unknown addresses get the same answer; submitted data stay in it.

    Subclasses set the attributes and implement `get_subject` (the subject), `closed_reason` ("" while
    open) and `apply` (the action). The template gets `form`, `closed` (the reason), `why` (why a post
    was refused, "": too_often, foreign, stale, changed), `too_often`, and `shows_form`: while open, and
    once data were submitted.

    With `most_posts_from_one_place`, posts with mistakes count against that number alone, and
    `most_from_one_place` counts forms without mistakes.

    With `anonymous_post`, the purpose of its stamps, the form is on a page that may be cached
    (`coalition.applicants.views`): no session, no CSRF cookie. The template then includes
    `components/anonymous_post.html` with `stamp`, and `get` sets what is cached; posts never are.
    """

    form_class: type[forms.BaseForm]
    throttle: str  # cache key of the counter per network
    most_from_one_place = MOST_FROM_ONE_PLACE  # an hour
    most_posts_from_one_place = 0  # an hour; 0: every post counts against most_from_one_place
    anonymous_post = ""
    http_method_names = ["get", "head", "post"]

    @classmethod
    def as_view(cls, **initkwargs: Any) -> Any:
        view = super().as_view(**initkwargs)
        return csrf_exempt(view) if cls.anonymous_post else view

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = super().dispatch(request, *args, **kwargs)
        if request.method == "POST" or not self.anonymous_post:
            add_never_cache_headers(response)
        return response

    def closed_reason(self) -> str:
        """Return a code of the reason why applications are closed, "" while open."""
        return ""

    def is_changed(self) -> bool:
        """Whether the subject has changed since the posted page was rendered."""
        return False

    def is_rate_limited(self) -> bool:
        """Count a request; return whether its network has sent too many within an hour."""
        return is_rate_limited(self.request, self.throttle, self.most_from_one_place)

    def is_flooding(self) -> bool:
        """Count the post; return whether its network has posted too often within an hour."""
        if not self.most_posts_from_one_place:
            return self.is_rate_limited()
        return is_rate_limited(self.request, f"{self.throttle}:posts", self.most_posts_from_one_place)

    def form_kwargs(self) -> dict[str, Any]:
        return {}

    def get_form(self, data: QueryDict | None = None) -> forms.BaseForm | None:
        """Return the form; None where it is not displayed yet or nothing can be sent."""
        return self.form_class(data, **self.form_kwargs())

    def apply(self, form: Any) -> None:
        """Call the action. Raises TooMany, Refused."""
        raise NotImplementedError

    def success_url(self) -> str:
        raise NotImplementedError

    def get(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        return self.page(self.get_form(), closed=self.closed_reason())

    def post(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        form = self.get_form(request.POST)
        if form is None:
            raise Http404
        if self.is_flooding():
            return self.page(form, closed=self.closed_reason(), why="too_often", status=429)
        if (answer := self.judged(form) or self.closed_or_changed(form)) is not None:
            return answer
        if not form.is_valid():
            return self.page(form, status=422)
        if self.most_posts_from_one_place and self.is_rate_limited():
            return self.page(form, why="too_often", status=429)
        try:
            self.apply(form)
        except TooManyRequests:
            return self.page(form, why="too_often", status=429)
        except Refused as refusal:
            return self.refused(form, refusal)
        return redirect(self.success_url())

    def judged(self, form: forms.BaseForm) -> HttpResponse | None:
        """Return the response to a refused anonymous post; None if it is accepted."""
        verdict = judge_post(self.request, self.anonymous_post) if self.anonymous_post else None
        if verdict is PostVerdict.FOREIGN:
            return self.page(form, closed=self.closed_reason(), why="foreign", status=403)
        if verdict is PostVerdict.TRAPPED:
            return HttpResponseRedirect(self.success_url())
        if verdict is PostVerdict.STALE:
            return self.page(form, closed=self.closed_reason(), why="stale", status=409)
        return None

    def closed_or_changed(self, form: forms.BaseForm) -> HttpResponse | None:
        """Return the response if it was closed or changed after the page was rendered; None if neither."""
        closed = self.closed_reason()
        if closed or self.is_changed():
            return self.page(form, closed=closed, why="" if closed else "changed", status=409)
        return None

    def refused(self, form: forms.BaseForm, refusal: Refused) -> HttpResponse:
        """Render the refusal of the action."""
        form.add_error(None, refusal.message)
        return self.page(form, closed=self.closed_reason(), status=409)

    def page(
        self, form: forms.BaseForm | None, *, closed: str = "", why: str = "", status: int = 200
    ) -> HttpResponse:
        shows_form = form is not None and (form.is_bound or not closed)
        context = self.get_context_data(
            form=form, closed=closed, why=why, too_often=why == "too_often", shows_form=shows_form
        )
        if self.anonymous_post:
            context["stamp"] = new_stamp(self.anonymous_post)
        return render(self.request, self.template_name, context, status=status)


@method_decorator(never_cache, name="dispatch")
class SentView(SubjectView):
    """The page after the form: a link is on its way if the address can get mail."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        return render(request, self.template_name, self.get_context_data())


class OwnPageView(View):
    """The page behind the link, in the language of the mail. GET displays, POST acts.

    The link identifies the applicant, so a POST needs no cookie: in-app browsers may store none. Posts
    from other sites are refused all the same (`is_from_own_page`).

    `actions` maps values of the button `act` to methods of the view, which call an action with
    `self.applicant` and return None (back to the page) or a response; Refused is displayed on the page.
    The template gets `applicant` and `refusal`; after `deleted_page`, `deleted` alone.
    """

    flow: Flow[Any]
    template_name: str
    actions: dict[str, str]
    http_method_names = ["get", "head", "post"]

    @classmethod
    def as_view(cls, **initkwargs: Any) -> Any:
        return csrf_exempt(super().as_view(**initkwargs))

    @cached_property
    def applicant(self) -> Any:
        """Return the applicant of the link. Raises Http404."""
        found = self.flow.find(self.kwargs["token"])
        if found is None:
            raise Http404
        return found

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        # The URL's language is the mail's: a repeated request in another language is mailed in that one.
        language = get_language_from_path(request.path_info) or self.applicant.language
        with override(language):
            return private_response(super().dispatch(request, *args, **kwargs), language=language)

    def get(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        return self.page()

    def post(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        if not is_from_own_page(request):
            words = _("This did not come from our own page. Press the button once more.")
            return self.page(refusal=words, status=403)
        method = self.actions.get(request.POST.get("act", ""))
        if method is None:
            return self.page(status=400)
        try:
            answer = getattr(self, method)()
        except Refused as refusal:
            return self.page(refusal=refusal.message, status=409)
        return answer if isinstance(answer, HttpResponse) else redirect(request.path)

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        return context

    def page(self, *, refusal: str = "", status: int = 200) -> HttpResponse:
        context = self.get_context_data(applicant=self.applicant, refusal=refusal)
        return render(self.request, self.template_name, context, status=status)

    def deleted_page(self) -> HttpResponse:
        """Return the page that confirms that all data of the person were deleted."""
        return render(self.request, self.template_name, {"deleted": True})
