"""Several things at one moment, each on a connection of its own."""

import threading

from django.db import connection
from django.utils.translation import override


def at_once(*presses):
    """Run all of them at once; what any of them raises fails the test."""
    start, errors = threading.Barrier(len(presses)), []

    def run(press):
        start.wait()
        try:
            with override("en"):  # a new thread speaks the site's language
                press()
        except Exception as error:  # noqa: BLE001  shown by the test
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(press,)) for press in presses]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors
