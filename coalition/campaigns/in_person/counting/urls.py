"""Addresses of counting."""

from django.urls import URLPattern, URLResolver, path

from coalition.campaigns.in_person.counting import views

_ALL = "<uuid:workspace>/counts/"
_ONE = "counts/<uuid:tally>/"

desk: list[URLPattern | URLResolver] = [
    path(_ALL, views.CountsView.as_view(), name="counts"),
    path("counts/tables/<uuid:table>/", views.CloseTableView.as_view(), name="table_counting"),
    path(_ONE, views.CountView.as_view(), name="count"),
    path(f"{_ONE}take-back/", views.take_back_tally_count, name="count_take_back"),
]
public: list[URLPattern | URLResolver] = []
root: list[URLPattern | URLResolver] = []
