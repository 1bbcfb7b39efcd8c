from django.db import migrations


def forget_failures(apps, schema_editor):
    """Let files be cleaned again whose cleaning took too long or crashed: the release before stored that like
    a reason that lies in the file. `broken` may be either; what is broken is found so again."""
    files = apps.get_model("documents", "StoredFile")
    files.objects.filter(not_cleaned__in=["took_too_long", "broken"]).update(not_cleaned="")


class Migration(migrations.Migration):

    dependencies = [
        ("documents", "0005_slugs_and_counted_checks"),
    ]

    operations = [
        migrations.RunPython(forget_failures, migrations.RunPython.noop),
    ]
