"""Write a new key after every empty `…_KEY=` of an environment file; keys that are there stay.

.venv/bin/python deploy/fill_keys.py /etc/coalition/environment
"""

import re
import secrets
import sys
from collections.abc import Callable
from pathlib import Path

from cryptography.fernet import Fernet

NEW_KEYS: dict[str, Callable[[], str]] = {
    "SECRET_KEY": lambda: secrets.token_urlsafe(60),
    "NAMES_KEY": lambda: Fernet.generate_key().decode(),
    "TOTP_KEY": lambda: Fernet.generate_key().decode(),
    "VAPID_KEY": lambda: secrets.token_urlsafe(32),
    "CONTACTS_KEY": lambda: Fernet.generate_key().decode(),
}
EMPTY = re.compile(rf"^({'|'.join(NEW_KEYS)})=[ \t]*$", re.MULTILINE)


def fill(text: str) -> tuple[str, list[str]]:
    """Return the text with its empty keys filled, and the names of those."""
    names = EMPTY.findall(text)
    return EMPTY.sub(lambda found: f"{found[1]}={NEW_KEYS[found[1]]()}", text), names


def main() -> None:
    if len(sys.argv) != 2 or not Path(sys.argv[1]).is_file():
        sys.exit("Name the environment file: deploy/fill_keys.py /etc/coalition/environment")
    path = Path(sys.argv[1])
    text, names = fill(path.read_text(encoding="utf-8"))
    with path.open("r+", encoding="utf-8") as file:  # keeps owner and mode
        file.write(text)
        file.truncate()
    sys.stdout.write(f"New: {', '.join(names) or 'none, all keys are there'}.\n")


if __name__ == "__main__":
    main()
