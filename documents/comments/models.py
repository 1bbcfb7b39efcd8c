"""Comment threads on a text, their comments and mentions, and the legal readers of a draft."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from coalition.accounts.models import Organisation
from coalition.personal_data.fields import OutsidersTextField
from documents.drafts.models import Audience, Draft, DraftText

LONGEST_QUOTE = 500
LONGEST_COMMENT = 4000


class LegalReader(models.Model):
    """A member who reads a draft as its lawyer; their threads are visible to them and the coordinators only.

    One row per person and organisation; naming them again reactivates the row and its threads.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="legal_readers")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    named_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    named_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["draft", "person", "organisation"], name="one_legal_reader_a_draft"
            )
        ]

    def __str__(self) -> str:
        return f"legal reader {self.uuid}"


class Thread(models.Model):
    """A comment on a text or on words of it, with the replies to it.

    `quote` stores the words as they were, so that the thread stays readable after they are deleted. A thread
    for the workspace is also a mark in the live document, by `uuid`. A narrower one leaves no trace there:
    `position` is the author's selection as sent by the browser (two relative positions of Yjs), and is sent
    only to those who may read the thread.

    `organisation`: the one on whose behalf it was started, and the audience of a thread for an organisation;
    empty if a guest started it. A legal thread has its `reader`, or the `guest` who reads by a link.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    text = models.ForeignKey(DraftText, on_delete=models.CASCADE, related_name="threads")
    audience = models.CharField(_("who sees it"), max_length=12, choices=Audience, default=Audience.WORKSPACE)
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")
    # RESTRICT rather than PROTECT: both are deleted with their draft.
    reader = models.ForeignKey(LegalReader, null=True, on_delete=models.RESTRICT, related_name="threads")
    guest = models.UUIDField(null=True, editable=False, db_index=True)  # of the link
    quote = models.CharField(max_length=LONGEST_QUOTE, blank=True)
    position = models.JSONField(null=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    resolved_for = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(audience=Audience.LEGAL, reader__isnull=False, guest=None)
                | Q(audience=Audience.LEGAL, reader=None, guest__isnull=False)
                | (~Q(audience=Audience.LEGAL) & Q(reader=None, guest=None, organisation__isnull=False)),
                name="a_legal_thread_has_its_reader",
            )
        ]

    def __str__(self) -> str:
        return f"thread {self.uuid}"

    def get_absolute_url(self) -> str:
        return reverse("documents:thread", args=[self.uuid])


class Comment(models.Model):
    """One comment in a thread, as plain text. A mentioned person is stored as `@[uuid]`; the name is filled
    in for each reader. A deleted comment keeps its place and its words, which are hidden from everyone.

    `guest` is the guest link of the author, who is no member. With an organisation set, it is the Word file
    from which the comment was imported, and its author is known only from that file; `author` imported it.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="comments")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")
    guest = models.UUIDField(null=True, editable=False)
    guest_name = OutsidersTextField(blank=True)
    body = models.TextField(_("comment"))
    created_at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True, blank=True)
    deleted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"comment {self.uuid}"

    @property
    def is_from_file(self) -> bool:
        """Whether the comment's author is known only from a Word file."""
        return self.guest is not None and self.organisation_id is not None


class Mention(models.Model):
    """A person mentioned in a comment, and their organisation, which decides who sees the name."""

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="mentions")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["comment", "person"], name="one_mention_a_person_and_comment")
        ]

    def __str__(self) -> str:
        return f"mention {self.pk}"
