"""Brokers of a test's own: on ports that nobody else has, in directories that go with them."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

PATH = f"{os.environ.get('PATH', os.defpath)}:/usr/sbin"


@dataclass(slots=True, kw_only=True)
class Broker:
    """A program that keeps what it took in its directory, and can be killed and started again."""

    command: Callable[[Path, int], list[str]]
    directory: Path
    port: int
    _process: subprocess.Popen[bytes] | None = field(default=None)

    def start(self) -> None:
        name, *arguments = self.command(self.directory, self.port)
        program = shutil.which(name, path=PATH)
        assert program, f"{name} is not installed: bash deploy/packages.sh"
        with (self.directory / "log").open("ab") as log:
            self._process = subprocess.Popen([program, *arguments], stdout=log, stderr=log)
        until = time.monotonic() + 20
        while not self._answers():
            assert time.monotonic() < until, (self.directory / "log").read_text()
            time.sleep(0.02)

    def kill(self) -> None:
        """End it as a crash would."""
        assert self._process is not None
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()
        self._process = None

    def stop(self) -> None:
        if self._process is not None:
            self.kill()

    def _answers(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0


def redis_server(directory: Path, port: int) -> list[str]:
    return [
        *("redis-server", "--bind", "127.0.0.1", "--port", str(port), "--dir", str(directory)),
        *("--save", "", "--appendonly", "yes", "--appendfsync", "always"),
    ]


def nats_server(directory: Path, port: int) -> list[str]:
    return [
        *("nats-server", "--addr", "127.0.0.1", "--port", str(port)),
        *("--jetstream", "--store_dir", str(directory)),
    ]


@contextmanager
def broker(command: Callable[[Path, int], list[str]]) -> Iterator[Broker]:
    directory = Path(tempfile.mkdtemp(prefix="bss-broker-"))
    started = Broker(command=command, directory=directory, port=_free_port())
    try:
        started.start()
        yield started
    finally:
        started.stop()
        shutil.rmtree(directory, ignore_errors=True)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
