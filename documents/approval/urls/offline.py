"""Ways to decide otherwise than in the members' area: `urls` below the site's root, `desk` in that area."""

from django.urls import URLPattern, URLResolver, path

from documents.approval.views import calls, objections, one_time, one_time_links
from documents.gaps import views as gaps_views
from documents.quotations import views as quotations_views

_ASKED = "rounds/<uuid:round_uuid>/decide/<uuid:organisation>/"

urls: list[URLPattern | URLResolver] = [
    path("once/<str:token>/", one_time.one_time, name="one_time"),
    path("once/<str:token>/pictures/<uuid:file>/", one_time.picture, name="one_time_picture"),
    path("decided/", one_time.done, name="one_time_done"),
    path("quotation/<str:token>/", quotations_views.quotation, name="quotation"),
    path("quotation-answered/", quotations_views.done, name="quotation_done"),
    path("objection/<str:token>/", objections.objection, name="objection"),
    path("objected/", objections.done, name="objection_done"),
]
desk: list[URLPattern | URLResolver] = [
    path("rounds/<uuid:round_uuid>/links/", one_time_links.links, name="one_time_links"),
    path(
        "rounds/<uuid:round_uuid>/links/<uuid:link>/take-back/",
        one_time_links.take_back,
        name="one_time_take_back",
    ),
    path("drafts/<uuid:draft>/quotations/", quotations_views.quotations, name="quotations"),
    path("rounds/<uuid:round_uuid>/fill/", gaps_views.fill, name="fill_gaps"),
    path("rounds/<uuid:round_uuid>/calls/", calls.sheet, name="call_sheet"),
    path("rounds/<uuid:round_uuid>/calls/<uuid:organisation>/", calls.call, name="call"),
    path("rounds/<uuid:round_uuid>/calls/<uuid:call>/confirm/", calls.confirm, name="confirm_call"),
    path(f"{_ASKED}links/", one_time_links.links, name="one_time_links_for"),
    path(f"{_ASKED}links/<uuid:link>/take-back/", one_time_links.take_back, name="one_time_take_back_for"),
    path(f"{_ASKED}not-agreed/", objections.object_signed_in, name="object_to_decisions"),
]
