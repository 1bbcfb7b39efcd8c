"""Contacts of the press desk, their lists and calls."""

from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _, pgettext_lazy
from uuid_utils.compat import uuid7

from coalition.accounts.models import Language, Organisation, User
from coalition.personal_data.fields import OutsidersTextField
from coalition.workspaces.models import Workspace
from coalition.workspaces.permissions import Access
from documents.models import Publication
from events.core.models import Event


class MailOutState(models.TextChoices):
    """planned → sending → done; sending → stopped, when unsent mails are withdrawn."""

    PLANNED = "planned", _("Not sent yet")
    SENDING = "sending", _("Being sent")
    STOPPED = "stopped", pgettext_lazy("mail-out", "Stopped")
    DONE = "done", pgettext_lazy("mail-out", "Sent")


class LetterState(models.TextChoices):
    """State of one mail."""

    CHOSEN = "chosen", _("Not sent yet")
    WAITING = "waiting", pgettext_lazy("mail", "Waits")
    SENT = "sent", pgettext_lazy("mail", "Sent")
    REFUSED = "refused", _("Refused by the mail server")
    ENDED = "ended", _("Wants no more mail")
    KEPT_BACK = "kept_back", _("Not sent")


class CallOutcome(models.TextChoices):
    """Outcome of a call to an outlet."""

    OPEN = "open", _("Not called yet")
    REACHED = "reached", _("Reached")
    COMES = "comes", _("Will come")
    NOT_REACHED = "not_reached", _("Not reached")
    AGAIN = "again", _("Call again")


class PressDeskRow(models.Model):
    """A row of an organisation's press desk in a workspace."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")

    class Meta:
        abstract = True

    @classmethod
    def of(cls, access: Access, **fields: Any) -> Self:
        """Return a new row of the acting organisation; do not save."""
        return cls(workspace=access.workspace, organisation=access.organisation, **fields)


class PressMatter(PressDeskRow):
    """Subject of a mailing or call sheet: a public event or a published text."""

    event = models.ForeignKey(Event, null=True, on_delete=models.CASCADE, related_name="+")
    publication = models.ForeignKey(Publication, null=True, on_delete=models.CASCADE, related_name="+")
    made_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        abstract = True
        ordering = ["-id"]

    @property
    def about(self) -> Event | Publication:
        """Return the event or the publication; a constraint ensures that there is one."""
        found = self.event or self.publication
        if found is None:
            raise LookupError(self.uuid)
        return found


_ONE_MATTER = Q(event__isnull=False) ^ Q(publication__isnull=False)


class MailOut(PressMatter):
    """Mailing to chosen contacts, each in their language; reviewed while planned, then sent through
    the outbox. `answers_to`: the recipient of replies."""

    state = models.CharField(max_length=10, choices=MailOutState, default=MailOutState.PLANNED)
    answers_to = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta(PressMatter.Meta):
        constraints = [models.CheckConstraint(condition=_ONE_MATTER, name="mail_out_of_one_matter")]

    def __str__(self) -> str:
        return f"mail-out {self.uuid}"


class Letter(models.Model):
    """One contact of a mailing. `owner`: UUID of the organisation that owns the contact; `language`: of the
    text; `wished`: the contact's. The hash of the address outlives the contact, for the unsubscribe link."""

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
    called_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    called_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["sheet", "contact"], name="one_call_a_contact")]

    def __str__(self) -> str:
        return f"call {self.uuid} ({self.outcome})"


class SheetTaken(PressDeskRow):
    """Uploaded spreadsheet with a pending choice, of one person: encrypted, deleted after a day."""

    class About(models.TextChoices):
        CONTACTS = "contacts"
        COVERAGE = "coverage"

    read_by = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    about = models.CharField(max_length=10, choices=About, default=About.CONTACTS)
    name = OutsidersTextField()
    content = OutsidersTextField()  # JSON: events.spreadsheets.reader.Read
    read_at = models.DateTimeField(db_index=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"sheet {self.uuid}"
