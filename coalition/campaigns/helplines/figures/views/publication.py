"""One publication of figures at the desk: what exactly would be public, who agreed, what is done with it."""

from collections.abc import Callable
from uuid import UUID

from allauth.account.decorators import reauthentication_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from coalition.accounts.models import Organisation, User
from coalition.accounts.naming import Viewer, display_mark_for, display_name_for
from coalition.accounts.queries import organisations_represented_by
from coalition.campaigns.helplines.enums import FigureAnswer, FigureState
from coalition.campaigns.helplines.figures import publication as actions
from coalition.campaigns.helplines.figures.months import period_words
from coalition.campaigns.helplines.figures.permissions import may_lead
from coalition.campaigns.helplines.figures.presenters import figure_tables
from coalition.campaigns.helplines.figures.queries import answers_of, lines_in, publications_for
from coalition.campaigns.helplines.figures.views.desk import BADGES
from coalition.campaigns.helplines.models import FigureLine, FigurePublication
from coalition.http.responses import telling
from coalition.workspaces import access

type Act = Callable[[User, FigurePublication, Organisation], None]
type View = Callable[..., HttpResponseBase]

SHAPES = {
    FigureAnswer.AGREED: "approved",
    FigureAnswer.REFUSED: "objects",
    FigureAnswer.LEFT_OUT: "abstains",
}


@access.members_only
@never_cache
@require_safe
def publication(request: HttpRequest, publication: UUID) -> HttpResponse:
    """Show what would be published to the last number, and who agreed."""
    person, viewer = access.person(request), access.viewer(request)
    found = get_object_or_404(publications_for(person), uuid=publication)
    lines = lines_in(found)
    own = set(organisations_represented_by(person).values_list("pk", flat=True))
    answers = _answers(found, lines, viewer, own)
    context = {
        "publication": found,
        "period": period_words(found.first_month, found.last_month),
        "badge": BADGES[FigureState(found.state)],
        "tables": figure_tables(lines),
        "answers": answers,
        "waits": sum(not one["answer"] for one in answers),
        "own_lines": {line.pk for line in lines if line.organisation_id in own},
        "may_lead": may_lead(person, found),
        "nav_current": "helplines",
    }
    return render(request, "campaigns/helplines/figure_publication.html", context)


def _answers(
    found: FigurePublication, lines: list[FigureLine], viewer: Viewer, own: set[int]
) -> list[dict[str, object]]:
    """Return each organisation that is in it or was, with its answer, and whether the person gives it."""
    given = answers_of(found)
    organisations = {line.organisation_id: line.organisation for line in lines}
    organisations |= {pk: row.organisation for pk, row in given.items()}
    still_in = {line.organisation_id for line in lines}
    rows = []
    for pk, organisation in organisations.items():
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


def _acting(do: Act, done: object, *, reauthenticate: bool = False) -> View:
    """Return a view that does one thing by POST and leads back. Opened by GET it only leads there."""

    @access.members_only
    @require_http_methods(["GET", "HEAD", "POST"])
    def view(request: HttpRequest, publication: UUID, organisation: UUID | None = None) -> HttpResponse:
        def act(request: HttpRequest) -> HttpResponse | None:
            found = get_object_or_404(publications_for(request.user), uuid=publication)
            whose = found.organisation
            if organisation is not None:
                whose = get_object_or_404(Organisation, uuid=organisation)
            with telling(request, str(done)):
                do(access.person(request), found, whose)
            return None

        if request.method == "POST":
            guarded = reauthentication_required(act) if reauthenticate else act
            answer: HttpResponse | None = guarded(request)
            if answer is not None:
                return answer
        return redirect("campaigns:figure_publication", publication)

    return view


agree = _acting(
    lambda person, found, whose: actions.agree(person=person, publication=found, organisation=whose),
    gettext_lazy("Agreed in the name of your organisation."),
    reauthenticate=True,
)
refuse = _acting(
    lambda person, found, whose: actions.refuse(person=person, publication=found, organisation=whose),
    gettext_lazy("Your organisation’s figures are not published."),
)
leave_out = _acting(
    lambda person, found, whose: actions.leave_out(person=person, publication=found, organisation=whose),
    gettext_lazy("Its lines are left out."),
)
publish = _acting(
    lambda person, found, _whose: actions.publish_figures(person=person, publication=found),
    gettext_lazy("The figures are public."),
    reauthenticate=True,
)
withdraw = _acting(
    lambda person, found, _whose: actions.withdraw_figures(person=person, publication=found),
    gettext_lazy("The figures are no longer public."),
)


@access.members_only
@require_http_methods(["POST"])
def drop(request: HttpRequest, publication: UUID) -> HttpResponse:
    """Give a proposal up."""
    found = get_object_or_404(publications_for(request.user), uuid=publication)
    with telling(request, _("The proposal is dropped.")):
        actions.drop_figures(person=access.person(request), publication=found)
    return redirect("campaigns:figures")


@access.members_only
@require_http_methods(["POST"])
def correct(request: HttpRequest, publication: UUID, helpline: UUID) -> HttpResponse:
    """Publish corrected figures of a line in place of those that are public."""
    found = get_object_or_404(publications_for(request.user), uuid=publication)
    rows = FigureLine.objects.select_related("publication", "organisation", "helpline")
    line = get_object_or_404(rows, publication=found, helpline__uuid=helpline)
    with telling(request, _("The corrected figures are public.")):
        actions.correct_published(person=access.person(request), line=line)
    return redirect("campaigns:figure_publication", publication)
