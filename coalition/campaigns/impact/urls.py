"""Addresses of figures: at the desk, and by the link of a donor. There is no public page."""

from django.urls import URLPattern, URLResolver, path

from coalition.campaigns.impact.views import desk as desk_views, donors, grants, reports

_ALL = "<uuid:workspace>/impact/"
_FIGURE = f"{_ALL}figures/<uuid:line>/"
_CHANGE = f"{_ALL}changes/<uuid:line>/"
_GRANTS = f"{_ALL}grants/"
_GRANT = f"{_GRANTS}<uuid:grant>/"
_REPORTS = f"{_ALL}reports/"
_REPORT = f"{_REPORTS}<uuid:report>/"
_DONOR = "grant/<str:token>/"
_DONOR_REPORT = f"{_DONOR}reports/<uuid:report>/"

desk: list[URLPattern | URLResolver] = [
    path(_ALL, desk_views.impact, name="impact"),
    path(f"{_ALL}figures.csv", desk_views.impact_csv, name="impact_csv"),
    path(f"{_ALL}figures.pdf", desk_views.impact_pdf, name="impact_pdf"),
    path(f"{_ALL}declare/", desk_views.MeasuresView.as_view(), name="impact_measures"),
    path(f"{_ALL}declare/<uuid:measure>/", desk_views.DeclareFigure.as_view(), name="impact_declare"),
    path(_FIGURE, desk_views.figure_page, name="impact_figure"),
    path(f"{_FIGURE}correct/", desk_views.CorrectFigure.as_view(), name="impact_figure_correct"),
    path(f"{_ALL}changes/new/", desk_views.RecordChange.as_view(), name="impact_change_add"),
    path(_CHANGE, desk_views.change_page, name="impact_change"),
    path(f"{_CHANGE}correct/", desk_views.CorrectChange.as_view(), name="impact_change_correct"),
    path(_GRANTS, grants.grants, name="impact_grants"),
    path(f"{_GRANTS}new/", grants.AddGrant.as_view(), name="impact_grant_add"),
    path(_GRANT, grants.GrantPage.as_view(), name="impact_grant"),
    path(f"{_GRANT}edit/", grants.EditGrant.as_view(), name="impact_grant_edit"),
    path(f"{_GRANT}items/", grants.grant_items_page, name="impact_grant_items"),
    path(f"{_GRANT}items/pay/", grants.assign_items, name="impact_items_pay"),
    path(f"{_GRANT}items/<uuid:item>/remove/", grants.remove_item, name="impact_item_remove"),
    path(f"{_GRANT}links/<uuid:link>/end/", grants.end_link, name="impact_link_end"),
    path(_REPORTS, reports.ReportsView.as_view(), name="impact_reports"),
    path(_REPORT, reports.report_page, name="impact_report"),
    path(f"{_REPORT}report.csv", reports.report_csv, name="impact_report_csv"),
    path(f"{_REPORT}report.pdf", reports.report_pdf, name="impact_report_pdf"),
    path(f"{_REPORT}report.json", reports.report_json, name="impact_report_json"),
]
public: list[URLPattern | URLResolver] = []
root: list[URLPattern | URLResolver] = [
    path(_DONOR, donors.figures, name="donor_figures"),
    path(f"{_DONOR}figures.csv", donors.figures_table, name="donor_csv"),
    path(f"{_DONOR}figures.pdf", donors.figures_document, name="donor_pdf"),
    path(f"{_DONOR}proof/<uuid:line>/<int:revision>/", donors.evidence, name="donor_evidence"),
    path(_DONOR_REPORT, donors.report_page, name="donor_report"),
    path(f"{_DONOR_REPORT}report.csv", donors.report_table, name="donor_report_csv"),
    path(f"{_DONOR_REPORT}report.pdf", donors.report_document, name="donor_report_pdf"),
    path(f"{_DONOR_REPORT}report.json", donors.report_content, name="donor_report_json"),
]
