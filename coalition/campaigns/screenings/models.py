"""Requests for a screening."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _, pgettext_lazy

from coalition.accounts.models import REGIONS
from coalition.applicants.models import Applicant
from coalition.campaigns.screenings.enums import Audience, ScreeningState
from coalition.personal_data.fields import OutsidersTextField
from coalition.workspaces.models import Workspace

MOST_PEOPLE = 5000


class ScreeningRequest(Applicant):
    """An organisation or group asks to show a film. Who they are, and the support person, is encrypted.

    `film`: translation key of its page. `support_person`: who is there for those who need it. `given_videos`:
    keys of all videos that were ever agreed on, the last one last; never shortened, whatever becomes of the
    request: they have them (`takers`). `mails`: number of mails, part of their keys.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    film = models.UUIDField(db_index=True)
    group = OutsidersTextField(_("Organisation or group"), max_length=160)
    contact = OutsidersTextField(_("Contact person"), max_length=120)
    region = models.CharField(_("Region"), max_length=8, choices=list(REGIONS.items()))
    place = OutsidersTextField(_("Town and hall"), max_length=200)
    on = models.DateField(_("Day"))
    people = models.PositiveIntegerField(
        _("About how many people"), validators=[MinValueValidator(1), MaxValueValidator(MOST_PEOPLE)]
    )
    audience = models.PositiveSmallIntegerField(_("Who watches"), choices=Audience)
    support_person = OutsidersTextField(_("Support person"), max_length=120)
    support_contact = OutsidersTextField(_("Phone or mail of the support person"), max_length=120)
    note = OutsidersTextField(_("Note"), blank=True, max_length=600)
    state = models.CharField(max_length=12, choices=ScreeningState, default=ScreeningState.UNPROVED)
    written_at = models.DateTimeField()
    proved_at = models.DateTimeField(null=True, blank=True)
    answer = OutsidersTextField(pgettext_lazy("noun", "Answer"), blank=True, max_length=2000)
    viewing_link = OutsidersTextField(_("Link for viewing"), blank=True, max_length=500)
    given_videos = models.JSONField(default=list, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    mails = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["on", "id"]
        verbose_name = _("request for a screening")
        indexes = [models.Index(fields=["workspace", "state", "on"], name="screening_of_workspace")]


class ErasedScreenings(models.Model):
    """How many groups that were given a video (`video`: its key) are erased by now. They have it all the
    same (`takers`)."""

    video = models.CharField(max_length=40, unique=True)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("erased screenings of a film")

    def __str__(self) -> str:
        return f"{self.count} erased screenings of video {self.video}"
