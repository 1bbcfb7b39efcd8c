"""Addresses of files in the members' area; part of the namespace `documents`."""

from django.urls import URLPattern, URLResolver, path

from documents.files import views

desk: list[URLPattern | URLResolver] = [
    path("<uuid:workspace>/files/", views.WorkspaceFiles.as_view(), name="files"),
    path("files/<uuid:file>/", views.FilePage.as_view(), name="file"),
    path("files/<uuid:file>/delete/", views.delete_file_view, name="delete"),
    path("files/<uuid:file>/undelete/", views.undelete_file_view, name="undelete"),
    path("files/<uuid:file>/download/", views.download_file, name="download"),
    path("files/<uuid:file>/picture/", views.file_picture, name="picture"),
]
