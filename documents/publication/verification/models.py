"""When each publication was verified, what was found, and what is off the site because of it."""

from django.db import models

from documents.publication.models import Publication


class PublicationCheck(models.Model):
    """The last verification of a publication. No public page reads this table.

    `findings`: see `Finding.as_json`. `grave_runs`: how many runs in succession found a grave difference,
    without those that followed the last counted one (`grave_counted_at`) within minutes.
    `alarmed`: key of a finding → when people were last told of it (ISO 8601).
    """

    publication = models.OneToOneField(Publication, on_delete=models.CASCADE, related_name="last_check")
    checked_at = models.DateTimeField(db_index=True)
    findings = models.JSONField(default=list, blank=True)
    finding_count = models.PositiveSmallIntegerField(default=0)
    grave_runs = models.PositiveSmallIntegerField(default=0)
    grave_counted_at = models.DateTimeField(null=True, blank=True)
    alarmed = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"check of {self.publication_id}"


class TakenOff(models.Model):
    """A publication whose pages and sheet are off the site while it is checked: since when, and for what.

    Its own record stays as it is. The row goes when a verification finds no grave difference any more.
    """

    publication = models.OneToOneField(Publication, on_delete=models.CASCADE, related_name="taken_off")
    since = models.DateTimeField()
    findings = models.JSONField(default=list, blank=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.publication_id} off the site"
