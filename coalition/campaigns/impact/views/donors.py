"""What a donor reads by a link, without an account: the figures of a grant now, and its frozen reports."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Final
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _, override, pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from coalition.accounts.models import Listing
from coalition.accounts.naming import PUBLIC, display_name_for
from coalition.applicants.views import private_response
from coalition.campaigns.core.days import site_today
from coalition.campaigns.impact.actions.grants import token_of
from coalition.campaigns.impact.files import FileHead, figures_csv, figures_pdf
from coalition.campaigns.impact.hidden_names import hidden_names
from coalition.campaigns.impact.models import DonorLink, Report
from coalition.campaigns.impact.presenters import (
    Links,
    ShownRung,
    grant_title,
    may_give_content,
    scope_words,
    shown_later_changes,
    shown_report,
    shown_statement,
)
from coalition.campaigns.impact.queries import evidence_for_donor, link_of_token, reports_of_grant
from coalition.campaigns.impact.report_pages import content_response, report_head, report_words
from coalition.campaigns.impact.statement import Scope, statement_of
from coalition.campaigns.impact.views.access import complete_keys, query_without_all
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.core.throttling import TooManyRequests, is_rate_limited
from documents.files.public_copy import may_be_public
from documents.files.views import send_in_public

MOST_FILES: Final = 60  # PDF, an hour, by one link from one network

type DonorView = Callable[..., HttpResponseBase]


def donor_page(view: DonorView) -> DonorView:
    """Decorate a view of an open link, called with the link: in its language, never cached. A link that has
    ended or was never made is answered in words with 410."""

    @require_safe
    @never_cache
    @wraps(view)
    def guarded(request: HttpRequest, token: str, **kwargs: Any) -> HttpResponseBase:
        link = link_of_token(token)
        if link is None:
            return private_response(_gone(request))
        with override(link.language):
            is_open = link.is_open_at(now())
            answer = view(request, link, **kwargs) if is_open else _gone(request)
            return private_response(answer, language=link.language)

    return guarded


def _gone(request: HttpRequest) -> HttpResponse:
    return render(request, "campaigns/impact/donor_gone.html", status=410)


def _links(link: DonorLink) -> Links:
    return Links(
        evidence=lambda line, revision: reverse("donor_evidence", args=[token_of(link), line, revision])
    )


def _context(request: HttpRequest, link: DonorLink, **more: Any) -> dict[str, Any]:
    hidden = hidden_names(link.grant.workspace, PUBLIC)
    return {
        "token": token_of(link),
        "link": link,
        "grant": link.grant,
        "title": hidden.without_in(link.grant.title),
        "donor": hidden.without(link.grant.donor),
        "organisation": display_name_for(PUBLIC, link.grant.organisation),
        "query": query_without_all(request),
        **more,
    }


@donor_page
def figures(request: HttpRequest, link: DonorLink) -> HttpResponse:
    """The figures of the grant now, and its frozen reports. `?all=` as at the desk."""
    scope = Scope(link.grant.workspace, grant=link.grant)
    rungs = shown_statement(statement_of(scope), PUBLIC, complete=complete_keys(request), links=_links(link))
    reports = [(one, report_words(one, PUBLIC)) for one in reports_of_grant(link.grant)]
    context = _context(request, link, rungs=rungs, reports=reports, today=site_today())
    return render(request, "campaigns/impact/donor.html", context)


def _file(link: DonorLink) -> tuple[FileHead, list[ShownRung]]:
    scope = Scope(link.grant.workspace, grant=link.grant)
    below = [grant_title(link.grant, PUBLIC), _("Read on %(day)s") % {"day": date_format(site_today())}]
    head = FileHead(
        "figures", pgettext("of a campaign", "What became of it"), scope_words(scope, PUBLIC), below
    )
    return head, shown_statement(statement_of(scope), PUBLIC, complete=None)


@donor_page
def figures_table(request: HttpRequest, link: DonorLink) -> HttpResponse:
    """The same as a table."""
    return figures_csv(*_file(link))


@donor_page
def figures_document(request: HttpRequest, link: DonorLink) -> HttpResponse:
    """The same as a PDF."""
    refused = _limit(request, link)
    return refused if refused is not None else figures_pdf(*_file(link))


def _report(link: DonorLink, report: UUID) -> Report:
    return get_object_or_404(reports_of_grant(link.grant), uuid=report)


@donor_page
def report_page(request: HttpRequest, link: DonorLink, report: UUID) -> HttpResponse:
    """A frozen report of the grant, with what changed since."""
    found = _report(link, report)
    context = _context(
        request,
        link,
        report=found,
        words=report_words(found, PUBLIC),
        rungs=shown_report(found, PUBLIC, complete=complete_keys(request), links=_links(link)),
        changes=shown_later_changes(found, PUBLIC),
        may_give_content=may_give_content(found),
    )
    return render(request, "campaigns/impact/donor_report.html", context)


@donor_page
def report_table(request: HttpRequest, link: DonorLink, report: UUID) -> HttpResponse:
    """The frozen figures as a table, with the hash and what changed since."""
    found = _report(link, report)
    rungs = shown_report(found, PUBLIC, complete=None)
    return figures_csv(report_head(found, PUBLIC), rungs, shown_later_changes(found, PUBLIC))


@donor_page
def report_document(request: HttpRequest, link: DonorLink, report: UUID) -> HttpResponse:
    """The frozen figures as a PDF, with what changed since."""
    refused = _limit(request, link)
    if refused is not None:
        return refused
    found = _report(link, report)
    rungs = shown_report(found, PUBLIC, complete=None)
    return figures_pdf(report_head(found, PUBLIC), rungs, shown_later_changes(found, PUBLIC))


@donor_page
def report_content(request: HttpRequest, link: DonorLink, report: UUID) -> HttpResponse:
    """The content whose SHA-256 is the hash."""
    return content_response(_report(link, report))


@donor_page
def evidence(
    request: HttpRequest, link: DonorLink, line: UUID, revision: int
) -> HttpResponse | StreamingHttpResponse:
    """The file that proves a figure or a change of the grant, without metadata. 404 for any other, and for
    those of organisations that are not named in public."""
    found = evidence_for_donor(link.grant, line, revision)
    file = found.evidence_file if found is not None else None
    if (
        found is None
        or found.organisation.listing != Listing.PUBLIC
        or file is None
        or not may_be_public(file)
    ):
        raise Http404
    ending = file.name.rpartition(".")[2]
    try:
        return send_in_public(request, file, name=f"proof-{revision}.{ending}")
    except Refused as refusal:
        raise Http404 from refusal


def _limit(request: HttpRequest, link: DonorLink) -> HttpResponse | None:
    """Return the page that says so when too many files were drawn."""
    if not is_rate_limited(request, f"donor_link:{link.pk}", MOST_FILES):
        return None
    words = {"refusal": TooManyRequests().message}
    return render(request, "campaigns/impact/donor_gone.html", words, status=429)
