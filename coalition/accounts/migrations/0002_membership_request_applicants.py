import uuid

from django.db import migrations, models
from django.db.models.functions import TruncDate

import coalition.core.crypto
import coalition.core.localized_text


def set_day(apps, schema_editor):
    apps.get_model("partners", "MembershipRequest").objects.update(day=TruncDate("written_at"))


# stops-the-service: the old code reads the former columns of requests
class Migration(migrations.Migration):
    """Requests for membership are applicants. `vault.0002` renames the field of their addresses."""

    dependencies = [("partners", "0001_initial")]

    operations = [
        migrations.RenameField("membershiprequest", "email", "address"),
        migrations.RenameField("membershiprequest", "asked_at", "written_at"),
        migrations.AddField("membershiprequest", "day", models.DateField(null=True)),
        migrations.RunPython(set_day, migrations.RunPython.noop),
        migrations.AlterField("membershiprequest", "day", models.DateField()),
        migrations.AlterField(
            "membershiprequest",
            "address",
            coalition.core.crypto.SealedTextField(blank=True, verbose_name="e-mail"),
        ),
        migrations.AlterField(
            "membershiprequest",
            "address_print",
            models.CharField(blank=True, db_index=True, max_length=64),
        ),
        migrations.AlterField(
            "membershiprequest",
            "language",
            models.CharField(
                choices=coalition.core.localized_text.content_languages,
                max_length=12,
                verbose_name="language",
            ),
        ),
        migrations.AlterField(
            "membershiprequest",
            "uuid",
            models.UUIDField(default=uuid.uuid4, editable=False, unique=True),
        ),
    ]
