"""Media access to a text before it is public, and its uses."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from coalition.accounts.enums import Language
from coalition.accounts.models import Organisation
from documents.drafts.enums import EmbargoAct, EmbargoWay
from documents.publication.models import Publication


class EmbargoAccess(models.Model):
    """One person of an outlet and one planned publication: asked, agreed to the embargo, or
    revoked.

    `contact` is a UUID: contacts may be in a database of their own. The mailed URL contains a
    token, of which the database stores only the SHA-256. None of the text is disclosed before
    `agreed_at`.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    publication = models.ForeignKey(Publication, on_delete=models.CASCADE, related_name="accesses")
    contact = models.UUIDField()
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    agreed_at = models.DateTimeField(null=True, blank=True)
    agreed_way = models.CharField(_("how it was agreed"), max_length=8, choices=EmbargoWay, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["publication", "contact"],
                condition=models.Q(revoked_at=None),
                name="one_embargo_access_a_contact",
            )
        ]

    def __str__(self) -> str:
        return f"embargo access {self.uuid}"


class EmbargoFeed(models.Model):
    """The embargo calendar of one person of an outlet; a new URL invalidates the previous one.

    The URL contains a token, of which the database stores only the SHA-256; it is mailed to the
    person. Its content is computed at every request (`queries.embargo.embargoes_in_calendar`).
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    contact = models.UUIDField()
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    made_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["contact"], condition=models.Q(ended_at=None), name="one_embargo_feed_a_contact"
            )
        ]

    def __str__(self) -> str:
        return f"embargo feed {self.uuid}"


class EmbargoUse(models.Model):
    """One use of an access. No network address is stored."""

    access = models.ForeignKey(EmbargoAccess, on_delete=models.CASCADE, related_name="uses")
    act = models.CharField(max_length=10, choices=EmbargoAct)
    language = models.CharField(max_length=5, choices=Language, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["access", "at"], name="embargo_use_by_time")]

    def __str__(self) -> str:
        return f"{self.act} of {self.access_id}"
