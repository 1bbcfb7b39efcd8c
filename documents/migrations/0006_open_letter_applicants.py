"""Joinings of open letters become applicants: the columns of the abstract model, `day` among them.

Prints of addresses stay as they are: `Flow.of_address` looks for both kinds.
"""

import datetime
from typing import Any
from uuid import uuid4

from django.db import migrations, models
from django.db.models.functions import TruncDate

import coalition.core.crypto
from coalition.core.localized_text import content_languages


def days_from_moments(apps: Any, schema_editor: Any) -> None:
    """Put the local date on which each row was written into `day`."""
    rows = apps.get_model("documents", "joining").objects.using(schema_editor.connection.alias)
    rows.update(day=TruncDate("written_at"))


APPLICANT: dict[str, models.Field[Any, Any]] = {
    "address": coalition.core.crypto.SealedTextField(blank=True, verbose_name="e-mail"),
    "language": models.CharField(choices=content_languages, max_length=12, verbose_name="language"),
    "uuid": models.UUIDField(default=uuid4, editable=False, unique=True),
}
LETTER: dict[str, models.Field[Any, Any]] = {
    "slug": models.SlugField(
        error_messages={"unique": "Another letter has this address. Choose another one."},
        help_text="Latin letters, digits and hyphens. It stays, also when the text is corrected.",
        max_length=80,
        unique=True,
        verbose_name="Address",
    ),
    "looks_first": models.BooleanField(default=True, verbose_name="A coordinator looks before a name appears"),
}


# stops-the-service: the old code reads the former columns of joinings
class Migration(migrations.Migration):
    dependencies = [("documents", "0005_slugs_and_counted_checks")]

    operations = [
        migrations.RenameField("joining", "email", "address"),
        migrations.RenameField("joining", "asked_at", "written_at"),
        migrations.AddField(
            "joining", "day", models.DateField(default=datetime.date(2026, 11, 29)), preserve_default=False
        ),
        *(migrations.AlterField("joining", name, field) for name, field in APPLICANT.items()),
        *(migrations.AlterField("openletter", name, field) for name, field in LETTER.items()),
        migrations.RunPython(days_from_moments, migrations.RunPython.noop),
    ]
