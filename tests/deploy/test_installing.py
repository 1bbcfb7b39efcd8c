"""The commands of docs/installing.md, run in order as a script, and the service started with what they made.

Folders and names are the test's own, and the packages those of this checkout. What needs systemd, a public
name or a mail server stands in blocks marked `# on the machine` and is not run; the test says so in its name.
"""

import os
import pwd
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

import pytest

from bench.server import free_port
from tests.architecture.source import ROOT
from tests.deploy.variables import variables

pytestmark = pytest.mark.slow

BLOCK = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)
GUIDE = ROOT / "docs" / "installing.md"
# Steps whose result this checkout has already, and what stands for them.
REUSED = {
    ".ci/install-python base": f"ln -s {ROOT}/.venv .venv",
    "make assets": f"mkdir -p build && cp -R {ROOT}/build/static build/",
}


@dataclass(frozen=True)
class Machine:
    """A folder that stands for the machine's root, and the service's user."""

    root: Path
    user: pwd.struct_passwd

    def path(self, words: str) -> Path:
        return Path(self.placed(words))

    def placed(self, words: str) -> str:
        """Return the words with the guide's folders, user and name replaced by this machine's."""
        for folder in ("/srv/", "/etc/coalition", "/usr/local/bin"):
            words = words.replace(folder, f"{self.root}{folder}")
        words = words.replace("-o coalition", f"-o {self.user.pw_uid}")
        words = words.replace("-g coalition", f"-g {self.user.pw_gid}")
        return re.sub(r"\bNAME\b", "localhost", words)

    def environment(self) -> dict[str, str]:
        path = f"{self.root}/usr/local/bin:{os.environ['PATH']}"
        return {
            "PATH": path,
            "LANG": "C.UTF-8",
            "COALITION_APP": str(self.path("/srv/coalition/app")),
            "COALITION_ENVIRONMENT": str(self.path("/etc/coalition/environment")),
            "COALITION_USER": self.user.pw_name,
        }

    def run(self, script: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            ["sh", "-eu", "-c", script],
            env=self.environment(),
            cwd=self.root,
            capture_output=True,
            text=True,
            check=False,
        )


def service_user() -> pwd.struct_passwd:
    """`nobody` where root runs the tests and `nobody` can read the packages, else whoever runs them."""
    me = pwd.getpwuid(os.getuid())
    if me.pw_uid != 0:
        return me
    nobody = pwd.getpwnam("nobody")
    reads = subprocess.run(
        [str(ROOT / ".venv/bin/python"), "-c", ""],
        user=nobody.pw_uid,
        group=nobody.pw_gid,
        extra_groups=[],
        capture_output=True,
        check=False,
    )
    return me if reads.returncode else nobody


@pytest.fixture(scope="module")
def machine() -> Iterator[Machine]:
    folder = Path(tempfile.mkdtemp(prefix="coalition-machine-"))
    folder.chmod(0o755)
    made = Machine(folder, service_user())
    for name in ("srv", "etc", "usr/local/bin"):
        (folder / name).mkdir(parents=True)
    app = made.path("/srv/coalition/app")
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    for name in filter(None, listed.split("\0")):
        source = ROOT / name
        if source.is_file() and not source.is_symlink():
            (app / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, app / name)
    example = app / "deploy" / "environment.example"
    example.write_text(made.placed(example.read_text(encoding="utf-8")), encoding="utf-8")
    yield made
    shutil.rmtree(folder)


def blocks() -> list[str]:
    """Blocks of the section *Install*, in their order."""
    section = GUIDE.read_text(encoding="utf-8").split("\n## Install\n")[1].split("\n## ")[0]
    return BLOCK.findall(section)


@pytest.mark.timeout(900)  # a minute on two quiet cores
def test_the_guide_installs_a_site_that_answers_where_no_systemd_is(machine: Machine) -> None:
    ran = 0
    for block in blocks():
        if block.startswith("# on the machine"):
            continue
        script = machine.placed(block)
        for command, instead in REUSED.items():
            script = script.replace(command, instead)
        if os.getuid() != 0:
            script = script.replace("COALITION_USER=root", f"COALITION_USER={machine.user.pw_name}")
        done = machine.run(script)
        assert done.returncode == 0, f"{block}\n{done.stdout}\n{done.stderr}"
        ran += 1
    assert ran == 5

    data = machine.path("/srv/coalition/data")
    owners = {path.stat().st_uid for path in [data, *data.rglob("*")]}
    assert (data / "coalition.sqlite3").stat().st_size > 0
    assert owners == {machine.user.pw_uid}
    environment = machine.path("/etc/coalition/environment")
    assert oct(environment.stat().st_mode & 0o777) == "0o640"
    assert not re.findall(r"(?m)^[A-Z]+_KEY=$", environment.read_text(encoding="utf-8"))
    _answers(machine)


