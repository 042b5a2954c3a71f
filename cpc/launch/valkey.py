"""The embedded Valkey: broker and cache, on a random port of 127.0.0.1, with a password."""

import socket

from cpc.launch.binaries import find_valkey
from cpc.launch.console import LaunchError, tail
from cpc.launch.processes import Child, free_port, server_environment, stop_all, wait_until


class Valkey:
    """Broker and cache. Nothing is kept between starts: what must happen is in the database."""

    def __init__(self, folder, *, password, log):
        self.folder = folder
        self.password = password
        self.log = log
        self.port = None
        self.child = None

    def url(self, number):
        return f"redis://:{self.password}@127.0.0.1:{self.port}/{number}"

    def start(self, start_child):
        """Starts the server by `start_child(child)` and waits until it takes connections. The settings go through its standard
        input, so that no list of processes shows the password."""
        binary = find_valkey()
        for _attempt in range(3):
            self.port = free_port()
            settings = [
                "bind 127.0.0.1",
                f"port {self.port}",
                f"requirepass {self.password}",
                'save ""',
                "appendonly no",
                "daemonize no",
            ]
            self.child = Child(
                name="valkey",
                argv=[str(binary), "-"],
                env=server_environment(),
                log=self.log,
                cwd=self.folder,
                stdin="\n".join(settings) + "\n",
            )
            start_child(self.child)
            if self.wait_ready():
                return
            stop_all([self.child])
        raise LaunchError(f"Valkey does not start. The end of {self.log}:\n{tail(self.log)}")

    def wait_ready(self):
        wait_until(lambda: self.answers() or not self.child.is_running, 10)
        return self.child.is_running and self.answers()

    def answers(self):
        """It says PONG, or that a password is needed: either way it is up."""
        try:
            with socket.create_connection(("127.0.0.1", self.port), 1) as talk:
                talk.sendall(b"PING\r\n")
                return talk.recv(16).startswith((b"+PONG", b"-NOAUTH"))
        except OSError:
            return False
