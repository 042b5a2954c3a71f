"""A stub mail server: takes every mail and writes down its Message-ID. It can kill the senders after a mail is taken and before
they hear of it: the gap in which nobody can know both."""

import os
import re
import signal
import socketserver
import threading
import time
from collections import Counter

MESSAGE_ID = re.compile(rb"^Message-ID:\s*(\S+)", re.IGNORECASE | re.MULTILINE)


class Talk(socketserver.StreamRequestHandler):
    """As much of SMTP (RFC 5321) as a client needs."""

    def handle(self):
        try:
            self.talk()
        except OSError:
            return  # the sender is gone

    def talk(self):
        self.say("220 stub")
        while line := self.rfile.readline():
            word = line[:4].upper().strip()
            if word == b"DATA":
                self.say("354 go on")
                self.server.office.take(self.read_mail())
                self.say("250 OK")
            elif word == b"QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 OK")

    def read_mail(self) -> bytes:
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            if not line:
                raise ConnectionResetError
            lines.append(line)
        return b"".join(lines)

    def say(self, words):
        self.wfile.write(words.encode() + b"\r\n")


class PostOffice:
    """`with PostOffice() as office:` listens on `office.port`; `arrived` counts the mails of each Message-ID. `trap`: after so
    many mails `victims()`, process numbers, are killed before the next "250 OK" is said; `n_trapped` counts them. `seconds`: how
    long it thinks about each mail."""

    def __init__(self):
        self.arrived = Counter()
        self.lock = threading.Lock()
        self.trap = None
        self.victims = list
        self.n_trapped = 0
        self.seconds = 0

    def __enter__(self):
        self.server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Talk, bind_and_activate=False)
        self.server.daemon_threads, self.server.allow_reuse_address, self.server.office = True, True, self
        self.server.request_queue_size = 64
        self.server.server_bind()
        self.server.server_activate()
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, *_error):
        self.server.shutdown()
        self.server.server_close()

    @property
    def port(self) -> int:
        return self.server.server_address[1]

    @property
    def n_mails(self) -> int:
        return self.arrived.total()

    @property
    def n_doubles(self) -> int:
        return self.n_mails - len(self.arrived)

    def take(self, mail: bytes):
        time.sleep(self.seconds)
        with self.lock:
            self.arrived[MESSAGE_ID.search(mail)[1].decode()] += 1
            if self.trap is not None and self.n_mails > self.trap:
                self.trap = None
                for pid in self.victims():
                    os.kill(pid, signal.SIGKILL)
                    self.n_trapped += 1
                raise ConnectionResetError
