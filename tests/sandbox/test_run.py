"""A program beside the server: what it answers comes back, and it ends at its limits."""

import sys
import tempfile

import pytest

from coalition.sandbox.run import SandboxFailed, SandboxStopped, run_on_file, run_sandboxed


def python(code, given=b"", **limits):
    return run_sandboxed([sys.executable, "-c", code], given, **{"seconds": 5, **limits})


def test_what_goes_in_comes_out():
    code = "import sys; sys.stdout.buffer.write(sys.stdin.buffer.read()[::-1])"
    assert python(code, b"abc" * 100_000) == b"cba" * 100_000


def test_an_error_is_told_with_its_last_words():
    with pytest.raises(SandboxFailed, match="why it failed") as failed:
        python("raise SystemExit('why it failed')")
    assert not isinstance(failed.value, SandboxStopped)


def test_who_computes_without_end_is_stopped():
    with pytest.raises(SandboxStopped):
        python("while True: pass", seconds=1)


def test_who_takes_too_much_memory_is_stopped():
    with pytest.raises(SandboxStopped):
        python("b'x' * 10**9", memory=300 * 1024**2)


def test_who_says_too_much_is_stopped():
    with pytest.raises(SandboxStopped):
        python("print('x' * 2000)", most=1000)


def test_nothing_of_the_environment_goes_along(monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "canary")
    assert b"canary" not in python("import os; print(os.environ)")


def test_a_program_that_does_not_read_its_input_is_no_failure():
    assert python("print('done')", b"x" * 10**6).strip() == b"done"


def on_file(code, content, **options):
    with tempfile.TemporaryFile() as source:
        source.write(content)
        return run_on_file([sys.executable, "-c", code], source, **{"seconds": 5, **options})


def test_a_program_reads_a_file_itself_and_may_seek_in_it():
    code = "import os, sys; os.lseek(0, -3, os.SEEK_END); sys.stderr.write(os.read(0, 9).decode())"
    assert on_file(code, b"x" * 100_000 + b"end") == "end"


def test_the_output_goes_to_a_file():
    with tempfile.TemporaryFile() as target:
        on_file("import shutil, sys; shutil.copyfileobj(sys.stdin, sys.stdout)", b"words", target=target)
        assert target.read() == b"words"


def test_a_program_that_writes_too_large_a_file_is_stopped():
    code = "import os\nwhile True: os.write({}, b'x' * 10_000)"
    with tempfile.TemporaryFile() as target, pytest.raises(SandboxFailed):
        on_file(code.format(1), b"", target=target, most=1_000_000)
    assert isinstance(stopped_while_talking(code.format(2)), SandboxFailed)


def stopped_while_talking(code):
    with pytest.raises(SandboxFailed) as failed:
        on_file(code, b"", most=1_000_000)
    return failed.value


def test_a_long_run_reports_its_progress_and_ends_at_its_limit(monkeypatch):
    monkeypatch.setattr("coalition.sandbox.run._PROGRESS_SECONDS", 0.5)
    calls = []
    with pytest.raises(SandboxStopped):
        on_file("import time; time.sleep(60)", b"", seconds=1, in_progress=lambda: calls.append(1))
    assert len(calls) >= 3
