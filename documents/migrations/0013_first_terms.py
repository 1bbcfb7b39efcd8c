"""The terms that a site begins with, once. What coordinators make of them later stays."""

from django.db import migrations
from django.utils import timezone

from documents.glossary.shape import first_terms, search_words


def add(apps, schema_editor):
    term = apps.get_model("documents", "GlossaryTerm")
    moment = timezone.now()
    term.objects.bulk_create(
        term(**said, words=search_words(said), changed_at=moment) for said in first_terms()
    )


class Migration(migrations.Migration):
    dependencies = [("documents", "0012_glossary")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop, elidable=False)]
