"""Chromium, driven through its debugging pipe: clicks, keys, sizes and colour schemes."""

import json
import os
import signal
import subprocess
import time
from collections.abc import Generator
from contextlib import contextmanager, suppress
from tempfile import TemporaryDirectory
from typing import IO, Any

type Json = dict[str, Any]


class Browser:
    """One tab of a running Chromium."""

    def __init__(self, commands: IO[bytes], messages: IO[bytes]) -> None:
        """Open a tab; Chromium reads from one pipe and writes into the other."""
        self._commands, self._messages = commands, messages
        self._last = 0
        self._session: str | None = None
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        attached = self.call("Target.attachToTarget", targetId=target, flatten=True)
        self._session = attached["sessionId"]
        self.console: list[str] = []
        """The lines of the page's console and log: refused styles, scripts and requests."""

        for domain in ("Page", "Log", "Runtime"):
            self.call(f"{domain}.enable")

    def call(self, method: str, **parameters: object) -> Json:
        """Call a method of the protocol, and return its result."""
        self._last += 1
        session = {"sessionId": self._session} if self._session else {}
        command = {"id": self._last, "method": method, "params": parameters, **session}
        self._commands.write(json.dumps(command).encode() + b"\0")
        self._commands.flush()
        while (message := self._read()).get("id") != self._last:
            self._note(message)
        assert "result" in message, message
        return message["result"]

    def open(self, url: str, *, width: int, scheme: str = "light") -> None:
        """Open a page in a window of a width, and wait until it is complete."""
        size = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": False}
        self.call("Emulation.setDeviceMetricsOverride", **size)
        feature = {"name": "prefers-color-scheme", "value": scheme}
        self.call("Emulation.setEmulatedMedia", features=[feature])
        self.call("Page.navigate", url=url)
        while (message := self._read()).get("method") != "Page.loadEventFired":
            self._note(message)

    def wait_for(self, expression: str) -> Any:
        """Wait until an expression in the page has a true value, and return the value."""
        deadline = time.monotonic() + 90
        while not (value := self.evaluate(expression)):
            assert time.monotonic() < deadline, expression
            time.sleep(0.1)
        return value

    def wait_for_address(self, url: str) -> None:
        """Wait until a page has led to another one."""
        deadline = time.monotonic() + 20
        while (address := self.evaluate("location.href")) != url:
            assert time.monotonic() < deadline, address
            time.sleep(0.05)

    def evaluate(self, expression: str) -> Any:
        """Return the value of an expression in the page; its rules do not apply to it."""
        result = self.call("Runtime.evaluate", expression=expression, returnByValue=True)
        assert "exceptionDetails" not in result, result
        return result["result"].get("value")

    def press(self, key: str, code: int) -> None:
        """Press a key once."""
        text = {"text": "\r"} if key == "Enter" else {}
        pressed = {"key": key, "windowsVirtualKeyCode": code}
        self.call("Input.dispatchKeyEvent", type="keyDown", **pressed, **text)
        self.call("Input.dispatchKeyEvent", type="keyUp", **pressed)

    def _read(self) -> Json:
        message = bytearray()
        while (byte := self._messages.read(1)) != b"\0":
            assert byte, "Chromium has ended"
            message += byte
        return json.loads(message)

    def _note(self, message: Json) -> None:
        if message.get("method") in {"Log.entryAdded", "Runtime.consoleAPICalled"}:
            self.console.append(json.dumps(message["params"]))


@contextmanager
def run_browser(program: str, *names: str) -> Generator[Browser]:
    """Run Chromium without a window, and without any host but localhost.

    Args:
        program: Chromium.
        names: further names of this machine.
    """
    found = [f"MAP {name} 127.0.0.1" for name in names]
    hosts = f"--host-resolver-rules={', '.join([*found, 'MAP * ~NOTFOUND', 'EXCLUDE localhost'])}"
    # Deleted at the end: it has what was typed and opened, so passwords and tokens.
    with (
        TemporaryDirectory(prefix="chromium-") as profile,
        _run(program, f"--user-data-dir={profile}", hosts) as browser,
    ):
        yield browser


@contextmanager
def _run(program: str, *options: str) -> Generator[Browser]:
    to_read, commands = os.pipe()
    messages, to_write = os.pipe()
    process = subprocess.Popen(
        # Chromium's pipes are the descriptors 3 and 4.
        [
            *("bash", "-c", f'exec "$@" 3<&{to_read} 4>&{to_write}', "bash", program),
            *("--headless=new", "--no-sandbox", "--remote-debugging-pipe", *options),
        ],
        pass_fds=(to_read, to_write),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    os.close(to_read)
    os.close(to_write)
    with os.fdopen(commands, "wb") as writer, os.fdopen(messages, "rb") as reader:
        try:
            yield Browser(writer, reader)
        finally:
            process.terminate()
            process.wait(timeout=20)
            # A process of a page may outlive it, and write into the profile.
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
