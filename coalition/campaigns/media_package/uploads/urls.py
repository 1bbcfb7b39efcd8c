"""Addresses of uploads in pieces."""

from django.urls import URLPattern, URLResolver, path

from coalition.campaigns.media_package.uploads import views

desk: list[URLPattern | URLResolver] = [
    path("media/items/<uuid:item>/uploads/", views.uploads, name="media_uploads"),
    path("media/uploads/<uuid:upload>/", views.upload, name="media_upload"),
    path("media/uploads/<uuid:upload>/again/", views.upload_again, name="media_upload_again"),
]
public: list[URLPattern | URLResolver] = []
root: list[URLPattern | URLResolver] = []
