from django.db import migrations

LABELS = ("partners.MembershipRequest.", "documents.Joining.")


def rename(apps, schema_editor, old="email", new="address"):
    rows = apps.get_model("vault", "Held").objects.using(schema_editor.connection.alias)
    for label in LABELS:
        rows.filter(field=label + old).update(field=label + new)


class Migration(migrations.Migration):
    """Follow renamed fields: values are found by their labels. Run it on `contacts` too."""

    dependencies = [("vault", "0001_initial")]

    operations = [
        migrations.RunPython(rename, lambda apps, editor: rename(apps, editor, "address", "email")),
    ]
