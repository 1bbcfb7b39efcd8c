"""Uses of helplines: `desk` below `/workspaces/`; `root` for the phones of operators."""

from django.urls import URLPattern, URLResolver, path

from coalition.campaigns.helplines.uses.views import desk as desk_views, staffing

_DESK = "<uuid:workspace>/helplines/"
_ONE = f"{_DESK}<uuid:use>/"

desk: list[URLPattern | URLResolver] = [
    path("helplines/staffing/", staffing.questions, name="staffing_questions"),
    path("helplines/staffing/<uuid:use>/", staffing.answer, name="staffing"),
    path(_DESK, desk_views.uses, name="helpline_uses"),
    path(f"{_DESK}new/", desk_views.choose_line, name="helpline_use_choose"),
    path(f"{_DESK}new/<uuid:helpline>/", desk_views.add, name="helpline_use_add"),
    path(_ONE, desk_views.use_page, name="helpline_use"),
    path(f"{_ONE}edit/", desk_views.edit, name="helpline_use_edit"),
    path(f"{_ONE}end/", desk_views.end, name="helpline_use_end"),
    path(f"{_ONE}bring-back/", desk_views.bring_back, name="helpline_use_bring_back"),
]
root: list[URLPattern | URLResolver] = [
    path("operator/<str:token>/staffing/<uuid:use>/", staffing.answer_by_link, name="operator_staffing"),
]
