"""The guest book of an exhibition: its mode, and visitors' entries."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _, pgettext_lazy

from coalition.accounts.models import Language
from coalition.applicants.forms import validate_single_line, validate_visible_characters
from coalition.personal_data.fields import OutsidersTextField
from events.core.models import Event, Identified

SINGLE_LINE = [validate_single_line, validate_visible_characters]


class BookMode(models.TextChoices):
    """Whether a guest book accepts entries and is public."""

    OPEN = "open", _("Visitors write, and everyone reads what was taken in")
    READ = "read", _("Nobody writes any more, everyone reads what was taken in")
    OFF = "off", _("Nobody writes, and nothing of it is on the site")


class EntryState(models.TextChoices):
    """Moderation state of an entry. Only `TAKEN` can ever be public."""

    WAITING = "waiting", pgettext_lazy("a guest book entry", "Waits")
    TAKEN = "taken", pgettext_lazy("a guest book entry", "Taken in")
    NOT_TAKEN = "not_taken", pgettext_lazy("a guest book entry", "Not taken in")
    HELP = "help", pgettext_lazy("a guest book entry", "This person may need help")

    @property
    def next_states(self) -> "set[EntryState]":
        """Return the allowed next states. From `HELP` only `WAITING`, so that one slip cannot
        publish the entry."""
        return {EntryState.WAITING} if self == EntryState.HELP else set(EntryState) - {self}


class GuestBook(models.Model):
    """Guest book, one per event. `person`: looks after visitors who may need help, and is the first
    to read their entries."""

    event = models.OneToOneField(Event, on_delete=models.CASCADE, related_name="guest_book")
    mode = models.CharField(_("The guest book"), max_length=5, choices=BookMode, default=BookMode.OPEN)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("Who looks after visitors that may need help"),
        help_text=_("They see such an entry first, as urgent on their desk, and nobody else reads it there."),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    opened_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"guest book of event {self.event_id}"


class GuestEntry(Identified):
    """A visitor's entry. Text, name and town are encrypted.

    `mark`: the form's random idempotency key. `shown`: the text with passages cut out
    (`events.core.summary`), "" without cuts. `may_show`: the visitor agreed to publication of the
    text; `may_name`: also of name and town. `cared_at`: since when somebody looks after an author
    who may need help.
    """

    book = models.ForeignKey(GuestBook, on_delete=models.CASCADE, related_name="entries")
    mark = models.UUIDField()
    text = OutsidersTextField(
        _("Your words"),
        help_text=_("At most 600 characters. Please name nobody else: we cut such passages out."),
    )
    shown = OutsidersTextField(blank=True)
    language = models.CharField(
        _("Language of your words"), max_length=5, choices=Language, default=Language.KK
    )
    name = OutsidersTextField(_("Your name"), blank=True, max_length=80, validators=SINGLE_LINE)
    town = OutsidersTextField(_("Your town"), blank=True, max_length=80, validators=SINGLE_LINE)
    may_show = models.BooleanField(
        _("My words may stand on this site for everyone"),
        default=False,
        help_text=_("Without a tick only the organisers read them."),
    )
    may_name = models.BooleanField(
        _("My name and my town may stand beside them"),
        default=False,
        help_text=_("Without a tick your words stand without a name."),
    )
    state = models.CharField(max_length=10, choices=EntryState, default=EntryState.WAITING)
    token_hash = models.CharField(max_length=64, unique=True)
    written_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    cared_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-written_at", "-id"]
        constraints = [models.UniqueConstraint(fields=["book", "mark"], name="one_guest_entry_a_mark")]
        indexes = [models.Index(fields=["book", "state", "-written_at"], name="guest_entry_of_book")]

    @property
    def next_states(self) -> set[EntryState]:
        """Return the states that a moderator may choose."""
        return EntryState(self.state).next_states

    @property
    def public_words(self) -> str:
        """Return the text as others may read it."""
        return self.shown or self.text

    @property
    def full_name(self) -> str:
        """Return “Aru, Almaty”."""
        return ", ".join(filter(None, [self.name, self.town]))

    @property
    def public_name(self) -> str:
        """Return the full name as far as the visitor agreed; "" otherwise."""
        return self.full_name if self.may_show and self.may_name else ""
