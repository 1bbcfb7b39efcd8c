"""Addresses of posters."""

from django.urls import URLPattern, URLResolver, path

from coalition.campaigns.media_package.posters import views

desk: list[URLPattern | URLResolver] = [
    path("media/items/<uuid:item>/preview/<slug:format>.png", views.preview, name="media_item_preview"),
    path("media/items/<uuid:item>/figure/", views.take_new_figure, name="media_item_figure"),
    path("media/items/<uuid:item>/set/", views.set_files, name="media_item_set"),
]
public: list[URLPattern | URLResolver] = []
root: list[URLPattern | URLResolver] = []
