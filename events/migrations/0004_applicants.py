"""Press registrations and school groups become applicants: the columns of the abstract model, `day` among them.

Prints of addresses stay as they are: `Flow.of_address` looks for both kinds.
"""

import datetime
from typing import Any
from uuid import uuid4

from django.db import migrations, models
from django.db.models.functions import TruncDate

import coalition.core.crypto
from coalition.core.localized_text import content_languages

MODELS = ["pressguest", "schoolgroup"]


def days_from_moments(apps: Any, schema_editor: Any) -> None:
    """Put the local date on which each row was written into `day`."""
    for name in MODELS:
        rows = apps.get_model("events", name).objects.using(schema_editor.connection.alias)
        rows.update(day=TruncDate("written_at"))


def as_applicant(model: str) -> list[migrations.operations.base.Operation]:
    """Return the operations that give a model the columns of an applicant."""
    fields: dict[str, models.Field[Any, Any]] = {
        "address": coalition.core.crypto.SealedTextField(blank=True, verbose_name="e-mail"),
        "address_print": models.CharField(blank=True, db_index=True, max_length=64),
        "language": models.CharField(choices=content_languages, max_length=12, verbose_name="language"),
        "uuid": models.UUIDField(default=uuid4, editable=False, unique=True),
        "token_hash": models.CharField(editable=False, max_length=64, unique=True),
    }
    day = models.DateField(default=datetime.date(2026, 11, 29))
    return [
        migrations.AddField(model, "day", day, preserve_default=False),
        *(migrations.AlterField(model, name, field) for name, field in fields.items()),
    ]


class Migration(migrations.Migration):
    dependencies = [("events", "0003_event_text_component_at")]

    operations = [
        *(operation for model in MODELS for operation in as_applicant(model)),
        migrations.RunPython(days_from_moments, migrations.RunPython.noop),
    ]
