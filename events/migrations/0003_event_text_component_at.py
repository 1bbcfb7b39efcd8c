from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("events", "0002_running_order_made_for")]

    operations = [
        migrations.AddField(
            model_name="eventtext",
            name="component_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
    ]
