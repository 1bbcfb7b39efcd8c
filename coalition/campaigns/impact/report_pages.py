"""What pages and files of a frozen report say above its figures, at the desk and for donors."""

from django.http import Http404, HttpResponse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from coalition.accounts.naming import Viewer
from coalition.campaigns.impact.files import FileHead
from coalition.campaigns.impact.models import Report
from coalition.campaigns.impact.presenters import grant_title, may_give_content, scope_words
from coalition.campaigns.impact.statement import Scope


def report_words(report: Report, viewer: Viewer) -> str:
    """Return of whom and of which days the report is."""
    scope = Scope(report.workspace, report.organisation, report.grant, report.since, report.until)
    return scope_words(scope, viewer)


def report_head(report: Report, viewer: Viewer) -> FileHead:
    """Return the head of its files."""
    title = _("Report %(number)s") % {"number": report.number}
    below = [
        report.workspace.title if report.grant is None else grant_title(report.grant, viewer),
        _("Frozen on %(day)s") % {"day": date_format(report.frozen_at)},
    ]
    words = report_words(report, viewer)
    return FileHead(f"report-{report.number}", title, words, below, report.sha256)


def content_response(report: Report) -> HttpResponse:
    """Return the content as a file. Raises Http404 where it may not be given out any more."""
    if not may_give_content(report):
        raise Http404
    answer = HttpResponse(report.content.encode(), content_type="application/json")
    answer["Content-Disposition"] = f'attachment; filename="report-{report.number}.json"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
