"""What people say beside a text: threads, their comments, who is mentioned, who reads as a lawyer."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from coalition.accounts.models import Organisation
from coalition.personal_data.fields import OutsidersTextField
from documents.drafts.enums import Audience
from documents.drafts.models import Draft, DraftText

LONGEST_QUOTE = 500
LONGEST_COMMENT = 4000


class LegalReader(models.Model):
    """A member who reads a draft as its lawyer: their threads are for them and the coordinators alone.

    One row a person and organisation; naming them again opens it again, and with it what they wrote.
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
    """A comment on a text or on words of it, with the answers to it.

    `quote` keeps the words as they stood, so that the thread can be read when they are gone. A thread for
    the workspace is also a mark in the live document, by `uuid`. A narrower one leaves no trace there:
    `position` is what the browser of its author made of the selection (two relative positions of Yjs), and
    only those who may read the thread are ever sent it.

    `organisation` is the one in whose name it was begun, and the audience of a thread for an organisation;
    none if a guest began it. A legal thread has its `reader`, or the `guest` who reads by a link.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    text = models.ForeignKey(DraftText, on_delete=models.CASCADE, related_name="threads")
    audience = models.CharField(_("who sees it"), max_length=12, choices=Audience, default=Audience.WORKSPACE)
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")
    # Restricted, not protected: both go with their draft.
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
    """One thing said in a thread, as plain text. A person who is mentioned stands in it as `@[uuid]`: names
    are filled in for each reader. A deleted comment keeps its place and its words, which nobody is shown.

    `guest` is the link of the guest who said it, who is nobody's member. With an organisation it is the Word
    file in which somebody said it who is known by that file alone; `author` brought it in.
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
        """Whether it is of somebody who is known by a Word file alone."""
        return self.guest is not None and self.organisation_id is not None


class Mention(models.Model):
    """Who is called in a comment, and as whose person: the organisation decides who is told the name."""

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
