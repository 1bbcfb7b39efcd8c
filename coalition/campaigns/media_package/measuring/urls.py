"""Addresses."""

from django.urls import URLPattern, URLResolver, path

from coalition.campaigns.media_package.measuring import views

desk: list[URLPattern | URLResolver] = [
    path("media/files/<uuid:rendition>/copies/", views.copies, name="media_file_copies"),
]
public: list[URLPattern | URLResolver] = []
root: list[URLPattern | URLResolver] = []
