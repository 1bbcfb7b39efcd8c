"""Add the glossary terms that a site begins with, once. Coordinators' later changes to them stay."""

from django.db import migrations
from django.utils import timezone

from documents.glossary.queries import first_terms
from documents.glossary.queries import search_words


def add(apps, schema_editor):
    term = apps.get_model("documents", "GlossaryTerm")
    moment = timezone.now()
    term.objects.bulk_create(
        term(**fields, words=search_words(fields), changed_at=moment) for fields in first_terms()
    )


class Migration(migrations.Migration):
    dependencies = [("documents", "0001_initial")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop, elidable=False)]
