"""Waiting until something is so, with a deadline: the only way these tests wait."""

import time

DEADLINE_S = 20.0  # generous: the machine may be busy; nothing here judges speed
PAUSE_S = 0.02


def until(what, deadline_s=DEADLINE_S, message="it did not come to pass"):
    """Calls `what` until it returns something true, and returns that."""
    end = time.monotonic() + deadline_s
    while True:
        result = what()
        if result:
            return result
        if time.monotonic() > end:
            raise AssertionError(f"{message} within {deadline_s} s")
        time.sleep(PAUSE_S)
