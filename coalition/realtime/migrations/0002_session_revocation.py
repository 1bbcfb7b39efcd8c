from django.db import migrations


class Migration(migrations.Migration):
    """Rename the model, not its table."""

    dependencies = [("realtime", "0001_initial")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RenameModel("LiveKick", "SessionRevocation"),
                migrations.AlterModelTable("SessionRevocation", "realtime_livekick"),
            ]
        )
    ]
