"""The film of a screening and the rights to it."""

from django.db import models

from coalition.core.crypto import SealedTextField
from events.core.models import Event, TitledInLanguages
from events.exhibitions.works.enums import AgeRating


class Screening(TitledInLanguages):
    """Film of a screening. `sound` and `subtitles` are lists of `SpokenLanguage`;
    `content_note` and `guide` (for the discussion afterwards) are texts by language. The rights are
    valid from `rights_from` to `rights_until`, for `showings` showings (None: unlimited). Rights
    holder and support person are encrypted."""

    event = models.OneToOneField(Event, on_delete=models.CASCADE, related_name="screening")
    maker = models.CharField(max_length=160, blank=True)
    year = models.PositiveSmallIntegerField(null=True, blank=True)
    minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    sound = models.JSONField(default=list, blank=True)
    subtitles = models.JSONField(default=list, blank=True)
    age = models.CharField(max_length=4, choices=AgeRating, blank=True)
    certificate = models.CharField(max_length=60, blank=True)
    content_note = models.JSONField(default=dict)
    guide = models.JSONField(default=dict)
    rights_holder = SealedTextField(blank=True)
    rights_from = models.DateField(null=True, blank=True)
    rights_until = models.DateField(null=True, blank=True)
    showings = models.PositiveSmallIntegerField(null=True, blank=True)
    support = SealedTextField(blank=True)
    support_phone = SealedTextField(blank=True)

    def __str__(self) -> str:
        return f"film of event {self.event_id}"
