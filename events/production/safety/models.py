"""Safety plan of an event: responsible people, photography rules."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from coalition.accounts.models import Organisation
from coalition.core.crypto import SealedTextField
from events.core.models import Event
from events.production.safety.enums import PhotoRule, SafetyRole


class SafetyPlan(models.Model):
    """Safety plan, one per event, for members who prepare it; `photo_rule` and `photo_words` (by
    language) are displayed to everyone who comes. `no_photo_seats`: None is undecided, 0 means that
    none are needed."""

    event = models.OneToOneField(Event, on_delete=models.CASCADE, related_name="safety_plan")
    photo_rule = models.CharField(_("rule for photographs"), max_length=8, choices=PhotoRule, blank=True)
    photo_words = models.JSONField(default=dict, blank=True)
    no_photo_seats = models.PositiveSmallIntegerField(_("seats without photographs"), null=True, blank=True)
    no_photo_where = models.CharField(_("where they are"), max_length=200, blank=True)
    note = SealedTextField(_("what to do if something happens"), blank=True)
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"safety plan of event {self.event_id}"


class SafetyPerson(models.Model):
    """Person responsible for one role. Name and phone are encrypted, and erased a month after the
    event."""

    plan = models.ForeignKey(SafetyPlan, on_delete=models.CASCADE, related_name="people")
    role = models.CharField(max_length=12, choices=SafetyRole)
    name = SealedTextField(_("name"))
    phone = SealedTextField(_("phone"), blank=True)
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["plan", "role"], name="one_person_a_safety_role")]

    def __str__(self) -> str:
        return f"{self.role} of safety plan {self.plan_id}"
