from django.conf import settings
from django.db import migrations


def empty(apps, schema_editor):
    """Take the words of withdrawn texts out of their pages' rows; the code does it on withdrawal from now on."""
    rows = apps.get_model("home", "NewsPage").objects.filter(publication__state="withdrawn")
    keys = list(rows.values_list("pk", flat=True))
    rows.update(lead="", words="")
    pages = apps.get_model("wagtailcore", "Page").objects.filter(pk__in=keys)
    pages.update(live=False, search_description="", seo_title="")


class Migration(migrations.Migration):

    dependencies = [
        ('home', '0003_one_page_of_a_language'),
        migrations.swappable_dependency(settings.WAGTAIL_PAGE_MODEL),
    ]

    operations = [
        migrations.RunPython(empty, migrations.RunPython.noop),
    ]
