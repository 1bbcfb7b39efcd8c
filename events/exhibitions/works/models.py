"""Works of an exhibition: order, texts, and permitted use."""

import datetime

from django.db import models

from coalition.core.crypto import SealedTextField
from documents.files.models import private_storage
from documents.models import StoredFile
from events.core.models import Event, Placed, TitledInLanguages
from events.exhibitions.works.enums import MakerNaming, Reproduction


class Exhibition(models.Model):
    """Settings of all works of an event. `quiet_corner` and `help_words`: texts by language, shown
    beside difficult works and on the exhibition's pages. `opened_at`: since when the catalogue is
    public, as long as the event is. `last_number`: the highest number assigned so far.
    """

    event = models.OneToOneField(Event, on_delete=models.CASCADE, related_name="exhibition")
    quiet_corner = models.JSONField(default=dict)
    help_words = models.JSONField(default=dict)
    help_phone = models.CharField(max_length=40, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    last_number = models.PositiveSmallIntegerField(default=0)

    def __str__(self) -> str:
        return f"exhibition of event {self.event_id}"


class Work(TitledInLanguages, Placed):
    """Work. `number` is assigned once and used in URLs; `position` is the hanging order.

    `technique`, `label` and `content_note` are texts by language. Sizes are centimetres. The maker
    is encrypted, and named in public only as `naming` permits. `show_agreed`: the rights holder
    agreed to showing it until `show_until` (None: no end). `drawn`: its picture, a small copy
    without metadata in private storage, served only while `reproduction` permits. `revision`
    increases with every change except of the position. An archived work keeps its row and can be
    restored.
    """

    exhibition = models.ForeignKey(Exhibition, on_delete=models.CASCADE, related_name="works")
    number = models.PositiveSmallIntegerField()
    technique = models.JSONField(default=dict)
    label = models.JSONField(default=dict)
    content_note = models.JSONField(default=dict)
    difficult = models.BooleanField(default=False)
    maker = SealedTextField(blank=True)
    pseudonym = SealedTextField(blank=True)
    naming = models.CharField(max_length=10, choices=MakerNaming, default=MakerNaming.NAME)
    year = models.CharField(max_length=20, blank=True)
    height = models.DecimalField(max_digits=6, decimal_places=1, null=True, blank=True)
    width = models.DecimalField(max_digits=6, decimal_places=1, null=True, blank=True)
    depth = models.DecimalField(max_digits=6, decimal_places=1, null=True, blank=True)
    show_agreed = models.BooleanField(default=False)
    show_until = models.DateField(null=True, blank=True)
    show_from = SealedTextField(blank=True)
    rights_note = SealedTextField(blank=True)
    reproduction = models.CharField(max_length=10, choices=Reproduction, default=Reproduction.NONE)
    reproduction_until = models.DateField(null=True, blank=True)
    picture = models.ForeignKey(
        StoredFile, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    alt = models.JSONField(default=dict)  # by language: alternative text of the picture
    drawn = models.FileField(storage=private_storage, blank=True, editable=False)
    drawn_width = models.PositiveIntegerField(default=0)  # pixels
    drawn_height = models.PositiveIntegerField(default=0)
    revision = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["exhibition", "number"], name="one_work_a_number"),
        ]
        indexes = [models.Index(fields=["exhibition", "position"], name="work_place")]

    def __str__(self) -> str:
        return f"work {self.uuid}"

    @property
    def maker_in_public(self) -> str:
        """Return the maker as named in public; "" if the maker does not want to be named."""
        if self.naming == MakerNaming.NAME:
            return self.maker
        return self.pseudonym if self.naming == MakerNaming.PSEUDONYM else ""

    def may_be_reproduced(self, today: datetime.date, *, everywhere: bool = False) -> bool:
        """Whether the picture may be reproduced today in the catalogue or, with `everywhere`,
        anywhere."""
        if self.reproduction_until is not None and self.reproduction_until < today:
            return False
        if everywhere:
            return self.reproduction == Reproduction.EVERYWHERE
        return self.reproduction != Reproduction.NONE
