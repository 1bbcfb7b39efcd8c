"""A program beside the server: what it answers comes back, and it ends at its limits."""

import sys

import pytest

from coalition.sandbox.run import SandboxFailed, SandboxStopped, run_sandboxed


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
