"""What deploy/ holds beside nginx: nothing in it names a thing that is not there."""

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from tests.deploy.variables import variables

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
ROOT = DEPLOY.parent
UNITS = sorted(path.name for path in (DEPLOY / "systemd").iterdir())
# Of Python, the C library, PostgreSQL's image and Django itself.
OTHERS = {
    "DJANGO_SETTINGS_MODULE",
    "HOME",
    "MALLOC_ARENA_MAX",
    "MALLOC_TRIM_THRESHOLD_",
    "POSTGRES_DB",
    "POSTGRES_USER",
    "PYTHONDONTWRITEBYTECODE",
    "PYTHONUNBUFFERED",
}


def compose():
    return yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))


def instructions():
    """Of the Dockerfile, each on one line."""
    text = re.sub(r"(?m)^#.*\n", "", (DEPLOY / "Dockerfile").read_text(encoding="utf-8"))
    return [line for line in text.replace("\\\n", " ").splitlines() if line.strip()]


def test_what_is_copied_into_the_image_is_there():
    made = set()
    for line in instructions():
        word, *rest = shlex.split(line)
        if word != "COPY":
            continue
        if rest[0].startswith("--from="):
            made.add(rest[0])
            continue
        for source in rest[:-1]:
            assert (ROOT / source).exists(), source
    assert made == {"--from=build"}
    ignored = (DEPLOY / "Dockerfile.dockerignore").read_text(encoding="utf-8").split()
    assert {".git", "var", "**/*.env"} <= set(ignored)


@pytest.mark.slow
def test_each_step_of_the_build_finds_what_it_needs(tmp_path):
    """The build stage in a folder, with this checkout's packages: what is copied later is not there yet."""
    links = (".venv", "node_modules")
    for line in instructions():
        word, *rest = shlex.split(line)
        if word == "FROM" and rest[-1] != "build":
            break
        if word == "COPY":
            for source in rest[:-1]:
                copy_tracked(source, tmp_path)
        elif word == "RUN" and "apt-get" not in line and "compileall" not in line:
            if ".ci/install-python" in line:
                for link in links:
                    (tmp_path / link).symlink_to(ROOT / link)
                continue
            script = line.removeprefix("RUN ").replace("/tmp/data", str(tmp_path / "data"))
            script = script.replace("collectstatic --noinput", "collectstatic --noinput --dry-run")
            done = subprocess.run(
                ["sh", "-c", script], cwd=tmp_path, capture_output=True, text=True, check=False
            )
            assert done.returncode == 0, f"{line}\n{done.stderr}"
    assert list((tmp_path / "build" / "fonts").iterdir())
    assert list((tmp_path / "locale").rglob("*.mo"))


def copy_tracked(source, folder):
    """Copy a file, or a folder's files that git knows or would add, with their times."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", source],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)


def test_the_image_runs_as_nobody_in_particular_and_says_whether_it_is_well():
    lines = instructions()
    app = lines[next(i for i, line in enumerate(lines) if line.endswith("AS app")) :]
    assert "USER coalition" in app
    assert any(line.startswith("HEALTHCHECK") for line in app)
    limit = next(line for line in app if "coalition.asgi:application" in line)
    assert '"--ws-max-size", "1048576"' in limit
    assert not [
        line for line in lines if line.startswith("FROM") and re.search(r":latest|^FROM [^: ]+ ", line)
    ]


def test_containers_write_nowhere_but_in_their_volumes():
    services = compose()["services"]
    for name in ("web", "worker", "nginx", "valkey"):
        assert services[name]["read_only"], name
        assert services[name]["cap_drop"] == ["ALL"], name
    assert all("no-new-privileges:true" in one["security_opt"] for one in services.values())
    assert all(
        ":" in one["image"] and "latest" not in one["image"] for one in services.values() if "image" in one
    )
    stages = {line.split()[-1] for line in instructions() if line.startswith("FROM")}
    assert {one["build"]["target"] for one in services.values() if "build" in one} <= stages
    volumes = {mount.split(":")[0] for one in services.values() for mount in one.get("volumes", ())}
    assert {one for one in volumes if not one.startswith(".")} == set(compose()["volumes"])


def test_every_variable_that_is_set_is_read():
    known = variables() | OTHERS
    for name, service in compose()["services"].items():
        assert set(service.get("environment", ())) <= known, name
    for line in instructions():
        if line.startswith("ENV"):
            assert {one.split("=")[0] for one in shlex.split(line)[1:]} <= known


@pytest.mark.parametrize("unit", UNITS)
def test_a_unit_is_understood_and_hardened(unit, tmp_path):
    """Paths of the guide are put where the test is: systemd looks whether commands exist."""
    text = (DEPLOY / "systemd" / unit).read_text(encoding="utf-8")
    if unit.endswith(".service"):
        for line in ("ProtectSystem=strict", "NoNewPrivileges=yes", "CapabilityBoundingSet=", "UMask=0027"):
            assert line in text.splitlines(), line
        for command in re.findall(r"manage\.py (\w+)", text):
            assert command in {"check", *commands()}, command
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd is not on this machine, so its units are read by nobody")
    for name in UNITS:
        words = (DEPLOY / "systemd" / name).read_text(encoding="utf-8")
        words = words.replace("/srv/coalition/app/.venv/bin/python", "/usr/bin/env").replace(
            "/srv/", f"{tmp_path}/"
        )
        (tmp_path / name).write_text(words, encoding="utf-8")
    done = subprocess.run(
        ["systemd-analyze", "verify", "--recursive-errors=no", "--man=no", str(tmp_path / unit)],
        capture_output=True,
        text=True,
        check=False,
    )
    said = [line for line in done.stderr.splitlines() if unit in line]
    assert (done.returncode, said) == (0, []), done.stderr


def test_alerts_ask_for_numbers_that_are_there():
    rules = yaml.safe_load((DEPLOY / "alerts.yaml").read_text(encoding="utf-8"))["groups"][0]["rules"]
    code = (ROOT / "coalition" / "metrics.py").read_text(encoding="utf-8")
    asked = set(re.findall(r"coalition_\w+", " ".join(rule["expr"] for rule in rules)))
    assert len(asked) >= 10
    named = {re.sub("_(total|bucket)$", "", name): name for name in asked}
    written = {name for name in named if name in code or f'"{name.removeprefix("coalition_")}"' in code}
    assert named.keys() == written
    assert all(rule["labels"]["severity"] in {"page", "ticket"} for rule in rules)
    guide = (ROOT / "docs" / "running.md").read_text(encoding="utf-8")
    table = set(
        re.findall(
            r"coalition_\w+", guide.split("## What to watch")[1].split("### Behaviour during outages")[0]
        )
    )
    assert {name for name in table if re.sub("_total$", "", name) not in " ".join(asked)} == set()
    if shutil.which("promtool"):
        subprocess.run(["promtool", "check", "rules", str(DEPLOY / "alerts.yaml")], check=True)


def commands():
    """Names of our management commands."""
    return {path.stem for path in ROOT.glob("*/**/management/commands/*.py")}
