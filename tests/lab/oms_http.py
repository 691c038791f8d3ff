"""What the simulated services of an OMS have in common: HTTP, a record of requests, misbehaviour.

A service is a process. What it knows stands in a file, STATE/NAME.json, which the test changes and
which the service reads again before each answer; what it was asked is appended to
STATE/NAME.requests before it answers. So both outlive the process, as an OMS's MetaDB outlives its
programs. oms.py is the side of the test.
"""

import contextlib
import dataclasses
import fcntl
import http
import http.server
import json
import os
import select
import socket
import struct
import threading
import time
import urllib.parse
from pathlib import Path

POLL_SECONDS = 0.02
HUGE_BYTES = 10 << 30
DEPTH = 100000
GARBAGE = b"SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\r\n\x00\xff\xfe\x7f" * 4


# --- state ----------------------------------------------------------------------------------------


class State:
    """A JSON file that two processes change: each change is whole, and none is lost."""

    def __init__(self, path):
        self.path = Path(path)
        self.seen = None
        self.data = {}
        self.lock = threading.Lock()

    def read(self):
        """What stands there now; not to be changed by the reader."""
        with self.lock:
            stat = os.stat(self.path)
            seen = (stat.st_ino, stat.st_mtime_ns, stat.st_size)
            if seen != self.seen:
                self.data = json.loads(self.path.read_text(encoding="utf-8"))
                self.seen = seen
            return self.data

    def write(self, data):
        part = self.path.with_suffix(f".{os.getpid()}.{threading.get_ident()}")
        part.write_text(json.dumps(data), encoding="utf-8")
        os.rename(part, self.path)

    @contextlib.contextmanager
    def change(self):
        """Holds the file while its content is changed; nothing is written upon an exception."""
        with open(self.path.with_suffix(".lock"), "a", encoding="ascii") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            data = json.loads(self.path.read_text(encoding="utf-8"))
            yield data
            self.write(data)


# --- requests and answers -------------------------------------------------------------------------


@dataclasses.dataclass(frozen=True)
class Request:
    """A request as it came: `head` is every byte up to the empty line, `target` the raw path and
    query, `write` whether it would change an OMS."""

    service: str
    number: int
    connection: int
    time: float
    method: str
    target: str
    headers: tuple
    head: bytes
    body: bytes
    write: bool

    @property
    def path(self):
        return self.target.partition("?")[0]

    @property
    def query(self):
        """The query, decoded; of a name that is there twice the last value."""
        return dict(urllib.parse.parse_qsl(self.target.partition("?")[2], keep_blank_values=True))

    def header(self, name):
        """The value of a header, or None."""
        found = [value for key, value in self.headers if key.lower() == name.lower()]
        return found[-1] if found else None

    @property
    def json(self):
        return json.loads(self.body)

    def to_line(self):
        fields = dataclasses.asdict(self)
        fields["head"] = self.head.decode("latin-1")
        fields["body"] = self.body.decode("latin-1")
        return json.dumps(fields) + "\n"

    @classmethod
    def from_line(cls, fields):
        fields = {**fields, "head": fields["head"].encode("latin-1"),
                  "body": fields["body"].encode("latin-1"),
                  "headers": tuple(tuple(header) for header in fields["headers"])}
        return cls(**fields)


@dataclasses.dataclass(frozen=True)
class Answer:
    status: int
    body: bytes
    content_type: str = "application/json;charset=UTF-8"
    headers: tuple = ()

    def to_bytes(self, length=None):
        length = len(self.body) if length is None else length
        lines = [f"HTTP/1.1 {self.status} {phrase(self.status)}",
                 f"Content-Type: {self.content_type}", f"Content-Length: {length}",
                 *(f"{name}: {value}" for name, value in self.headers)]
        return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + self.body


def phrase(status):
    try:
        return http.HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"


def json_answer(value, status=200):
    return Answer(status, json.dumps(value).encode("utf-8"))


def page(status, title, text):
    """A page such as a web server makes it."""
    html = (f"<!doctype html><html lang=\"en\"><head><title>{title}</title></head>"
            f"<body><h1>{title}</h1><p>{text}</p></body></html>")
    return Answer(status, html.encode("utf-8"), "text/html;charset=utf-8")


# --- misbehaviour ---------------------------------------------------------------------------------


