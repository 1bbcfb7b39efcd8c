"""Monthly figures in public: a table of one period, and the same as a file. Quiet, as all pages of help."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from coalition.campaigns.helplines.figures.months import period_words
from coalition.campaigns.helplines.figures.presenters import FigureTable, csv_heads, csv_rows, figure_tables
from coalition.campaigns.helplines.figures.queries import public_lines, public_names, public_publications
from coalition.campaigns.helplines.models import FigurePublication
from coalition.http.quiet import quiet_page
from events.spreadsheets.columns import csv_response


@quiet_page
@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    """Show the newest publication, or the one that is asked for with `?of=<uuid>`."""
    publications = list(public_publications())
    chosen = _chosen(publications, request.GET.get("of", ""))
    tables = _tables(chosen) if chosen is not None else []
    context = {
        "chosen": chosen,
        "period": period_words(chosen.first_month, chosen.last_month) if chosen is not None else "",
        "tables": tables,
        "total": sum(table.total for table in tables),
        "others": [
            (one, period_words(one.first_month, one.last_month)) for one in publications if one != chosen
        ],
    }
    return render(request, "campaigns/helplines/public_figures.html", context)


@quiet_page
@require_safe
def table(_request: HttpRequest, publication: UUID) -> HttpResponse:
    """Return one publication as a table for a spreadsheet program."""
    found = public_publications().filter(uuid=publication).first()
    if found is None:
        raise Http404
    name = f"{found.first_month:%Y-%m}--{found.last_month:%Y-%m}.csv"
    return csv_response(csv_heads(), csv_rows(_tables(found)), name)


def _chosen(publications: list[FigurePublication], asked: str) -> FigurePublication | None:
    """Return the publication that is asked for, the newest one if it is none of them."""
    found = next((one for one in publications if str(one.uuid) == asked), None)
    return found or next(iter(publications), None)


def _tables(publication: FigurePublication) -> list[FigureTable]:
    lines = public_lines(publication)
    return figure_tables(lines, public_names(lines))
