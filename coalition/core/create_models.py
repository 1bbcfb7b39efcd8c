"""A migration operation that creates many models at once."""

from collections.abc import Sequence
from typing import Any

from django.db.migrations.operations import CreateModel
from django.db.migrations.operations.base import Operation, OperationCategory
from django.db.migrations.state import ProjectState


class CreateModels(Operation):
    """Create several models of one app, which may refer to each other in any order.

    After each `CreateModel`, Django re-renders every model connected to the new one by foreign keys.
    Almost all of our models are connected through the accounts, so an app of 60 models would render 250
    models 60 times. This operation renders them once: migrating an empty database takes half of the
    processor time (docs/decisions/0044-one-initial-migration-an-app.md).

    Args:
        models: One `CreateModel` for each model.
    """

    category = OperationCategory.ADDITION
    serialization_expand_args = ["models"]

    def __init__(self, models: Sequence[CreateModel]) -> None:
        self.models = models

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        # `state.apps` is a cached property. Without it, adding a model renders nothing; the next access
        # renders all. Django does the same between migrations, but has no public method for it.
        state.__dict__.pop("apps", None)
        for model in self.models:
            model.state_forwards(app_label, state)

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        for model in self.models:
            model.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        for model in reversed(self.models):
            model.database_backwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        return f"Create {len(self.models)} models"
