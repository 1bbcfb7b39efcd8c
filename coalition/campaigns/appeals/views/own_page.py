"""The page behind the link in the mail. The GET shows, the POST acts: mail scanners open links."""

from typing import Any, Final, cast
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.timezone import localdate

from coalition.accounts.models import REGIONS
from coalition.accounts.naming import PUBLIC, display_name_for
from coalition.applicants.views import OwnPageView, private_response
from coalition.campaigns.appeals.actions.confirm import (
    NoSuchSupport,
    change_choices,
    confirm_support,
    end_contact,
    stop_mails,
    withdraw_support,
)
from coalition.campaigns.appeals.counting import count_of
from coalition.campaigns.appeals.enums import SupportState
from coalition.campaigns.appeals.flow import PROVED, SUPPORT
from coalition.campaigns.appeals.forms.support import NameForm
from coalition.campaigns.appeals.models import Support
from coalition.campaigns.appeals.next_steps import next_steps_of
from coalition.campaigns.appeals.public_presenters import number_words, share_links
from coalition.campaigns.appeals.public_queries import (
    appeals_open_now,
    closed_reason,
    newest_version,
    shows_title,
    standing_version,
)
from coalition.campaigns.appeals.refusals import CLOSED_WORDS
from coalition.campaigns.appeals.titles import title_of
from coalition.campaigns.counters.share import story_picture_path
from coalition.core.clock import now
from documents import hooks

LEAST_COUNT: Final = 10  # of fewer, somebody who is held would see that they are not among them


class SupportPage(OwnPageView):
    """One supporter's page. Who is held or set aside sees what everybody sees."""

    flow = SUPPORT
    template_name = "campaigns/appeals/own.html"
    actions = {
        "confirm": "confirm",
        "change": "change",
        "end": "end",
        "withdraw": "withdraw",
        "stop": "stop",
    }
    form: NameForm | None = None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return super().dispatch(request, *args, **kwargs)
        except (Http404, NoSuchSupport):
            return private_response(self.nothing(status=404))

    @property
    def support(self) -> Support:
        return cast("Support", self.applicant)

    @property
    def token(self) -> str:
        return str(self.kwargs["token"])

    def confirm(self) -> HttpResponse:
        return redirect(SUPPORT.path(confirm_support(token=self.token)))

    def change(self) -> HttpResponse | None:
        self.form = NameForm(self.request.POST)
        if not self.form.is_valid():
            return self.page(status=422)
        change_choices(token=self.token, choices=self.form.choices)
        return None

    def end(self) -> HttpResponse | None:
        try:
            organisation = UUID(self.request.POST.get("organisation", ""))
        except ValueError:
            return self.page(status=400)
        end_contact(token=self.token, organisation=organisation)
        return None

    def withdraw(self) -> HttpResponse | None:
        return self.nothing("deleted") if withdraw_support(token=self.token) is None else None

    def stop(self) -> HttpResponse:
        stop_mails(token=self.token)
        return self.nothing("stopped")

    def nothing(self, done: str = "", *, status: int = 200) -> HttpResponse:
        """Nothing is behind the link any more, since it was `done` ("deleted", "stopped") now, or before;
        where one can ask anew."""
        context = {
            **hooks.site_frame_context(self.request),
            "light": True,
            "languages": [],
            "done": done,
            "appeals": appeals_open_now(),
        }
        return render(self.request, "campaigns/appeals/nothing.html", context, status=status)

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        row = self.support
        state = SupportState(row.state)
        context |= {
            **hooks.site_frame_context(self.request),
            **_appeal_context(row),
            "light": True,
            "languages": [],
            "support": row,
            "is_new": state == SupportState.UNCONFIRMED,
            "is_withdrawn": state == SupportState.WITHDRAWN,
            "region": REGIONS.get(row.region, ""),
            "asked_contacts": [choice["words"] for choice in row.contact_choices],
        }
        if state in PROVED:
            context |= self._proved_context(context)
        return context

    def _proved_context(self, context: dict[str, Any]) -> dict[str, Any]:
        row, count = self.support, count_of(self.support.version)
        consents = row.contact_consents.filter(ended_on=None).select_related("organisation")
        return {
            "appeal": row.appeal,
            "form": self.form or NameForm(initial=_choices_of(row)),
            "contacts": [
                {"uuid": one.organisation.uuid, "name": _name(one.organisation)} for one in consents
            ],
            "count_words": number_words(count) if count >= LEAST_COUNT else "",
            "next_steps": next_steps_of(row.appeal, _code_of(row)),
            **(_sharing(row, context["title"]) if not context["closed"] else {}),
        }


def _choices_of(row: Support) -> dict[str, object]:
    return {"name": row.name, "is_listed": row.is_listed, "in_hand_over": row.in_hand_over}


def _name(organisation: Any) -> str:
    return display_name_for(PUBLIC, organisation)


def _appeal_context(row: Support) -> dict[str, Any]:
    """The appeal as it stands now, with the title of the text that they support, if it may be shown."""
    current, today = newest_version(row.appeal_id), localdate(now())
    if current is None:
        return {"appeal": row.appeal, "title": "", "closed": "over", "closed_words": CLOSED_WORDS["over"]}
    own = current if current.pk == row.version_id else standing_version(row.version_id)
    closed = closed_reason(current, today)
    if not closed and own is not current:
        closed = "other_words"
    return {
        "appeal": current.appeal,
        "title": title_of(own.publication) if shows_title(own, today) else "",
        "closed": closed,
        "closed_words": CLOSED_WORDS.get(closed, ""),
    }


def _sharing(row: Support, title: str) -> dict[str, Any]:
    """Links to pass it on, which credit the code that brought the supporter; nothing of the supporter."""
    slug, code = row.appeal.slug, _code_of(row)
    return {"share": share_links(slug, title, code=code), "story_url": story_picture_path(slug, code)}


def _code_of(row: Support) -> str:
    """The code that brought the supporter, if it still credits its organisation."""
    return row.referral.code if row.referral is not None and row.referral.ended_at is None else ""
