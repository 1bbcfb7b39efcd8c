"""The worker as a thread and as a process of its own."""

import signal
import subprocess
import sys
import time

import pytest

from coalition.core.clock import now
from coalition.jobs import scheduler
from coalition.jobs.worker import Worker
from tests.architecture.source import ROOT


@pytest.mark.django_db
def test_one_look_does_what_is_due(monkeypatch) -> None:
    ran = []
    monkeypatch.setattr(scheduler, "_handlers", {"test": lambda key, _payload: ran.append(key)})
    monkeypatch.setattr("coalition.jobs.worker.close_old_connections", lambda: None)
    scheduler.schedule(kind="test", key="x", due_at=now())
    Worker().look()
    assert ran == ["x"]


@pytest.mark.slow
def test_the_command_stops_when_it_is_told_to(tmp_path) -> None:
    environment = {
        "DJANGO_SETTINGS_MODULE": "coalition.settings.dev",
        "DATABASE_URL": f"sqlite:///{tmp_path / 'empty.sqlite3'}",
        "PATH": "/usr/bin:/bin",
    }
    worker = subprocess.Popen(
        [sys.executable, "manage.py", "work"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert "looks for work" in worker.stdout.readline()
        time.sleep(0.5)  # a database without tables must not end it
        assert worker.poll() is None
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(timeout=15) == 0
    finally:
        worker.kill()
        worker.stdout.close()
