"""The pages of a flow: the form, the page that says a mail is on its way, and the page behind the link."""

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.translation import get_language_from_path, override
from django.views import View
from django.views.decorators.cache import never_cache

from coalition.applicants.flow import Flow
from coalition.applicants.models import Applicant
from coalition.applicants.token_pages import private_response
from coalition.core.errors import Refused
from coalition.core.throttling import TooMany, too_often


class SubjectView(View):
    """A page about what one applies for."""

    template_name: str
    subject: Any

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.subject = self.get_subject()

    def get_subject(self) -> Any:
        """Return what one applies for, from `self.kwargs`. Raises Http404."""
        raise NotImplementedError

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        return context


@method_decorator(never_cache, name="dispatch")
class ApplyView(SubjectView):
    """The form. Known and unknown addresses get the same answer; what was typed stays in it.

    Subclasses set the attributes and say what the form is about (`get_subject`), why it is closed
    (`closed_reason`, "" while open) and what follows from it (`apply`). The template gets `form`, `closed`
    (the reason), `too_often`, and `shows_form`: while open, and once something was typed.
    """

    form_class: type[forms.Form]
    throttle: str  # key of the counter per network
    http_method_names = ["get", "head", "post"]

    def closed_reason(self) -> str:
        """Return a code for why nobody can apply now, "" while it is open."""
        return ""

    def form_kwargs(self) -> dict[str, Any]:
        return {}

    def get_form(self, data: QueryDict | None = None) -> forms.Form | None:
        """Return the form; None where it is not shown yet, and where nothing can be sent."""
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
        closed = self.closed_reason()
        if too_often(request, self.throttle):
            return self.page(form, is_too_often=True, status=429)
        if not form.is_valid() or closed:
            return self.page(form, closed=closed, status=409 if closed else 422)
        try:
            self.apply(form)
        except TooMany:
            return self.page(form, is_too_often=True, status=429)
        except Refused as refusal:
            form.add_error(None, refusal.message)
            return self.page(form, closed=self.closed_reason(), status=409)
        return redirect(self.success_url())

    def page(
        self, form: forms.Form | None, *, closed: str = "", is_too_often: bool = False, status: int = 200
    ) -> HttpResponse:
        shows_form = form is not None and (form.is_bound or not closed)
        context = self.get_context_data(
            form=form, closed=closed, too_often=is_too_often, shows_form=shows_form
        )
        return render(self.request, self.template_name, context, status=status)


@method_decorator(never_cache, name="dispatch")
class SentView(SubjectView):
    """What follows the form: if the address can get mail, a link is on its way."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        return render(request, self.template_name, self.get_context_data())


class OwnPageView(View):
    """The page behind the link, in the language of the mail. GET shows, POST acts.

    `actions` maps values of the button `act` to methods of the view, which call an action with
    `self.applicant` and return None (back to the page) or a response; Refused is shown on the page. The
    template gets `applicant` and `refusal`; after `deleted_page`, `deleted` alone. A subclass may annotate
    `applicant` with its own model.
    """

    flow: Flow[Any]
    template_name: str
    actions: dict[str, str]
    http_method_names = ["get", "head", "post"]
    applicant: Applicant

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        found = self.flow.find(kwargs["token"])
        if found is None:
            raise Http404
        self.applicant = found
        # That of the address is that of the mail: who asks again in another language gets their mail in it.
        language = get_language_from_path(request.path_info) or found.language
        with override(language):
            return private_response(super().dispatch(request, *args, **kwargs), language=language)

    def get(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        return self.page()

    def post(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
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
        """Return the page that says that nothing of the person is left."""
        return render(self.request, self.template_name, {"deleted": True})
