"""The guest book of an exhibition: its mode, and visitors' entries."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from coalition.accounts.enums import Language
from coalition.personal_data.fields import OutsidersTextField
from events.core.models import Event
from events.exhibitions.guest_book.enums import BookMode, EntryState


class GuestBook(models.Model):
    """Guest book, one per event. `person`: looks after visitors who may need help, and is the first
    to read their entries."""

    event = models.OneToOneField(Event, on_delete=models.CASCADE, related_name="guest_book")
    mode = models.CharField(max_length=5, choices=BookMode, default=BookMode.OFF)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    opened_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"guest book of event {self.event_id}"


class GuestEntry(models.Model):
    """A visitor's entry. Text, name and town are encrypted.

    `mark`: the form's random idempotency key. `shown`: the text with passages cut out
    (`events.core.summary`), "" without cuts. `may_show`: the visitor agreed to publication of the
    text; `may_name`: also of name and town. `cared_at`: since when somebody looks after an author
    who may need help.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    book = models.ForeignKey(GuestBook, on_delete=models.CASCADE, related_name="entries")
    mark = models.UUIDField()
    text = OutsidersTextField(_("words"))
    shown = OutsidersTextField(blank=True)
    language = models.CharField(_("language"), max_length=5, choices=Language)
    name = OutsidersTextField(_("name"), blank=True)
    town = OutsidersTextField(_("town"), blank=True)
    may_show = models.BooleanField(default=False)
    may_name = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=EntryState, default=EntryState.WAITING)
    token_hash = models.CharField(max_length=64, unique=True)
    written_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    cared_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-written_at", "-id"]
        constraints = [models.UniqueConstraint(fields=["book", "mark"], name="one_guest_entry_a_mark")]
        indexes = [models.Index(fields=["book", "state", "-written_at"], name="guest_entry_of_book")]

    def __str__(self) -> str:
        return f"guest book entry {self.uuid}"

    @property
    def public_words(self) -> str:
        """Return the text as others may read it."""
        return self.shown or self.text

    @property
    def public_name(self) -> str:
        """Return “Aru, Almaty”, as far as the visitor agreed; "" otherwise."""
        return ", ".join(filter(None, [self.name, self.town])) if self.may_show and self.may_name else ""
