"""Verification of publications: last check, findings, and texts that are off the site."""

from django.db import models

from documents.publication.models import Publication


class PublicationCheck(models.Model):
    """The last verification of a publication. No public page reads this table.

    `findings`: see `Finding.as_json`. `grave_runs`: the number of successive runs with a grave
    difference, without those within minutes of the last counted one (`grave_counted_at`).
    `alarmed`: key of a finding → when it was last reported (ISO 8601).
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
    """A publication whose pages and certificate are off the site during verification: since when,
    why.

    Its own record is unchanged. The row is deleted when a verification finds no grave difference.
    """

    publication = models.OneToOneField(Publication, on_delete=models.CASCADE, related_name="taken_off")
    since = models.DateTimeField()
    findings = models.JSONField(default=list, blank=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.publication_id} off the site"
