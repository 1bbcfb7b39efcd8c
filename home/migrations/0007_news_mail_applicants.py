"""Subscribers of news by mail become applicants: columns of the abstract model; a state for a moment.

Prints of addresses and random tokens of mailed links stay as they are: `NEWS` looks for both kinds.
"""

# stops-the-service: the running version reads and writes asked_at and confirmed_at; the upgrade note says so

import datetime
from typing import Any
from uuid import uuid4

from django.db import migrations, models
from django.db.models.functions import TruncDate

import coalition.core.crypto
from coalition.core.localized_text import content_languages


def days_and_states(apps: Any, schema_editor: Any) -> None:
    """Put the local date of writing into `day`, and whether the address was confirmed into `state`."""
    rows = apps.get_model("home", "NewsByMail").objects.using(schema_editor.connection.alias)
    rows.update(day=TruncDate("written_at"))
    rows.filter(confirmed_at__isnull=False).update(state="confirmed")


class Migration(migrations.Migration):
    dependencies = [("home", "0006_campaign_sections")]

    operations = [
        migrations.RenameField("newsbymail", "asked_at", "written_at"),
        migrations.AddField(
            "newsbymail",
            "day",
            models.DateField(default=datetime.date(2026, 11, 29)),
            preserve_default=False,
        ),
        migrations.AddField(
            "newsbymail",
            "state",
            models.CharField(
                choices=[("unconfirmed", "Unconfirmed"), ("confirmed", "Confirmed")],
                default="unconfirmed",
                max_length=12,
            ),
        ),
        migrations.RunPython(days_and_states, migrations.RunPython.noop),
        migrations.RemoveField("newsbymail", "confirmed_at"),
        migrations.AlterField(
            "newsbymail",
            "address",
            coalition.core.crypto.SealedTextField(blank=True, verbose_name="e-mail"),
        ),
        migrations.AlterField(
            "newsbymail", "address_print", models.CharField(blank=True, db_index=True, max_length=64)
        ),
        migrations.AlterField(
            "newsbymail",
            "language",
            models.CharField(choices=content_languages, max_length=12, verbose_name="language"),
        ),
        migrations.AlterField(
            "newsbymail",
            "token",
            coalition.core.crypto.SealedTextField(blank=True, editable=False),
        ),
        migrations.AlterField(
            "newsbymail", "token_hash", models.CharField(editable=False, max_length=64, unique=True)
        ),
        migrations.AlterField(
            "newsbymail", "uuid", models.UUIDField(default=uuid4, editable=False, unique=True)
        ),
    ]