def _answers(machine: Machine) -> None:
    """Start the unit's own command line as its user: it is ready and shows pages in three languages."""
    unit = (ROOT / "deploy" / "systemd" / "coalition-web.service").read_text(encoding="utf-8")
    port = free_port()
    command = re.findall(r"^ExecStart=(.+)$", unit, re.MULTILINE)[0].replace("--port 8000", f"--port {port}")
    app = machine.path("/srv/coalition/app")
    given = dict(
        line.split("=", 1)
        for line in machine.path("/etc/coalition/environment").read_text(encoding="utf-8").splitlines()
        if line and not line.startswith("#")
    )
    process = subprocess.Popen(
        machine.placed(command).split(),
        cwd=app,
        env={"PATH": os.environ["PATH"]} | given,
        umask=0o027,
        **(
            {"user": machine.user.pw_uid, "group": machine.user.pw_gid, "extra_groups": []}
            if os.getuid() == 0
            else {}
        ),
    )
    try:
        deadline = time.monotonic() + 90
        while (status := _status(port, "/readyz")) != 200:
            assert process.poll() is None, "the server ended"
            assert time.monotonic() < deadline, f"/readyz says {status}"
            time.sleep(0.2)
        assert [_status(port, f"/{language}/about/") for language in ("kk", "ru", "en")] == [200, 200, 200]
        assert _status(port, "/accounts/login/") == 200
    finally:
        process.terminate()
        process.wait(timeout=30)


def _status(port: int, path: str) -> int:
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", path, headers={"Host": "localhost", "X-Forwarded-Proto": "https"})
        return connection.getresponse().status
    except OSError:
        return 0
    finally:
        connection.close()


def test_every_variable_of_the_example_is_read() -> None:
    example = (ROOT / "deploy" / "environment.example").read_text(encoding="utf-8")
    named = set(re.findall(r"(?m)^#?([A-Z][A-Z0-9_]+)=", example))
    assert len(named) > 15
    assert named - variables() == {"DJANGO_SETTINGS_MODULE", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"}


def test_new_keys_are_written_where_none_are_and_nowhere_else(tmp_path: Path) -> None:
    file = tmp_path / "environment"
    file.write_text("SECRET_KEY=mine\nNAMES_KEY=\nTOTP_KEY= \n#VAPID_KEY=\n", encoding="utf-8")
    for expected in ("New: NAMES_KEY, TOTP_KEY.", "New: none, all keys are there."):
        done = subprocess.run(
            [sys.executable, "deploy/fill_keys.py", str(file)],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout.strip() == expected
    secret, names, totp, vapid = file.read_text(encoding="utf-8").splitlines()
    assert (secret, vapid) == ("SECRET_KEY=mine", "#VAPID_KEY=")
    assert len({names.partition("=")[2], totp.partition("=")[2]}) == 2


@pytest.mark.parametrize("line", ["A=b c", 'A="b c"', "A='b c'", "# x=1\nA=b c", "  A=b c  "])
def test_the_command_reads_the_file_as_systemd_does(line: str, tmp_path: Path) -> None:
    (tmp_path / "environment").write_text(line + "\n", encoding="utf-8")
    python = tmp_path / "app" / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text('#!/bin/sh\nprintf "%s|" "$A" "$@"\n', encoding="utf-8")
    python.chmod(0o755)
    done = subprocess.run(
        [sys.executable, str(ROOT / "deploy" / "coalition"), "migrate", "--plan"],
        env=os.environ
        | {"COALITION_ENVIRONMENT": str(tmp_path / "environment"), "COALITION_APP": str(tmp_path / "app")}
        | {"COALITION_USER": pwd.getpwuid(os.getuid()).pw_name},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == f"b c|{tmp_path}/app/manage.py|migrate|--plan|"


@pytest.mark.parametrize(("line", "words"), [('A="b', "quotation mark"), ("A=b", ".venv/bin/python")])
def test_what_the_command_cannot_use_is_said_in_one_line(line: str, words: str, tmp_path: Path) -> None:
    (tmp_path / "environment").write_text(f"{line}\n", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, str(ROOT / "deploy" / "coalition"), "migrate"],
        env=os.environ
        | {"COALITION_ENVIRONMENT": str(tmp_path / "environment"), "COALITION_APP": str(tmp_path / "none")}
        | {"COALITION_USER": pwd.getpwuid(os.getuid()).pw_name},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, len(done.stderr.splitlines())) == (1, 1)
    assert words in done.stderr


def test_without_the_file_the_command_says_who_can_read_it(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "deploy" / "coalition"), "migrate"],
        env=os.environ | {"COALITION_ENVIRONMENT": str(tmp_path / "none")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, len(done.stderr.splitlines())) == (1, 1)
    assert "Run this as root" in done.stderr
