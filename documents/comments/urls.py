"""Addresses of comments in the members' area; part of the namespace `documents`."""

from django.urls import URLPattern, URLResolver, path

from documents.comments.views import actions, panel
from documents.legal_review.views import readers

comment_urls: list[URLPattern | URLResolver] = [
    path("threads/<uuid:thread>/", actions.thread, name="thread"),
    path("threads/<uuid:thread>/reply/", actions.reply, name="reply"),
    path("threads/<uuid:thread>/resolve/", actions.resolve, name="resolve_thread"),
    path("threads/<uuid:thread>/reopen/", actions.reopen, name="reopen_thread"),
    path("comments/<uuid:comment>/edit/", actions.edit, name="edit_comment"),
    path("comments/<uuid:comment>/delete/", actions.delete, name="delete_comment"),
    path("comments/<uuid:comment>/undelete/", actions.undelete, name="undelete_comment"),
    path("drafts/<uuid:draft>/legal-readers/", readers.name, name="name_legal_reader"),
    path("legal-readers/<uuid:reader>/end/", readers.end, name="end_legal_reader"),
]


def comments_of_a_text(text: str) -> list[URLPattern]:
    """Those below the address of a text, whose converter is known by the time this is called."""
    return [
        path(f"{text}comments/", panel.comments, name="comments"),
        path(f"{text}comments/people.json", panel.people, name="comment_people"),
    ]
