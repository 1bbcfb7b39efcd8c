"""New migrations leave the version before them running (.ci/migration_rules.py)."""

import importlib.util
import sys

import pytest
from django.db import migrations, models
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


LATER = """{comment}
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("home", "0002_search_index")]
    operations = [migrations.RemoveField("newspage", "words")]
"""


@pytest.fixture
def later(rules, monkeypatch, tmp_path, settings):
    """Return a function that gives `home` one more migration, `0003_later`, below the given comment."""

    def add(comment):
        package = tmp_path / "later"
        package.mkdir()
        beside = "from home import migrations\n__path__ = [*migrations.__path__, *__path__]\n"
        (package / "__init__.py").write_text(beside)
        (package / "0003_later.py").write_text(LATER.format(comment=comment))
        monkeypatch.syspath_prepend(tmp_path)
        monkeypatch.setattr(rules, "OURS", {"later"})
        settings.MIGRATION_MODULES = {"home": "later"}

    yield add
    for name in [name for name in sys.modules if name.partition(".")[0] == "later"]:
        del sys.modules[name]


def test_migrations_since_the_release_are_read(rules, later):
    later("")
    (line,) = rules.findings({"home": "0002_search_index"})
    assert line.startswith("home.0003_later: RemoveField of newspage.words")
    assert "stops-the-service" in line


def test_migrations_of_the_release_are_left_alone(rules, later):
    later("")
    assert list(rules.findings({"home": "0003_later"})) == []


def test_before_the_first_release_no_table_is_in_use(rules, later):
    later("")
    assert list(rules.findings({})) == []


def test_a_migration_that_says_why_is_allowed(rules, later):
    later("# stops-the-service: the old code reads this column; the note says so")
    assert list(rules.findings({"home": "0002_search_index"})) == []


def test_the_migrations_that_are_here_are_free_of_findings(rules):
    assert list(rules.findings({})) == []
