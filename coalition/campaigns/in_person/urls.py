"""Addresses of tables: the desk, the volunteers' link, and single-use codes."""

from django.urls import URLPattern, URLResolver, path

from coalition.campaigns.in_person.views import desk as desk_views, phone, support

_ALL = "<uuid:workspace>/tables/"
_ONE = "tables/<uuid:table>/"
_LINK = "table/<str:token>/"

desk: list[URLPattern | URLResolver] = [
    path(_ALL, desk_views.tables, name="tables"),
    path(f"{_ALL}new/", desk_views.new, name="table_new"),
    path(f"{_ALL}guidance/", desk_views.guidance, name="table_guidance"),
    path(_ONE, desk_views.table, name="table"),
    path(f"{_ONE}settings/", desk_views.settings, name="table_settings"),
    path(f"{_ONE}cancel/", desk_views.cancel, name="table_cancel"),
    path(f"{_ONE}link/", desk_views.renew, name="table_link"),
]
public: list[URLPattern | URLResolver] = [
    path(_LINK, phone.page, name="table"),
    path(f"{_LINK}open/", phone.open_by_link, name="table_open"),
    path(f"{_LINK}taps/", phone.taps, name="table_taps"),
    path(f"{_LINK}codes/", phone.codes, name="table_codes"),
    path(f"{_LINK}state.json", phone.state, name="table_state"),
    path(f"{_LINK}permission/", phone.permission, name="table_permission"),
    path(f"{_LINK}worker.js", phone.worker, name="table_worker"),
    path("support/<slug:slug>/at/<str:code>/", support.TableSupportView.as_view(), name="table_support"),
    path("support/<slug:slug>/counted/", support.supported, name="table_supported"),
]
root: list[URLPattern | URLResolver] = [
    path("at/<str:code>", support.scanned, name="table_code"),
    path("AT/<str:code>", support.scanned, name="table_code_in_capitals"),
]
