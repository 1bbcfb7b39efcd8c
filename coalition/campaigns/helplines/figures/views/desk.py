"""Monthly figures at the desk: what is entered, what is proposed, and the form of a month."""

import datetime
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from coalition.accounts.models import User
from coalition.accounts.naming import Viewer, display_name_for
from coalition.accounts.views.access import get_person, get_viewer
from coalition.campaigns.helplines.enums import FigureState
from coalition.campaigns.helplines.figures.entering import MonthPage, answer_month
from coalition.campaigns.helplines.figures.forms import ProposalForm
from coalition.campaigns.helplines.figures.months import period_words, shifted, this_month
from coalition.campaigns.helplines.figures.permissions import organisations_to_propose_for, require_entering
from coalition.campaigns.helplines.figures.presenters import entered_months
from coalition.campaigns.helplines.figures.publication import propose_figures
from coalition.campaigns.helplines.figures.queries import (
    own_helplines,
    publications_for,
    publications_to_answer,
    totals_by_month,
)
from coalition.campaigns.helplines.models import FigurePublication
from coalition.campaigns.helplines.queries import helpline_states, helplines_for
from coalition.core.errors import Refused
from coalition.http.responses import form_page
from coalition.workspaces.access import member_required

LISTED_MONTHS: Final = 6  # of each line, on the overview
BADGES: Final = {
    FigureState.PROPOSED: ("wait", "again"),
    FigureState.PUBLISHED: ("public", "horn"),
    FigureState.WITHDRAWN: ("no", "minus"),
}


@member_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def figures(request: HttpRequest) -> HttpResponse:
    """What is entered of the person's lines, publications of figures, and the form that proposes one."""
    person, viewer = get_person(request), get_viewer(request)
    owners = organisations_to_propose_for(person)
    form = ProposalForm(request.POST if request.method == "POST" else None, owners=owners, viewer=viewer)
    if form.is_bound and form.is_valid():
        first, last = form.months
        try:
            made = propose_figures(person=person, organisation=form.owner, first=first, last=last)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Proposed. Each organisation is asked whether it agrees."))
            return redirect("campaigns:figure_publication", made.uuid)
    months = [shifted(this_month(), -number) for number in range(1, LISTED_MONTHS + 1)]
    waiting = set(publications_to_answer(person).values_list("pk", flat=True))
    context = {
        "form": form if owners else None,
        "lines": _lines(person, months),
        "publications": [_row(one, viewer, one.pk in waiting) for one in publications_for(person)],
        "nav_current": "helplines",
    }
    return form_page(request, "campaigns/helplines/figures.html", context)


def _lines(person: User, months: list[datetime.date]) -> list[dict[str, Any]]:
    rows = helpline_states(own_helplines(person))
    totals = totals_by_month([row.helpline for row in rows], months[-1])
    return [
        {
            "helpline": row.helpline,
            "name": str(row.entry.name) if row.entry else "",
            "months": entered_months(
                months, {on: total for (pk, on), total in totals.items() if pk == row.helpline.pk}
            ),
        }
        for row in rows
    ]


def _row(publication: FigurePublication, viewer: Viewer, waits: bool) -> dict[str, Any]:
    return {
        "publication": publication,
        "period": period_words(publication.first_month, publication.last_month),
        "badge": BADGES[FigureState(publication.state)],
        "proposed_by": display_name_for(viewer, publication.organisation),
        "waits": waits,
    }


@member_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def month(request: HttpRequest, helpline: UUID) -> HttpResponse:
    """Enter a month of a line of one's own organisation."""
    person = get_person(request)
    found = get_object_or_404(helplines_for(person).select_related("organisation"), uuid=helpline)
    require_entering(person, found)
    entry = found.published_entry()
    here = reverse("campaigns:helpline_figures", args=[found.uuid])
    answer = answer_month(MonthPage(request, found, here, entry, person=person))
    if isinstance(answer, HttpResponse):
        messages.success(request, _("The month is entered."))
        return answer
    context = answer.context | {"helpline": found, "nav_current": "helplines"}
    return render(request, "campaigns/helplines/figures_month.html", context, status=answer.status)
