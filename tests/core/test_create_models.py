"""Many models created by one operation (coalition/core/migrations_support.py)."""

import pytest
from django.db import connection, migrations, models
from django.db.migrations.state import ModelState, ProjectState

from coalition.core.migrations_support import CreateModels


def reference(to):
    return models.ForeignKey(f"home.{to}", null=True, on_delete=models.SET_NULL, related_name="+")


def created(name, *, to):
    fields = [("id", models.BigAutoField(primary_key=True)), ("other", reference(to))]
    return migrations.CreateModel(name, fields)


def tables():
    return {name for name in connection.introspection.table_names() if name.startswith("home_thing")}


@pytest.mark.django_db(transaction=True)
def test_models_that_refer_to_each_other_are_created_and_dropped():
    operation = CreateModels([created("ThingA", to="ThingB"), created("ThingB", to="ThingA")])
    before, after = ProjectState(), ProjectState()
    operation.state_forwards("home", after)
    with connection.schema_editor() as editor:
        operation.database_forwards("home", editor, before, after)
    try:
        assert tables() == {"home_thinga", "home_thingb"}
        row = after.apps.get_model("home", "ThingA").objects.create()
        other = after.apps.get_model("home", "ThingB").objects.create(other=row)
        assert other.other == row
    finally:
        with connection.schema_editor() as editor:
            operation.database_backwards("home", editor, after, before)
    assert tables() == set()


def test_each_model_is_rendered_once(monkeypatch):
    state = ProjectState()
    created("Thing0", to="Thing0").state_forwards("home", state)
    assert state.apps.get_model("home", "Thing0")
    rendered, render = [], ModelState.render
    monkeypatch.setattr(
        ModelState, "render", lambda model, apps: rendered.append(model.name) or render(model, apps)
    )
    names = [f"Thing{number}" for number in range(1, 6)]
    CreateModels([created(name, to="Thing0") for name in names]).state_forwards("home", state)
    assert state.apps.get_model("home", "Thing5")
    assert sorted(rendered) == ["Thing0", *names]
