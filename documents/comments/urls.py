"""URL patterns of comments in the member area; part of the namespace `documents`."""

from django.urls import URLPattern, URLResolver, path

from documents.comments import views
from documents.drafts.access import TEXT

desk: list[URLPattern | URLResolver] = [
    path(f"{TEXT}comments/", views.text_comments, name="comments"),
    path(f"{TEXT}comments/people.json", views.people_to_mention, name="comment_people"),
    path("threads/<uuid:thread>/", views.show_thread, name="thread"),
    path("threads/<uuid:thread>/reply/", views.reply_to_thread, name="reply"),
    path("threads/<uuid:thread>/resolve/", views.resolve_comment_thread, name="resolve_thread"),
    path("threads/<uuid:thread>/reopen/", views.reopen_comment_thread, name="reopen_thread"),
    path("comments/<uuid:comment>/edit/", views.change_comment, name="edit_comment"),
    path("comments/<uuid:comment>/delete/", views.remove_comment, name="delete_comment"),
    path("comments/<uuid:comment>/undelete/", views.restore_comment, name="undelete_comment"),
    path("drafts/<uuid:draft>/legal-readers/", views.name_reader, name="name_legal_reader"),
    path("legal-readers/<uuid:reader>/end/", views.end_reader, name="end_legal_reader"),
]