class Exchange:
    """One request that is being answered badly."""

    def __init__(self, handler, request, rule):
        self.handler = handler
        self.sock = handler.connection
        self.service = handler.server
        self.request = request
        self.rule = rule
        self.edition = self.service.rules_edition()

    def answer(self):
        """Does what the request asks and returns the right answer."""
        return self.service.respond(self.request)

    def send(self, data):
        self.sock.sendall(data)

    def reset(self):
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.sock.close()

    def pause(self, seconds):
        """Waits; False once the peer has gone or the service has been told to behave."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if self.service.rules_edition() != self.edition or self.peer_has_gone():
                return False
            time.sleep(min(POLL_SECONDS, max(0.0, until - time.monotonic())))
        return True

    def peer_has_gone(self):
        if not select.select([self.sock], [], [], 0)[0]:
            return False
        try:
            return self.sock.recv(1, socket.MSG_PEEK) == b""
        except OSError:
            return True


def hang(exchange):
    exchange.pause(3600)


def cut(_exchange):
    """The connection ends without a byte, and in good order."""


def act_and_cut(exchange):
    exchange.answer()


def late(exchange):
    if exchange.pause(exchange.rule.get("seconds", 1.0)):
        exchange.send(exchange.answer().to_bytes())


def drip(exchange):
    for byte in exchange.answer().to_bytes():
        exchange.send(bytes([byte]))
        if not exchange.pause(exchange.rule.get("seconds", 1.0)):
            return


def half(exchange):
    answer = exchange.answer()
    exchange.send(answer.to_bytes()[: -max(1, len(answer.body) // 2)])


def huge(exchange):
    """Ten gigabytes of one JSON string, sent for as long as somebody reads."""
    start = b'{"success": true, "isSuccess": true, "result": "'
    exchange.send(Answer(200, start).to_bytes(HUGE_BYTES))
    while not exchange.peer_has_gone():
        exchange.send(b"a" * 65536)


def endless(exchange):
    """The same in chunks, so that no length is told."""
    exchange.send(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                  b"Transfer-Encoding: chunked\r\n\r\n")
    text = b'{"success": true, "isSuccess": true, "result": "' + b"a" * 65488
    while not exchange.peer_has_gone():
        exchange.send(f"{len(text):x}\r\n".encode("ascii") + text + b"\r\n")
        text = b"a" * 65536


def endless_head(exchange):
    """Headers without an end."""
    exchange.send(b"HTTP/1.1 200 OK\r\n")
    while not exchange.peer_has_gone():
        exchange.send(b"X-More: " + b"a" * 1000 + b"\r\n")


def garbage(exchange):
    exchange.send(GARBAGE)


def say(answer_of):
    """A misbehaviour that is a whole answer, but another one."""
    return lambda exchange: exchange.send(answer_of(exchange).to_bytes())


def other_status(exchange):
    """By default the page of a server whose application failed."""
    status = exchange.rule.get("status", 500)
    return page(status, f"HTTP Status {status}", phrase(status))


def html(_exchange):
    return page(200, "Sign in", "Somebody else's page.")


def not_json(_exchange):
    return Answer(200, b"ok\n")


def empty(_exchange):
    return Answer(200, b"")


def any_body(exchange):
    return Answer(exchange.rule.get("status", 200), exchange.rule["body"].encode("latin-1"))


def redirect(exchange):
    location = (("Location", exchange.rule["location"]),)
    return Answer(exchange.rule.get("status", 302), b"", "text/html", location)


def deep(_exchange):
    nest = b"[" * DEPTH + b"]" * DEPTH
    body = b'{"isSuccess":true,"success":true,"crawler":' + nest + b',"data":' + nest + b"}"
    return Answer(200, body)


def twist(value):
    """The same shape, with every leaf of another type."""
    if isinstance(value, dict):
        return {name: twist(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return {str(at): twist(inner) for at, inner in enumerate(value)}
    if isinstance(value, bool):
        return [value]
    if isinstance(value, (int, float)):
        return {"number": value}
    return 7 if isinstance(value, str) else {}


def types(exchange):
    return json_answer(twist(json.loads(exchange.answer().body)))


def types_top(exchange):
    """Each value of the outermost object is of another type."""
    whole = json.loads(exchange.answer().body)
    return json_answer({name: 7 if isinstance(value, (str, dict, list)) else "text"
                        for name, value in whole.items()})


def is_success_false(exchange):
    """ASSUMPTION: a refusal has the envelope of a success (no refusal is printed anywhere)."""
    rule = exchange.rule
    return exchange.service.refusal(rule.get("errCode"), rule.get("errMsg"),
                                    rule.get("errorDetail"), rule.get("status", 200))


# Of the connection: nobody listens; or it is reset before a byte is read.
CONNECTION_KINDS = ("down", "refuse")
# Of an exchange. Those that give the right answer in part (late, drip, half, types) do what was
# asked; of the others only act_and_cut does, or any that is told act=True.
KINDS = {
    "hang": hang,
    "cut": cut,
    "act_and_cut": act_and_cut,
    "reset": Exchange.reset,
    "late": late,
    "drip": drip,
    "half": half,
    "huge": huge,
    "endless": endless,
    "endless_head": endless_head,
    "garbage": garbage,
    "500": say(other_status),
    "status": say(other_status),
    "html": say(html),
    "not_json": say(not_json),
    "empty": say(empty),
    "body": say(any_body),
    "redirect": say(redirect),
    "deep": say(deep),
    "types": say(types),
    "types_top": say(types_top),
    "is_success_false": say(is_success_false),
}


# --- a service ------------------------------------------------------------------------------------


class Tee:
    """Reads of a file, kept."""

    def __init__(self, file):
        self.file = file
        self.kept = b""

    def readline(self, limit=-1):
        line = self.file.readline(limit)
        self.kept += line
        return line

    def read(self, count):
        return self.file.read(count)

    def close(self):
        self.file.close()

    @property
    def closed(self):
        return self.file.closed


class Handler(http.server.BaseHTTPRequestHandler):
    """One connection. `server` is the Service."""

    protocol_version = "HTTP/1.1"
    # A peer that holds its connection and says nothing does not hold a thread for ever.
    timeout = 600

    def setup(self):
        super().setup()
        self.rfile = Tee(self.rfile)
        self.number = self.server.count_connection()

    def handle_one_request(self):
        self.rfile.kept = b""
        super().handle_one_request()

    def log_message(self, format, *args):  # pylint: disable=redefined-builtin
        """Everything is in the record."""

    def __getattr__(self, name):
        if name.startswith("do_"):
            return self.answer
        raise AttributeError(name)

    def answer(self):
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length)
        if len(body) < length:
            self.close_connection = True
            return
        request = self.server.record(self, body)
        rule = self.server.take_rule(request)
        if rule is None:
            self.connection.sendall(self.server.respond(request).to_bytes())
            return
        self.close_connection = True
        exchange = Exchange(self, request, rule)
        if rule.get("act") and rule["kind"] != "act_and_cut":
            exchange.answer()
        KINDS[rule["kind"]](exchange)


class Service:
    """Serves from the calling thread, for ever. A subclass says what the answers are."""

    name = ""
    default = {}

    def __init__(self, folder, addresses):
        self.state = State(Path(folder) / f"{self.name}.json")
        self.log = Path(folder) / f"{self.name}.requests"
        self.addresses = addresses
        self.lock = threading.Lock()
        self.requests = 0
        self.connections = 0
        self.taken = {}
        self.live = set()

    # What a subclass has to say.

    def respond(self, request):
        """Does what the request asks, and returns the Answer."""
        raise NotImplementedError

    def is_write(self, method, path, query):
        """Whether this request would change an OMS."""
        raise NotImplementedError

    def refusal(self, code, message, detail=None, status=200):
        """The Answer that refuses."""
        raise NotImplementedError

    # The record.

    def append(self, line):
        with open(self.log, "a", encoding="ascii") as log:
            log.write(line)

    def count_connection(self):
        with self.lock:
            self.connections += 1
            self.append(json.dumps({"connection": self.connections}) + "\n")
            return self.connections

    def record(self, handler, body):
        # BaseHTTPRequestHandler.path is not what came: it shortens "//".
        target = handler.raw_requestline.decode("latin-1").split(" ")[1]
        path, _, query = target.partition("?")
        write = self.is_write(handler.command, path, dict(urllib.parse.parse_qsl(query)))
        with self.lock:
            self.requests += 1
            request = Request(self.name, self.requests, handler.number, time.time(),
                              handler.command, target, tuple(handler.headers.items()),
                              handler.rfile.kept, body, write)
            self.append(request.to_line())
        return request

    # Misbehaviour.

    def rules(self):
        return self.state.read().get("rules", [])

    def rules_edition(self):
        return self.state.read().get("edition", 0)

    def take_rule(self, request):
        """The first rule that is for this request; each counts the requests that it is for."""
        for rule in self.rules():
            if rule["kind"] not in CONNECTION_KINDS and self.is_for(rule, request):
                return rule
        return None

    def is_for(self, rule, request):
        if rule["on"] != "all" and (rule["on"] == "writes") != request.write:
            return False
        if rule.get("match", "") not in request.target:
            return False
        with self.lock:
            count = self.taken.get(rule["id"], 0) + 1
            self.taken[rule["id"]] = count
        return rule.get("nth") in (None, count)

    def has(self, kind):
        return any(rule["kind"] == kind for rule in self.rules())

    # Connections.

    def serve_forever(self):
        listeners = [bound(address) for address in self.addresses]
        is_listening = False
        while True:
            if self.has("down") == is_listening:
                is_listening = not is_listening
                for listener in listeners:
                    self.listen(listener, is_listening)
            ready = select.select(listeners if is_listening else [], [], [], POLL_SECONDS)[0]
            for listener in ready:
                with contextlib.suppress(OSError):
                    self.accept(listener)

    def listen(self, listener, is_listening):
        """Without a listen() connections are refused, while the port stays ours."""
        if is_listening:
            listener.listen(128)
            return
        with contextlib.suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        with self.lock:
            live = list(self.live)
        for sock in live:
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)

    def accept(self, listener):
        sock, address = listener.accept()
        if self.has("refuse"):
            self.count_connection()
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            sock.close()
            return
        with self.lock:
            self.live.add(sock)
        threading.Thread(target=self.handle, args=(sock, address), daemon=True).start()

    def handle(self, sock, address):
        # The peer may go at any time, and Handler closes its files over a socket that is gone.
        with contextlib.suppress(OSError, ValueError):
            Handler(sock, address, self)
        with self.lock:
            self.live.discard(sock)
        with contextlib.suppress(OSError):
            sock.shutdown(socket.SHUT_WR)
        sock.close()


def bound(address):
    """A socket on this address; somebody's connection may hold the port for a moment."""
    sock = socket.socket()
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    until = time.monotonic() + 5
    while True:
        try:
            sock.bind(tuple(address))
            return sock
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(POLL_SECONDS)
