"""Keyed hashes of the addresses that are there already, by which they are found again."""

from django.db import migrations

from coalition.accounts.throttling import fingerprint


def add(apps, schema_editor):
    for contact in apps.get_model("documents", "Contact").objects.exclude(address=""):
        contact.address_print = fingerprint(contact.address)
        contact.save(update_fields=["address_print"])


class Migration(migrations.Migration):
    dependencies = [("documents", "0033_media_list")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop, elidable=True)]
