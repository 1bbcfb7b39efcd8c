"""Addresses of files in the members' area; part of the namespace `documents`."""

from django.urls import URLPattern, URLResolver, path

from documents.files import views

desk: list[URLPattern | URLResolver] = [
    path("<uuid:workspace>/files/", views.files, name="files"),
    path("files/<uuid:file>/", views.file, name="file"),
    path("files/<uuid:file>/delete/", views.delete, name="delete"),
    path("files/<uuid:file>/undelete/", views.undelete, name="undelete"),
    path("files/<uuid:file>/download/", views.download, name="download"),
    path("files/<uuid:file>/picture/", views.picture, name="picture"),
]
