"""One value of one row: a name, an address, a phone, a note of somebody who is not of the coalition."""

from django.db import models


class Held(models.Model):
    """A value under a random key; the row in the main database holds the key and nothing else of it.

    `field` is the label of model and field, such as `events.Volunteer.name`. A value never changes: another
    one gets another key. `loose_since`: when the sweep first found no row that holds the key.
    """

    key = models.CharField(max_length=48, primary_key=True)
    field = models.CharField(max_length=100, db_index=True)
    sealed = models.TextField()  # with CONTACTS_KEY
    written_at = models.DateTimeField(db_index=True)
    loose_since = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.field} under {self.key[:10]}"
