"""New migrations leave the version before them running (.ci/migration_rules.py)."""

import importlib.util
import sys

import pytest
from django.db import migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ModelState, ProjectState

from tests.architecture.source import ROOT


@pytest.fixture(scope="module")
def rules():
    spec = importlib.util.spec_from_file_location("migration_rules", ROOT / ".ci" / "migration_rules.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules["migration_rules"] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def state():
    made = ProjectState()
    fields = [
        ("id", models.BigAutoField(primary_key=True)),
        ("name", models.CharField(max_length=80)),
        ("note", models.TextField(null=True)),
    ]
    made.add_model(ModelState("home", "Thing", fields))
    return made


def field(**given):
    return models.CharField(max_length=80, **given)


@pytest.mark.parametrize(
    ("operation", "word"),
    [
        (migrations.RemoveField("thing", "name"), "RemoveField of thing.name"),
        (migrations.DeleteModel("Thing"), "DeleteModel of Thing"),
        (migrations.RenameField("thing", "name", "title"), "RenameField of thing.name"),
        (migrations.RenameModel("Thing", "Other"), "RenameModel of Thing"),
        (migrations.RunSQL("SELECT 1"), "RunSQL"),
        (migrations.AddField("thing", "kind", field(default="x")), "db_default"),
        (migrations.AlterField("thing", "note", models.TextField()), "forbid it later"),
        (migrations.AlterField("thing", "name", models.CharField(max_length=40)), "too long"),
        (migrations.AlterField("thing", "name", models.TextField()), "another type"),
        (
            migrations.SeparateDatabaseAndState(
                database_operations=[migrations.RemoveField("thing", "name")]
            ),
            "RemoveField of thing.name",
        ),
    ],
    ids=lambda one: one if isinstance(one, str) else type(one).__name__,
)
def test_what_breaks_the_running_version_is_found(rules, state, operation, word):
    found = list(rules.faults([operation], "home", state, set()))
    assert len(found) == 1
    assert word in found[0]


@pytest.mark.parametrize(
    "operation",
    [
        migrations.AddField("thing", "kind", field(null=True)),
        migrations.AddField("thing", "kind", field(db_default="")),
        migrations.AddField("thing", "others", models.ManyToManyField("home.Thing")),
        migrations.AlterField("thing", "name", models.CharField(max_length=90, help_text="Longer")),
        migrations.AlterField("thing", "note", models.TextField(null=True, blank=True)),
        migrations.CreateModel("Other", [("id", models.BigAutoField(primary_key=True))]),
        migrations.RunPython(migrations.RunPython.noop),
    ],
    ids=["null", "db-default", "many", "longer", "blank", "table", "python"],
)
def test_what_only_adds_is_passed_over(rules, state, operation):
    assert list(rules.faults([operation], "home", state, set())) == []


def test_a_table_of_the_same_release_is_free(rules, state):
    operation = migrations.RemoveField("thing", "name")
    assert list(rules.faults([operation], "home", state, {("home", "thing")})) == []


def test_a_reason_is_asked_for_beside_the_exception(rules):
    assert rules.MARKER.search("# stops-the-service: the old code reads this column; the note says so\n")
    assert not rules.MARKER.search("# stops-the-service: yes\n")
    assert not rules.MARKER.search("x = 1  # stops-the-service: not on a line of its own, so not meant\n")


def test_old_migrations_are_left_alone_and_new_ones_are_read(rules):
    last = dict(sorted(MigrationLoader(None).disk_migrations))
    assert list(rules.findings(last)) == []
    found = list(rules.findings(last | {"home": "0008"}))
    assert any(line.startswith("home.00") and "stops-the-service" in line for line in found)
