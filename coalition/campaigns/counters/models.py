"""The number of a day, which pictures show."""

from django.db import models


class CountOfDay(models.Model):
    """How many supported an appeal (UUID) online when somebody first asked for a picture on the day (local
    date of the site). All languages and machines show this number."""

    subject = models.UUIDField()
    day = models.DateField()
    count = models.PositiveIntegerField()

    class Meta:
        ordering = ["day"]
        constraints = [models.UniqueConstraint(fields=["subject", "day"], name="one_count_of_a_day")]

    def __str__(self) -> str:
        return f"{self.count} on {self.day}"
