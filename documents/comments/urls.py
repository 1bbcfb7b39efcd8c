"""Addresses of comments in the members' area; part of the namespace `documents`."""

from django.urls import URLPattern, URLResolver, path

from documents.views import comment_acts, comments, legal_readers

comment_urls: list[URLPattern | URLResolver] = [
    path("threads/<uuid:thread>/", comment_acts.thread, name="thread"),
    path("threads/<uuid:thread>/reply/", comment_acts.reply, name="reply"),
    path("threads/<uuid:thread>/resolve/", comment_acts.resolve, name="resolve_thread"),
    path("threads/<uuid:thread>/reopen/", comment_acts.reopen, name="reopen_thread"),
    path("comments/<uuid:comment>/edit/", comment_acts.edit, name="edit_comment"),
    path("comments/<uuid:comment>/delete/", comment_acts.delete, name="delete_comment"),
    path("comments/<uuid:comment>/undelete/", comment_acts.undelete, name="undelete_comment"),
    path("drafts/<uuid:draft>/legal-readers/", legal_readers.name, name="name_legal_reader"),
    path("legal-readers/<uuid:reader>/end/", legal_readers.end, name="end_legal_reader"),
]


def comments_of_a_text(text: str) -> list[URLPattern]:
    """Those below the address of a text, whose converter is known by the time this is called."""
    return [
        path(f"{text}comments/", comments.comments, name="comments"),
        path(f"{text}comments/people.json", comments.people, name="comment_people"),
    ]
