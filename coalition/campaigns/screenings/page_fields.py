"""What the pages of films and stories tell."""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from coalition.workspaces.models import Workspace
from events.exhibitions.works.models import AgeRating


class FilmFields(models.Model):
    """Fields of a film's page, beside its blocks. Without a video the page is not public."""

    lead = models.TextField(
        _("lead"), max_length=600, help_text=_("What the film tells, in one or two sentences.")
    )
    video = models.ForeignKey(
        "home.PublicVideo",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("video"),
        help_text=_("Until there is one, nobody but the newsroom sees this page."),
    )
    director = models.CharField(_("Director"), max_length=160, blank=True)
    year = models.PositiveSmallIntegerField(
        _("Year"), null=True, blank=True, validators=[MinValueValidator(1888), MaxValueValidator(2100)]
    )
    minutes = models.PositiveSmallIntegerField(
        _("Length in minutes"), validators=[MinValueValidator(1), MaxValueValidator(1000)]
    )
    age = models.CharField(_("Age mark"), max_length=4, choices=AgeRating.choices)
    certificate = models.CharField(
        _("Certificate number"),
        max_length=60,
        blank=True,
        help_text=_("Of the state's certificate that allows to show the film."),
    )
    content_note = models.TextField(
        _("Content note"), max_length=600, help_text=_("What one sees or hears, said calmly.")
    )
    guide = models.TextField(
        _("Guide for the talk after the film"),
        blank=True,
        max_length=6000,
        help_text=_("Plain text. Begin with how to end early, and who helps on the spot."),
    )
    screenings_open = models.BooleanField(_("Screenings can be asked for"), default=False)
    screenings_workspace = models.ForeignKey(
        Workspace,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("Workspace that answers"),
        help_text=_("Its editors and coordinators get the requests. Only workspaces in which you plan."),
    )

    class Meta:
        abstract = True

    def clean(self) -> None:
        super().clean()
        if self.screenings_open and self.screenings_workspace_id is None:
            raise ValidationError({"screenings_workspace": _("Choose who answers the requests.")})

    @property
    def director_and_year(self) -> str:
        """Return those that are known, with a comma between them."""
        return ", ".join(filter(None, [self.director, str(self.year or "")]))


class StoryFields(models.Model):
    """Fields of a story's page, beside its blocks."""

    lead = models.TextField(
        _("lead"), max_length=600, help_text=_("What it is about, in a sentence. Lists show it.")
    )
    recording = models.ForeignKey(
        "home.PublicVideo",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("recording"),
        help_text=_("The interview as a video, or a voice with one still picture."),
    )
    picture = models.ForeignKey(
        "home.PublicImage",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("Picture"),
    )

    class Meta:
        abstract = True
