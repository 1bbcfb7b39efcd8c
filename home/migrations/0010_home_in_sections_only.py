from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('home', '0009_words_of_home_into_sections'),
    ]

    operations = [
        migrations.RemoveField(
            model_name='homepage',
            name='facts',
        ),
        migrations.RemoveField(
            model_name='homepage',
            name='facts_title',
        ),
        migrations.RemoveField(
            model_name='homepage',
            name='lead',
        ),
        migrations.RemoveField(
            model_name='homepage',
            name='partners_title',
        ),
        migrations.RemoveField(
            model_name='homepage',
            name='poster_first',
        ),
        migrations.RemoveField(
            model_name='homepage',
            name='poster_second',
        ),
    ]
