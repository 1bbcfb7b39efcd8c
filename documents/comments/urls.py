"""Addresses of comments in the members' area; part of the namespace `documents`."""

from django.urls import URLPattern, URLResolver, path

from documents.comments import views
from documents.legal_review import views as legal_review_views

comment_urls: list[URLPattern | URLResolver] = [
    path("threads/<uuid:thread>/", views.thread, name="thread"),
    path("threads/<uuid:thread>/reply/", views.reply, name="reply"),
    path("threads/<uuid:thread>/resolve/", views.resolve, name="resolve_thread"),
    path("threads/<uuid:thread>/reopen/", views.reopen, name="reopen_thread"),
    path("comments/<uuid:comment>/edit/", views.edit, name="edit_comment"),
    path("comments/<uuid:comment>/delete/", views.delete, name="delete_comment"),
    path("comments/<uuid:comment>/undelete/", views.undelete, name="undelete_comment"),
    path("drafts/<uuid:draft>/legal-readers/", legal_review_views.name, name="name_legal_reader"),
    path("legal-readers/<uuid:reader>/end/", legal_review_views.end, name="end_legal_reader"),
]


def comments_of_a_text(text: str) -> list[URLPattern]:
    """Those below the address of a text, whose converter is known by the time this is called."""
    return [
        path(f"{text}comments/", views.comments, name="comments"),
        path(f"{text}comments/people.json", views.people, name="comment_people"),
    ]
