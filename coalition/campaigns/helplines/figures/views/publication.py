"""One publication of figures at the desk: what exactly would be public, who agreed, what is done with it."""

from uuid import UUID

from allauth.account.decorators import reauthentication_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coalition.accounts.models import Organisation
from coalition.accounts.naming import Viewer, display_mark_for, display_name_for
from coalition.accounts.queries import organisations_represented_by
from coalition.accounts.views.access import get_person, get_viewer
from coalition.campaigns.helplines.enums import FigureAnswer, FigureState
from coalition.campaigns.helplines.figures import publication as actions
from coalition.campaigns.helplines.figures.months import period_words
from coalition.campaigns.helplines.figures.permissions import may_lead
from coalition.campaigns.helplines.figures.presenters import figure_tables
from coalition.campaigns.helplines.figures.queries import (
    answers_of,
    lines_for,
    organisations_in,
    publications_for,
    published_names,
)
from coalition.campaigns.helplines.figures.views.desk import BADGES
from coalition.campaigns.helplines.models import FigureLine, FigurePublication
from coalition.http.responses import flash_result
from coalition.workspaces.access import member_required

SHAPES = {
    FigureAnswer.AGREED: "approved",
    FigureAnswer.REFUSED: "objects",
    FigureAnswer.LEFT_OUT: "abstains",
}


@member_required
@never_cache
@require_safe
def publication(request: HttpRequest, publication: UUID) -> HttpResponse:
    """Show who agreed, and to the last number what would be published of the person's own lines; of all lines
    once it is published."""
    person, viewer = get_person(request), get_viewer(request)
    found = get_object_or_404(publications_for(person), uuid=publication)
    lines, organisations = lines_for(person, found), organisations_in(found)
    own = set(organisations_represented_by(person).values_list("pk", flat=True))
    answers = _answers(found, organisations, viewer, own)
    context = {
        "publication": found,
        "period": period_words(found.first_month, found.last_month),
        "badge": BADGES[FigureState(found.state)],
        "tables": figure_tables(lines, published_names(lines)),
        "answers": answers,
        "waits": sum(not one["answer"] for one in answers),
        "has_lines": bool(organisations),
        "own_lines": {line.pk for line in lines if line.organisation_id in own},
        "may_lead": may_lead(person, found),
        "nav_current": "helplines",
    }
    return render(request, "campaigns/helplines/figure_publication.html", context)


def _answers(
    found: FigurePublication, organisations: list[Organisation], viewer: Viewer, own: set[int]
) -> list[dict[str, object]]:
    """Return each organisation that is in it or was, with its answer, and whether the person gives it."""
    given = answers_of(found)
    still_in = {one.pk for one in organisations}
    everyone = {one.pk: one for one in organisations} | {pk: row.organisation for pk, row in given.items()}
    rows = []
    for pk, organisation in everyone.items():
        answer = given.get(pk)
        rows.append(
            {
                "organisation": organisation,
                "name": display_name_for(viewer, organisation),
                "mark": display_mark_for(viewer, organisation),
                "answer": answer,
                "shape": SHAPES[FigureAnswer(answer.answer)] if answer else "unopened",
                "may_answer": pk in own and pk in still_in,
            }
        )
    return rows


# What one press does. Who has to sign in again first comes back by GET, and is led to the publication.


@member_required
@reauthentication_required(allow_get=True)
@require_http_methods(["GET", "HEAD", "POST"])
def agree(request: HttpRequest, publication: UUID, organisation: UUID) -> HttpResponse:
    """Agree in the name of an organisation."""
    if request.method == "POST":
        found, whose = _found(request, publication), get_object_or_404(Organisation, uuid=organisation)
        with flash_result(request, _("Agreed in the name of your organisation.")):
            actions.agree(person=get_person(request), publication=found, organisation=whose)
    return redirect("campaigns:figure_publication", publication)


@member_required
@require_POST
def refuse(request: HttpRequest, publication: UUID, organisation: UUID) -> HttpResponse:
    """Say in the name of an organisation that its figures are not published."""
    found, whose = _found(request, publication), get_object_or_404(Organisation, uuid=organisation)
    with flash_result(request, _("Your organisation’s figures are not published.")):
        actions.refuse(person=get_person(request), publication=found, organisation=whose)
    return redirect("campaigns:figure_publication", publication)


@member_required
@require_POST
def leave_out(request: HttpRequest, publication: UUID, organisation: UUID) -> HttpResponse:
    """Go on without an organisation that has not answered."""
    found, whose = _found(request, publication), get_object_or_404(Organisation, uuid=organisation)
    with flash_result(request, _("Its lines are left out.")):
        actions.leave_out(person=get_person(request), publication=found, organisation=whose)
    return redirect("campaigns:figure_publication", publication)


@member_required
@reauthentication_required(allow_get=True)
@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: HttpRequest, publication: UUID) -> HttpResponse:
    """Publish what all have agreed to."""
    if request.method == "POST":
        found = _found(request, publication)
        with flash_result(request, _("The figures are public.")):
            actions.publish_figures(person=get_person(request), publication=found)
    return redirect("campaigns:figure_publication", publication)


@member_required
@require_POST
def withdraw(request: HttpRequest, publication: UUID) -> HttpResponse:
    """Take published figures off the public page."""
    found = _found(request, publication)
    with flash_result(request, _("The figures are no longer public.")):
        actions.withdraw_figures(person=get_person(request), publication=found)
    return redirect("campaigns:figure_publication", publication)


@member_required
@require_POST
def drop(request: HttpRequest, publication: UUID) -> HttpResponse:
    """Give a proposal up."""
    found = _found(request, publication)
    with flash_result(request, _("The proposal is dropped.")):
        actions.drop_figures(person=get_person(request), publication=found)
    return redirect("campaigns:figures")


@member_required
@require_POST
def correct(request: HttpRequest, publication: UUID, helpline: UUID) -> HttpResponse:
    """Publish corrected figures of a line in place of those that are public."""
    found = _found(request, publication)
    rows = FigureLine.objects.select_related("publication", "organisation", "helpline")
    line = get_object_or_404(rows, publication=found, helpline__uuid=helpline)
    with flash_result(request, _("The corrected figures are public.")):
        actions.correct_published(person=get_person(request), line=line)
    return redirect("campaigns:figure_publication", publication)


def _found(request: HttpRequest, uuid: UUID) -> FigurePublication:
    return get_object_or_404(publications_for(request.user), uuid=uuid)
