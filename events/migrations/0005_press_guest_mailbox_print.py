"""Press registration counts the links that a mailbox gets on a day by a print of the mailbox.

Rows from before get the print that they have: `mailbox_prints` finds it by the address that was typed.
"""

from typing import Any

from django.db import migrations, models


def copy_prints(apps: Any, schema_editor: Any) -> None:
    """Put `address_print` into `mailbox_print`."""
    rows = apps.get_model("events", "PressGuest").objects.using(schema_editor.connection.alias)
    rows.update(mailbox_print=models.F("address_print"))


class Migration(migrations.Migration):
    dependencies = [("events", "0004_applicants")]

    operations = [
        migrations.AddField(
            "pressguest",
            "mailbox_print",
            models.CharField(blank=True, db_index=True, default="", max_length=64),
            preserve_default=False,
        ),
        migrations.RunPython(copy_prints, migrations.RunPython.noop),
    ]
