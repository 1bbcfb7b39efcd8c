from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def fill(apps, schema_editor):
    """Of an event that never moved the plan was made for its time; of another nobody knows."""
    orders, events = (apps.get_model("events", name) for name in ("RunningOrder", "Event"))
    began = events.objects.filter(pk=OuterRef("event_id")).values("starts_at_time")
    orders.objects.filter(event__moved_from__isnull=True).update(made_for=Subquery(began))


class Migration(migrations.Migration):
    dependencies = [("events", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="runningorder",
            name="made_for",
            field=models.TimeField(blank=True, editable=False, null=True),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
