"""What lies in the storage of hand-overs."""

from coalition.campaigns.appeals.models.hand_over import FOLDER
from documents.files.models import private_storage


def stored_files() -> list[str]:
    """Return the names of all files of hand-overs that there are."""
    storage = private_storage()
    if not storage.exists(FOLDER):
        return []
    folders = storage.listdir(FOLDER)[0]
    return [f"{FOLDER}/{one}/{name}" for one in folders for name in storage.listdir(f"{FOLDER}/{one}")[1]]


def delete_stored_files() -> None:
    """Delete what earlier tests of the process left: a transaction that is rolled back leaves its files."""
    for name in stored_files():
        private_storage().delete(name)
