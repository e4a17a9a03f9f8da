"""A browser looks at Prefect's pages: headless Chromium (Debian's `chromium`), told over its debugging port."""

from __future__ import annotations

import base64
import contextlib
import json
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import httpx
from websockets.sync.client import connect
from websockets.sync.connection import Connection

CHROMIUM = shutil.which("chromium")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--window-size=1400,1600",
]


class Page:
    """A page in a browser of its own."""

    def __init__(self, socket: Connection) -> None:
        self._socket, self._numbers = socket, count(1)

    def _ask(self, method: str, **parameters: Any) -> dict[str, Any]:
        number = next(self._numbers)
        self._socket.send(json.dumps({"id": number, "method": method, "params": parameters}))
        while (answer := json.loads(self._socket.recv(timeout=30))).get("id") != number:
            pass
        result: dict[str, Any] = answer["result"]
        return result

    def text(self) -> str:
        """What a reader sees, white space aside, with what stands in fields."""
        code = (
            "document.body.innerText + ' ' + "
            "[...document.querySelectorAll('input, textarea')].map(field => field.value).join(' ')"
        )
        found = self._ask("Runtime.evaluate", expression=code, returnByValue=True)
        return " ".join(str(found["result"].get("value", "")).split())

    def open(self, address: str, *wanted: str, seconds: float = 60) -> str:
        """Its text, once all of this stands there. Raises AssertionError where it does not come."""
        self._ask("Page.navigate", url=address)
        ends = time.monotonic() + seconds
        text = ""
        while time.monotonic() < ends:
            time.sleep(0.5)
            text = self.text()
            if all(word in text for word in wanted):
                return text
        missing = [word for word in wanted if word not in text]
        raise AssertionError(f"{address} lacks {missing}; it says: {text[:2000]}")

    def picture(self, path: Path) -> None:
        time.sleep(1)  # pages fade in
        path.write_bytes(base64.b64decode(self._ask("Page.captureScreenshot", format="png")["data"]))


@contextlib.contextmanager
def browser(folder: Path) -> Iterator[Page]:
    """A new browser, which ends with the block."""
    assert CHROMIUM, "chromium is not installed"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        CHROMIUM,
        *FLAGS,
        f"--remote-debugging-port={port}",
        f"--user-data-dir={folder}",
        "about:blank",
    ]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as started:
        try:
            with connect(_address(port), max_size=None) as there:
                yield Page(there)
        finally:
            started.terminate()


def _address(port: int) -> str:
    """Where the browser's first page is told what to do."""
    for _ in range(120):
        with contextlib.suppress(httpx.HTTPError):
            pages = httpx.get(f"http://127.0.0.1:{port}/json/list").json()
            for page in pages:
                if page["type"] == "page":
                    return str(page["webSocketDebuggerUrl"])
        time.sleep(0.5)
    raise AssertionError("the browser did not start")
