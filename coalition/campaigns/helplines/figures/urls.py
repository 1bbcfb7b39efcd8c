"""Addresses of monthly figures: `desk` below `/workspaces/`, `public` below `/<language>/`."""

from django.urls import URLPattern, URLResolver, path

from coalition.campaigns.helplines.figures.views import (
    desk as desk_views,
    public as public_views,
    publication,
)

_ONE = "helplines/figures/<uuid:publication>/"

desk: list[URLPattern | URLResolver] = [
    path("helplines/figures/", desk_views.figures, name="figures"),
    path("helplines/<uuid:helpline>/figures/", desk_views.month, name="helpline_figures"),
    path(_ONE, publication.publication, name="figure_publication"),
    path(f"{_ONE}agree/<uuid:organisation>/", publication.agree, name="figures_agree"),
    path(f"{_ONE}refuse/<uuid:organisation>/", publication.refuse, name="figures_refuse"),
    path(f"{_ONE}leave-out/<uuid:organisation>/", publication.leave_out, name="figures_leave_out"),
    path(f"{_ONE}publish/", publication.publish, name="figures_publish"),
    path(f"{_ONE}withdraw/", publication.withdraw, name="figures_withdraw"),
    path(f"{_ONE}drop/", publication.drop, name="figures_drop"),
    path(f"{_ONE}correct/<uuid:helpline>/", publication.correct, name="figures_correct"),
]
public: list[URLPattern | URLResolver] = [
    path("help/figures/", public_views.figures, name="help_figures"),
    path("help/figures/<uuid:publication>.csv", public_views.table, name="help_figures_table"),
]
