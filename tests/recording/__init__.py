"""Test data are built once per process and replayed for the tests after that.

`@recorded` on a builder (a factory, `stage()`, `Stage.publish()`): the first call runs the builder and stores
what it wrote and a pickle of what it returned. A later call writes that again instead, if the database is in
the same state and arguments, clock, settings and language are the same. Every test still has its own rows in
its own transaction, and its own copy of the objects. Plain fixtures of function scope that return something
are recorded without being decorated (`fixtures.py`).

The state of the database is a hash over all that was written since the test began, so it does not matter who
wrote: builders or the test itself. `repeatable` lets the same steps write the same rows.

A builder runs for real on PostgreSQL, in tests that commit, in other threads, once pytest's `monkeypatch`
fixture has patched something (other patches are not noticed), while queries are counted, under a clock that
moves by itself, and with arguments that have no name (clients, open files, functions). What sent mail,
deleted files, raised, or cannot be pickled is not stored.

`RECORDINGS=off` in the environment runs all of them for real, with the real clock and real random values;
`RECORDINGS=report` prints at the end what ran for real.
"""

from tests.recording.replay import beginning, number, recorded, same_patch

__all__ = ["beginning", "number", "recorded", "same_patch"]
