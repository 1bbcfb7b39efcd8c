from django.db import migrations


def fill_slugs(apps, schema_editor):
    """Record the address of each page of a publication with its text; publishing does it from now on."""
    texts = apps.get_model("documents", "PublicationText").objects.filter(slug="")
    pages = apps.get_model("home", "NewsPage").objects.filter(publication__isnull=False).order_by("pk")
    found = pages.values_list("publication", "locale__language_code", "slug")
    for publication, language, slug in list(found):  # of two in one language the older one counts
        texts.filter(publication=publication, language=language).update(slug=slug)


class Migration(migrations.Migration):

    dependencies = [
        ('documents', '0005_slugs_and_counted_checks'),
        ('home', '0004_empty_withdrawn_pages'),
    ]

    operations = [
        migrations.RunPython(fill_slugs, migrations.RunPython.noop),
    ]
