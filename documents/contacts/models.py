"""Press contacts: outlets, their people, topics and channels."""

from uuid import UUID

from django.db import models
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _, pgettext_lazy
from uuid_utils.compat import uuid7

from coalition.accounts.models import Language
from coalition.personal_data.fields import OutsidersTextField
from documents.drafts.models import CodesField


class Outlet(models.Model):
    """A newspaper, station, site or channel, as one organisation knows it. `organisation`: its UUID."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    organisation = models.UUIDField(db_index=True, editable=False)
    name = OutsidersTextField(_("outlet"))

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"outlet {self.uuid}"  # written to logs: never the name


class Contact(models.Model):
    """A person of an outlet. Name, address, phone and messenger are encrypted; topics, channels and
    languages are not, so that they can be searched.

    Owned by the organisation (a UUID) that added the contact. Others see the outlet and the
    language, unless it is shared: with the coalition (`for_coalition`), or with workspaces
    (`ContactShare`). Removed ones are kept without data, so that references to them still count;
    until `forget_contact` has run, the removal can be undone. `language`: for correspondence;
    `also_reads`: the others. `address_print`: keyed hash for finding an address.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    organisation = models.UUIDField(db_index=True, editable=False)
    outlet = models.ForeignKey(Outlet, on_delete=models.PROTECT, related_name="contacts")
    name = OutsidersTextField(_("name"))
    address = OutsidersTextField(_("e-mail"), blank=True)
    address_print = models.CharField(max_length=64, blank=True, db_index=True, editable=False)
    phone = OutsidersTextField(_("phone"), blank=True)
    messenger = OutsidersTextField(_("messenger"), blank=True)
    language = models.CharField(_("language"), max_length=5, choices=Language, default=Language.KK)
    also_reads = CodesField(_("other languages"))
    beats = CodesField(_("topics"))
    regions = CodesField(_("regions"))
    channels = CodesField(_("channels"))
    for_coalition = models.BooleanField(default=False)
    added_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"contact {self.uuid}"

    @property
    def languages(self) -> list[str]:
        """The languages they read; the one for correspondence first."""
        return [self.language, *(code for code in self.also_reads if code != self.language)]


class ContactShare(models.Model):
    """A contact shared by its organisation with a workspace (a UUID)."""

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="shares")
    workspace = models.UUIDField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["contact", "workspace"], name="one_contact_share")]

    def __str__(self) -> str:
        return f"contact {self.contact_id} in {self.workspace}"


class PressStop(models.Model):
    """An address that opted out of press mail: valid for the whole coalition, also if the contact
    is removed and added again. Only the keyed hash of the address is stored."""

    address_print = models.CharField(max_length=64, unique=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.address_print[:8]} since {self.at:%Y-%m-%d}"


class Beat(models.TextChoices):
    SOCIETY = "society", _("Society")
    WOMEN = "women", _("Women’s rights")
    LAW = "law", _("Law and courts")
    POLITICS = "politics", _("Politics")
    HEALTH = "health", _("Health")
    EDUCATION = "education", _("Education")
    CULTURE = "culture", _("Culture")
    ECONOMY = "economy", _("Economy")
    REGIONAL = "regional", _("News of the region")
    PHOTO = "photo", _("Photographs and film")


class Channel(models.TextChoices):
    SITE = "site", _("News site")
    PRINT = "print", pgettext_lazy("kind of outlet", "Print")
    TELEVISION = "tv", _("Television")
    RADIO = "radio", _("Radio")
    AGENCY = "agency", _("News agency")
    SOCIAL = "social", _("Social networks")
    MESSENGER = "messenger", _("Messenger channel")
    PODCAST = "podcast", _("Podcast")


def outlets_of(organisation: UUID) -> QuerySet[Outlet]:
    """Return the outlets that the organisation knows."""
    return Outlet.objects.filter(organisation=organisation)


def contacts_of(organisation: UUID) -> QuerySet[Contact]:
    """Return media contacts that the organisation brought and has not removed."""
    return Contact.objects.filter(organisation=organisation, removed_at=None).select_related("outlet")


def contacts_to_write_to(organisation: UUID) -> QuerySet[Contact]:
    """Return those of `contacts_of` that have an e-mail address."""
    return contacts_of(organisation).exclude(address_print="")
