"""What tests share: a Prefect server that starts once, and only for those that ask for it; how much is run."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator

import pytest

from flows.__main__ import ONCE

# Prefect reads these while a test module imports it, which is before any fixture runs.
os.environ.update(ONCE | os.environ)

INPUTS, NIGHTLY_INPUTS, CHUNK = 2_000, 100_000, 250


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--nightly", action="store_true", help="100,000 inputs for the laws")
    parser.addoption("--fuzz-seed", default="0", help="names the inputs for the laws (default: 0)")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "fuzz: the laws on many inputs")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Inputs go by the chunk, so that several processes share them."""
    if "first_input" in metafunc.fixturenames:
        inputs = NIGHTLY_INPUTS if metafunc.config.getoption("--nightly") else INPUTS
        metafunc.parametrize("first_input", range(0, inputs, CHUNK))


@pytest.fixture
def fuzz_seed(request: pytest.FixtureRequest) -> str:
    return str(request.config.getoption("--fuzz-seed"))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """How many inputs the laws were tried on: with several processes each test reports its own."""
    told: Counter[str] = Counter()
    for reports in terminalreporter.stats.values():
        for report in reports:
            for name, value in getattr(report, "user_properties", ()):
                if report.when == "call" and isinstance(value, int):
                    told[name] += value
    for name, value in told.items():
        terminalreporter.write_line(f"{name}: {value:,}")


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
