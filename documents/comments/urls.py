"""Addresses of comments in the members' area; part of the namespace `documents`."""

from django.urls import URLPattern, URLResolver, path

from documents.comments import views
from documents.drafts.addresses import TEXT

desk: list[URLPattern | URLResolver] = [
    path(f"{TEXT}comments/", views.comments, name="comments"),
    path(f"{TEXT}comments/people.json", views.people, name="comment_people"),
    path("threads/<uuid:thread>/", views.thread, name="thread"),
    path("threads/<uuid:thread>/reply/", views.reply, name="reply"),
    path("threads/<uuid:thread>/resolve/", views.resolve, name="resolve_thread"),
    path("threads/<uuid:thread>/reopen/", views.reopen, name="reopen_thread"),
    path("comments/<uuid:comment>/edit/", views.edit, name="edit_comment"),
    path("comments/<uuid:comment>/delete/", views.delete, name="delete_comment"),
    path("comments/<uuid:comment>/undelete/", views.undelete, name="undelete_comment"),
    path("drafts/<uuid:draft>/legal-readers/", views.name_reader, name="name_legal_reader"),
    path("legal-readers/<uuid:reader>/end/", views.end_reader, name="end_legal_reader"),
]
