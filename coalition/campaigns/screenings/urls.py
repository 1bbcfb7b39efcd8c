"""Addresses of screenings."""

from django.urls import URLPattern, URLResolver, path

from coalition.campaigns.screenings import views
from coalition.campaigns.screenings.public_views import AskedView, AskView, OwnScreeningView

desk: list[URLPattern | URLResolver] = [
    path("<uuid:workspace>/screenings/", views.screenings, name="screenings"),
    path("screenings/<uuid:screening>/", views.screening, name="screening"),
    path("screenings/<uuid:screening>/done/", views.finish, name="screening_done"),
]
public: list[URLPattern | URLResolver] = [
    path("films/<uuid:film>/screening/", AskView.as_view(), name="ask_for_screening"),
    path("films/<uuid:film>/screening/sent/", AskedView.as_view(), name="ask_for_screening_sent"),
    path("films/request/<str:token>/", OwnScreeningView.as_view(), name="own_screening"),
]
root: list[URLPattern | URLResolver] = []
