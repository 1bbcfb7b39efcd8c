"""Ask for a screening, and one's own request: without an account."""

from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.timezone import localdate
from django.utils.translation import get_language, gettext as _, override

from coalition.applicants.views import ApplyView, OwnPageView, SentView
from coalition.campaigns.screenings.actions import (
    CLOSED,
    MAY_CHANGE,
    change_request,
    confirm_request,
    request_screening,
    withdraw_request,
)
from coalition.campaigns.screenings.enums import PROVED, ScreeningState
from coalition.campaigns.screenings.films import Film, films_by_key, is_on_site
from coalition.campaigns.screenings.flow import SCREENINGS, ended_requests, title_for, viewing_link_for
from coalition.campaigns.screenings.forms import ChangeForm, RequestForm, initial_of
from coalition.campaigns.screenings.models import ScreeningRequest
from coalition.campaigns.screenings.presenters import state_of
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.core.localized_text import content_languages, language_codes
from documents import hooks

FORM: Final = "campaigns.screenings"  # purpose of its stamps
MOST_POSTS: Final = 100  # an hour from one network, with mistakes


class FilmMixin:
    """Pages about the film of the address, in its language. Without one on the site they are not there."""

    request: HttpRequest
    kwargs: dict[str, Any]
    subject: Film

    @cached_property
    def films(self) -> dict[str, Film]:
        """Return the film's languages that consent allows on the site."""
        key: UUID = self.kwargs["film"]
        found = films_by_key([key]).get(key, {})
        return {code: found[code] for code in language_codes() if code in found and is_on_site(found[code])}

    def get_subject(self) -> Film:
        film = self.films.get((get_language() or "")[:2])
        if film is None:
            raise Http404
        return film

    def frame(self, url_name: str) -> dict[str, Any]:
        """Return the context of the site's frame, with this page in the other languages of the film."""
        languages = []
        for code, name in content_languages():
            if code in self.films:
                with override(code):
                    url = reverse(url_name, args=[self.subject.key])
                own = code == self.subject.language
                languages.append({"code": code, "name": name, "url": url, "current": own})
        return {
            **hooks.site_frame_context(self.request),
            "light": True,
            "safe_exit": settings.SAFE_EXIT_URL,
            "languages": languages,
            "film": self.subject,
        }


class AskView(FilmMixin, ApplyView):
    """The form."""

    template_name = "campaigns/screenings/ask.html"
    throttle = "screenings"
    most_posts_from_one_place = MOST_POSTS
    anonymous_post = FORM
    subject: Film

    def closed_reason(self) -> str:
        return "closed" if self.subject.workspace is None else ""

    def get_form(self, data: QueryDict | None = None) -> RequestForm:
        return RequestForm(
            data, film=self.subject, languages=list(self.films), initial={"language": self.subject.language}
        )

    def apply(self, form: RequestForm) -> None:
        film = self.films[form.cleaned_data["language"]]
        request_screening(film=film, **form.cleaned_data)

    def success_url(self) -> str:
        return reverse("ask_for_screening_sent", args=[self.subject.key])

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        closed = str(CLOSED) if context["closed"] else ""
        why = {
            "too_often": _("That was too often for one hour. Try again later."),
            "foreign": _("This did not come from our own page. Press the button once more."),
            "stale": _("This page stood open for long. Press the button once more."),
        }.get(context["why"], "")
        return {**self.frame("ask_for_screening"), **context, "closed": closed, "why": why}


class AskedView(FilmMixin, SentView):
    """A link is on its way."""

    template_name = "campaigns/screenings/sent.html"
    subject: Film

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        return {**self.frame("ask_for_screening_sent"), **context}


class OwnScreeningView(OwnPageView):
    """The request's own page: prove it, read the answer, change it, withdraw it."""

    flow = SCREENINGS
    template_name = "campaigns/screenings/own.html"
    actions = {"confirm": "confirm", "change": "save_changes", "withdraw": "withdraw"}
    applicant: ScreeningRequest
    form: ChangeForm | None = None

    def confirm(self) -> None:
        confirm_request(request=self.applicant)
        messages.success(self.request, _("Thank you: your request is confirmed."))

    def save_changes(self) -> HttpResponse | None:
        self.form = ChangeForm(self.request.POST, youngest=_youngest(self.applicant))
        if not self.form.is_valid():
            return self.page(status=422)
        try:
            change_request(request=self.applicant, **self.form.cleaned_data)
        except Refused as refusal:
            self.form.add_error(None, refusal.message)
            return self.page(status=409)
        messages.success(self.request, _("Your changes are saved."))
        return None

    def withdraw(self) -> HttpResponse | None:
        return None if withdraw_request(request=self.applicant) else self.deleted_page()

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        row, state = self.applicant, ScreeningState(self.applicant.state)
        is_ended = bool(ended_requests([row]))
        form = self.form
        if form is None and state in MAY_CHANGE and not is_ended:
            form = ChangeForm(initial=initial_of(row), youngest=_youngest(row))
        return super().get_context_data(**context) | {
            "row": row,
            "title": title_for(row),
            "viewing_link": viewing_link_for(row),
            "state": state,
            "is_ended": is_ended,
            "is_over": row.on < localdate(now()),
            **state_of(row, is_ended=is_ended),
            "proved": state in PROVED,
            "asks": state in {ScreeningState.UNPROVED, ScreeningState.WITHDRAWN},
            "form": form,
        }


def _youngest(row: ScreeningRequest) -> int:
    """Return the age from which one may watch; 0 if the film is gone: the action refuses then."""
    film = films_by_key([row.film]).get(row.film, {}).get(row.language)
    return film.youngest if film is not None else 0
