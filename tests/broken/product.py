"""The whole product under production's settings: a server of its own, and commands beside it."""

import http.client
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from cryptography.fernet import Fernet

from tests import migrated
from tests.realtime.engine.processes import ROOT, Postgres, free_port

INHERITED = ("PATH", "HOME", "LANG", "TMPDIR")
BACK = 15.0  # seconds: by then whatever was away is in use again
START = 240.0  # the same for a start, on cores that others share


@dataclass(frozen=True)
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def words(self) -> str:
        return self.body.decode(errors="replace")


@dataclass(frozen=True)
class Person:
    """Somebody with a seat: how their browser is known, and where they are."""

    cookie: str
    workspace: str
    language: str = "en"


class Product:
    """A server and its data. Everything that it needs but the database lies in one folder."""

    def __init__(self, folder: Path, **variables: str) -> None:
        self.folder, self.port, self.log = folder, free_port(), folder.with_suffix(".log")
        folder.mkdir(exist_ok=True)
        own = {
            "DJANGO_SETTINGS_MODULE": "tests.broken.settings",
            "DATA_DIR": str(folder),
            "SECRET_KEY": "a-long-secret-for-this-test-" * 3,
            "NAMES_KEY": Fernet.generate_key().decode(),
            "TOTP_KEY": Fernet.generate_key().decode(),
            "SITE_URL": "https://localhost",
            "ALLOWED_HOSTS": "localhost",
            "EMAIL_URL": f"filemail://{folder}/mail",
            "WORKER": "none",
        }
        kept = {name: os.environ[name] for name in INHERITED if name in os.environ}
        self.env = kept | own | variables
        self._process: subprocess.Popen[bytes] | None = None

    def do(self, *words: str, env: dict[str, str] | None = None) -> str:
        """A command of `manage.py`. What it says."""
        done = subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=ROOT,
            env=self.env | (env or {}),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout + done.stderr

    def refused(self, *words: str, env: dict[str, str] | None = None) -> str:
        """The same for one that must fail. What it says of it."""
        command, around = [sys.executable, "manage.py", *words], self.env | (env or {})
        done = subprocess.run(command, cwd=ROOT, env=around, capture_output=True, text=True, check=False)
        assert done.returncode != 0, done.stdout
        return done.stderr

    def tell(self, thing: str, *words: str, **env: str) -> Any:
        """What a function of `tests.broken.things` answers in a process of its own."""
        done = subprocess.run(
            [sys.executable, "-m", "tests.broken", thing, *words],
            cwd=ROOT,
            env=self.env | env,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout.splitlines()[-1])

    def members(self, *languages: str) -> list[Person]:
        """People who read these languages, each in a workspace of their own."""
        return [Person(**told) for told in self.tell("members", *languages)]

    @contextmanager
    def serving(self) -> Iterator[None]:
        """Its server, answering."""
        self.start()
        try:
            eventually(lambda: self.ask("/readyz").status == 200, seconds=START)
            yield
        finally:
            self.end(signal.SIGKILL)

    def start(self) -> None:
        words = [
            "-m",
            "uvicorn",
            "coalition.asgi:application",
            "--host",
            "127.0.0.1",
            "--port",
            str(self.port),
        ]
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, *words, "--log-level", "warning"],
                cwd=ROOT,
                env=self.env,
                stdout=log,
                stderr=log,
            )

    def end(self, how: signal.Signals) -> None:
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(15)
            self._process = None

    def ask(
        self,
        path: str,
        *,
        person: Person | None = None,
        language: str = "en",
        method: str = "GET",
        body: bytes = b"",
        **headers: str,
    ) -> Answer:
        """As a proxy with TLS in front asks. Status 0: nobody is there."""
        given = {"Host": "localhost", "X-Forwarded-Proto": "https", "Accept-Language": language}
        given |= {name.replace("_", "-"): value for name, value in headers.items()}
        if person is not None:
            given["Cookie"] = f"{person.cookie}; {given.get('Cookie', '')}".strip("; ")
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, path, body=body or None, headers=given)
            answer = connection.getresponse()
            return Answer(answer.status, answer.headers, answer.read())
        except OSError:
            return Answer(0, http.client.HTTPMessage(), b"")
        finally:
            connection.close()

    def token(self, path: str, person: Person | None = None) -> str:
        """What the form on that page proves itself by."""
        page = self.ask(path, person=person)
        found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.words)
        cookie = re.search(r"__Host-csrftoken=(\w+)", str(page.headers.get_all("Set-Cookie")))
        assert found, page.words[:500]
        assert cookie, page.headers
        return f"{cookie[1]} {found[1]}"

    def send(
        self,
        path: str,
        fields: dict[str, str],
        *,
        token: str,
        person: Person | None = None,
        file: tuple[str, bytes] | None = None,
        language: str = "en",
    ) -> Answer:
        """A form, as a browser sends it."""
        cookie, proof = token.split()
        fields = {"csrfmiddlewaretoken": proof, **fields}
        kind, body = _multipart(fields, file) if file else _encoded(fields)
        return self.ask(
            path,
            person=person,
            language=language,
            method="POST",
            body=body,
            Content_Type=kind,
            Origin="https://localhost",
            Cookie=f"__Host-csrftoken={cookie}",
        )


def _encoded(fields: dict[str, str]) -> tuple[str, bytes]:
    return "application/x-www-form-urlencoded", urlencode(fields).encode()


def _multipart(fields: dict[str, str], file: tuple[str, bytes]) -> tuple[str, bytes]:
    edge = uuid4().hex
    parts = [
        f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    head = f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="{file[0]}"\r\n'
    parts += [f"{head}Content-Type: application/octet-stream\r\n\r\n".encode(), file[1]]
    return f"multipart/form-data; boundary={edge}", b"".join([*parts, f"\r\n--{edge}--\r\n".encode()])


def eventually(holds: Callable[[], object], *, seconds: float = BACK) -> None:
    """Wait until it holds."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, f"not within {seconds:g} s"
        time.sleep(0.2)


def on_sqlite(folder: Path, **variables: str) -> Product:
    """With a migrated file in its folder."""
    product, kept = Product(folder, **variables), migrated.template()
    file = folder / "coalition.sqlite3"
    if kept.exists():
        shutil.copyfile(kept, file)
        return product
    product.do("migrate", "-v0")
    product.do("setup_site")
    half = kept.with_suffix(f".broken-{os.getpid()}")
    shutil.copyfile(file, half)
    half.replace(kept)
    return product


def on_postgres(folder: Path, postgres: Postgres, **variables: str) -> Product:
    """With what is in the migrated database of the suite's own server."""
    template = migrated._template_on_server()
    source = os.environ["DATABASE_URL"].rpartition("/")[0] + f"/{template}"
    dumped = subprocess.run(
        [str(_program("pg_dump")), "--no-owner", source], capture_output=True, check=True, timeout=60
    )
    subprocess.run(
        [str(_program("psql")), "-q", "-v", "ON_ERROR_STOP=1", postgres.url],
        input=dumped.stdout,
        stdout=subprocess.DEVNULL,
        check=True,
        timeout=60,
    )
    return Product(folder, DATABASE_URL=postgres.url, **variables)


def _program(name: str) -> Path:
    """The newest, which reads every server."""
    return max(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
