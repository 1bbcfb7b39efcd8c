"""Press desk: mailings to media contacts, and calls. Contacts are referenced by UUID."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from uuid_utils.compat import uuid7

from coalition.accounts.enums import Language
from coalition.accounts.models import Organisation
from coalition.personal_data.fields import OutsidersTextField
from coalition.workspaces.models import Workspace
from documents.models import Publication
from events.core.models import Event
from events.press.enums import CallOutcome, LetterState, MailOutState


class PressMatter(models.Model):
    """Subject of a mailing or call sheet: a public event or a published text, with organisation and
    workspace."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    event = models.ForeignKey(Event, null=True, on_delete=models.CASCADE, related_name="+")
    publication = models.ForeignKey(Publication, null=True, on_delete=models.CASCADE, related_name="+")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    made_at = models.DateTimeField()

    class Meta:
        abstract = True
        ordering = ["-id"]

    @property
    def about(self) -> Event | Publication:
        """Return the event or the publication. Raises LookupError if both are missing, which a
        database constraint prevents."""
        found = self.event or self.publication
        if found is None:
            raise LookupError(self.uuid)
        return found


_ONE_MATTER = Q(event__isnull=False) ^ Q(publication__isnull=False)


class MailOut(PressMatter):
    """Mailing to chosen contacts, each in their language; reviewed while planned, then sent through
    the outbox. `answers_to`: the recipient of replies."""

    state = models.CharField(max_length=10, choices=MailOutState, default=MailOutState.PLANNED)
    answers_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta(PressMatter.Meta):
        constraints = [models.CheckConstraint(condition=_ONE_MATTER, name="mail_out_of_one_matter")]

    def __str__(self) -> str:
        return f"mail-out {self.uuid}"


class Letter(models.Model):
    """One contact of a mailing. `owner`: UUID of the organisation that owns the contact;
    `language`: of the text; `wished`: the contact's preference. Stores the address only as a keyed
    hash, so that the unsubscribe link works after the contact is deleted."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    mail_out = models.ForeignKey(MailOut, on_delete=models.CASCADE, related_name="letters")
    contact = models.UUIDField()
    owner = models.UUIDField()
    language = models.CharField(max_length=5, choices=Language)
    wished = models.CharField(max_length=5, choices=Language)
    address_print = models.CharField(max_length=64)
    token_hash = models.CharField(max_length=64, unique=True)
    state = models.CharField(max_length=10, choices=LetterState, default=LetterState.CHOSEN)
    error = models.CharField(max_length=40, blank=True)  # the mail server's code on rejection
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["mail_out", "contact"], name="one_letter_a_contact")]
        indexes = [models.Index(fields=["mail_out", "state"], name="letter_state")]

    def __str__(self) -> str:
        return f"letter {self.uuid} ({self.state})"


class CallSheet(PressMatter):
    """List of contacts to call about an event or a text, private to the calling organisation."""

    class Meta(PressMatter.Meta):
        constraints = [models.CheckConstraint(condition=_ONE_MATTER, name="call_sheet_of_one_matter")]

    def __str__(self) -> str:
        return f"call sheet {self.uuid}"


class Call(models.Model):
    """One contact on a call sheet, and the outcome of the call. Notes are encrypted."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    sheet = models.ForeignKey(CallSheet, on_delete=models.CASCADE, related_name="calls")
    contact = models.UUIDField()
    outcome = models.CharField(max_length=12, choices=CallOutcome, default=CallOutcome.OPEN)
    note = OutsidersTextField(blank=True)
    again_at = models.DateTimeField(null=True, blank=True)
    called_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    called_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["sheet", "contact"], name="one_call_a_contact")]

    def __str__(self) -> str:
        return f"call {self.uuid} ({self.outcome})"


class SheetTaken(models.Model):
    """Uploaded spreadsheet with a pending choice: rows are encrypted, private to its owner, and
    deleted after a day. `about`: the kind of its rows."""

    class About(models.TextChoices):
        CONTACTS = "contacts"
        COVERAGE = "coverage"

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    read_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    about = models.CharField(max_length=10, choices=About, default=About.CONTACTS)
    name = OutsidersTextField()
    content = OutsidersTextField()  # JSON: events.spreadsheets.reader.Read
    read_at = models.DateTimeField(db_index=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"sheet {self.uuid}"
