"""What home pages said in fields of their own, they say in sections: live words and every kept revision."""

import json
import uuid

from django.db import migrations

OLD = ("poster_first", "poster_second", "lead", "facts_title", "facts", "partners_title")


def block(kind, value):
    return {"type": kind, "value": value, "id": str(uuid.uuid4())}


def sections_of(words, figures):
    """The sections that show what the fields showed, in their order of then."""
    poster = {"first": words["poster_first"], "second": words["poster_second"], "lead": words["lead"]}
    sections = [block("poster", poster)]
    if figures:
        sections.append(block("numbers", {"heading": words["facts_title"], "figures": figures}))
    everything = {"heading": words["partners_title"], "organisations": []}
    return [
        *sections,
        block("news", {"heading": "", "most": 4, "topics": []}),
        block("events", {"heading": "", "most": 3, "kind": "", "region": "", "organisation": ""}),
        block("organisations", everything),
    ]


def move(apps, schema_editor):
    for page in apps.get_model("home", "HomePage").objects.all():
        words = {name: getattr(page, name) or "" for name in OLD}
        page.sections = json.dumps(sections_of(words, list(page.facts.raw_data)))
        page.save(update_fields=["sections"])
    move_revisions(apps)


def move_revisions(apps):
    for revision in revisions(apps):
        if "poster_first" in revision.content:
            words = {name: revision.content.pop(name, "") or "" for name in OLD}
            sections = sections_of(words, json.loads(words["facts"] or "[]"))
            revision.content["sections"] = json.dumps(sections)
            revision.save(update_fields=["content"])


def revisions(apps):
    kinds = apps.get_model("contenttypes", "ContentType").objects.filter(app_label="home", model="homepage")
    return apps.get_model("wagtailcore", "Revision").objects.filter(content_type__in=kinds).iterator()


class Migration(migrations.Migration):

    dependencies = [
        ('home', '0008_sections_and_light_pages'),
    ]

    operations = [
        migrations.RunPython(move, migrations.RunPython.noop),
    ]
