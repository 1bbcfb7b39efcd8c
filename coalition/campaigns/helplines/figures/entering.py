"""Answering a request to the form of a month, on the operators' phone and at the desk."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from coalition.accounts.models import User
from coalition.campaigns.helplines.figures.actions import MonthChanged, enter_month
from coalition.campaigns.helplines.figures.forms import MonthForm, asked_month, month_choices
from coalition.campaigns.helplines.figures.months import month_key, month_words
from coalition.campaigns.helplines.figures.queries import counts_of_month, entered_on
from coalition.campaigns.helplines.models import Helpline, HelplineEntry, OperatorLink
from coalition.core.errors import Refused


@dataclass(frozen=True)
class MonthPage:
    """Whose figures are entered where. `here`: the page's address; `entry`: the published one of the line.

    Give the `person` at the desk, or the operators' `link`.
    """

    request: HttpRequest
    helpline: Helpline
    here: str
    entry: HelplineEntry | None
    person: User | None = None
    link: OperatorLink | None = None


@dataclass(frozen=True)
class MonthAnswer:
    """What the page shows, and its status."""

    context: dict[str, Any]
    status: int


def answer_month(page: MonthPage, *, refusal: str = "") -> HttpResponse | MonthAnswer:
    """Return the form of the month that is asked for, or a redirect once what was sent is entered.

    `refusal`: why nothing is entered now whatever was sent. What was typed stays in the form.
    """
    sent = page.request.method == "POST"
    month = asked_month(page.request.POST if sent else page.request.GET)
    form = MonthForm(
        page.request.POST if sent else None,
        on=month,
        counts=counts_of_month(page.helpline, month),
        regions=page.entry.regions if page.entry else [],
        languages=page.entry.languages if page.entry else [],
    )
    status = 200
    if refusal:
        status = 429
    elif sent and not form.is_valid():
        status = 422
    elif sent:
        refusal, status = _enter(page, form)
        if not refusal:
            return redirect(f"{page.here}?month={month_key(month)}")
    chosen = month_key(month)
    context = {
        "form": form,
        "name": str(page.entry.name) if page.entry else "",
        "here": page.here,
        "month": month_words(month),
        "months": [(key, words, key == chosen) for key, words in month_choices(chosen)],
        "entered_on": entered_on(page.helpline, month),
        "refusal": refusal,
    }
    return MonthAnswer(context, status)


def _enter(page: MonthPage, form: MonthForm) -> tuple[str, int]:
    """Return why it was refused, with the status; "" and 200 once it is entered."""
    try:
        enter_month(
            helpline=page.helpline,
            month=form.cleaned_data["month"],
            total=form.cleaned_data["total"],
            parts=form.parts,
            seen=form.cleaned_data["seen"],
            person=page.person,
            link=page.link,
        )
    except MonthChanged as refusal:
        form.show_changed(counts_of_month(page.helpline, form.cleaned_data["month"]))
        return refusal.message, 409
    except Refused as refusal:
        return refusal.message, 422
    return "", 200
