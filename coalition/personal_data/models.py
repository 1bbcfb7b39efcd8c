"""One value of one row: name, address, phone or note about somebody outside the coalition."""

from django.db import models


class Held(models.Model):
    """An encrypted value under a random key; the row in the main database contains only the key.

    `field` is the label of model and field, such as `events.Volunteer.name`. Values are immutable:
    a new one gets a new key. `loose_since`: when the sweep first found no row with the key.
    """

    key = models.CharField(max_length=48, primary_key=True)
    field = models.CharField(max_length=100, db_index=True)
    sealed = models.TextField()  # with CONTACTS_KEY
    written_at = models.DateTimeField(db_index=True)
    loose_since = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.field} under {self.key[:10]}"
