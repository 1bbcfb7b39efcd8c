"""Press coverage of an event."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _, pgettext_lazy

from coalition.accounts.models import Language, User
from coalition.personal_data.fields import OutsidersTextField
from documents.models import Publication
from events.core.models import Event
from events.core.summary import is_web, key_of_airing, key_of_link
from events.press.models import PressDeskRow


class CoverageKind(models.TextChoices):
    ONLINE = "online", _("Online")
    TELEVISION = "tv", _("Television")
    RADIO = "radio", _("Radio")
    PRINT = "print", pgettext_lazy("kind of outlet", "Print")
    AGENCY = "agency", _("News agency")
    SOCIAL = "social", _("Social networks")


class Proof(models.TextChoices):
    """Reliability of the reach, highest first. Numbers of different reliability are never added."""

    MEASURED = "measured", _("Measured by the outlet")
    COUNTER = "counter", _("Shown by a public counter")
    ESTIMATE = "estimate", _("Our own estimate")
    NOT_KNOWN = "unknown", pgettext_lazy("reach", "Not known")


class Tone(models.TextChoices):
    FAIR = "fair", pgettext_lazy("tone of coverage", "Fair")
    NEUTRAL = "neutral", pgettext_lazy("tone of coverage", "Neutral")
    HOSTILE = "hostile", pgettext_lazy("tone of coverage", "Hostile")


class CoverageState(models.TextChoices):
    """waiting → counted, after review at the press desk."""

    WAITING = "waiting", pgettext_lazy("coverage", "Waits for a look")
    COUNTED = "counted", pgettext_lazy("coverage", "Counted")


def validate_web_link(address: str) -> None:
    """Raise ValidationError if it is not the URL of a page."""
    if not is_web(address):
        raise ValidationError(_("Give the whole address, beginning with https://"))


class CoverageLink(PressDeskRow):
    """Link by which an outlet or a partner adds coverage, for review, without an account. `label`: its
    recipient, encrypted; the database stores the hash of its token."""

    event = models.ForeignKey(Event, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    label = OutsidersTextField()
    language = models.CharField(max_length=5, choices=Language, default=Language.KK)
    token_hash = models.CharField(max_length=64, unique=True)
    made_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"coverage link {self.uuid}"


class Coverage(PressDeskRow):
    """One publication or airing of an outlet; public, so nothing is encrypted.

    `key` identifies duplicates: a hash of the normalised link, or without a link of outlet, day, time and
    programme. `reach` is a number of people, as reliable as `proof` says; `aired_at` is Almaty time."""

    event = models.ForeignKey(Event, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    publication = models.ForeignKey(
        Publication, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    outlet = models.CharField(_("outlet"), max_length=120)
    title = models.CharField(_("title"), max_length=200, blank=True)
    kind = models.CharField(_("kind"), max_length=10, choices=CoverageKind)
    on = models.DateField(_("date"))
    aired_at = models.TimeField(_("time"), null=True, blank=True)
    programme = models.CharField(_("programme"), max_length=120, blank=True)
    link = models.CharField(_("link"), max_length=500, blank=True, validators=[validate_web_link])
    key = models.CharField(max_length=64)
    language = models.CharField(_("language"), max_length=5, choices=Language, blank=True)
    region = models.CharField(_("region"), max_length=5, blank=True)
    reach = models.PositiveBigIntegerField(_("reach"), null=True, blank=True)
    proof = models.CharField(max_length=10, choices=Proof, default=Proof.NOT_KNOWN)
    tone = models.CharField(_("tone"), max_length=10, choices=Tone, blank=True)
    state = models.CharField(max_length=10, choices=CoverageState, default=CoverageState.COUNTED)
    came_by = models.ForeignKey(
        CoverageLink, null=True, blank=True, on_delete=models.SET_NULL, related_name="entries"
    )
    noted_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    noted_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-on", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "key"], condition=Q(removed_at=None), name="one_coverage_a_key"
            ),
            models.CheckConstraint(
                condition=Q(reach__isnull=False) | Q(proof=Proof.NOT_KNOWN),
                name="proof_of_a_reach",
                violation_error_message=_("Give the number too, or say that it is not known."),
            ),
        ]
        indexes = [models.Index(fields=["workspace", "state", "on"], name="coverage_by_day")]

    def __str__(self) -> str:
        return f"coverage {self.uuid}"

    def build_key(self) -> str:
        """Return the value of `key`."""
        if self.link:
            return key_of_link(self.link)
        time = f"{self.aired_at:%H:%M}" if self.aired_at else ""
        return key_of_airing(self.outlet, self.on.isoformat(), time, self.programme)
