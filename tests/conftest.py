"""What tests share: a Prefect server that starts once, and only for those that ask for it."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from flows.__main__ import ONCE

# Prefect reads these while a test module imports it, which is before any fixture runs.
os.environ.update(ONCE | os.environ)


@pytest.fixture(scope="session")
def prefect_server() -> Iterator[None]:
    """A server of our own on an empty database. Its default 30 s are too few for a busy machine."""
    from prefect.settings import (
        PREFECT_FLOWS_HEARTBEAT_FREQUENCY,
        PREFECT_LOGGING_TO_API_ENABLED,
        temporary_settings,
    )
    from prefect.testing.utilities import prefect_test_harness

    # Heartbeats make every run wait a second at its end.
    quick = {PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None, PREFECT_LOGGING_TO_API_ENABLED: False}
    with prefect_test_harness(server_startup_timeout=180), temporary_settings(quick):
        yield
