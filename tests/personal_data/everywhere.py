"""`pytest -p tests.personal_data.everywhere …`: these tests with a second database, whatever they test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.personal_data.apart import second_database


@pytest.fixture(autouse=True)
def _apart(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    asked = request.fixturenames
    if not {"db", "transactional_db"} & set(asked) and not request.node.get_closest_marker("django_db"):
        yield
        return
    request.getfixturevalue("_django_db_helper")
    folder: Path = tmp_path_factory.mktemp("contacts")
    with second_database(folder):
        yield
