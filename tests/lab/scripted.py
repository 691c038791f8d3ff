#!/usr/bin/env python3
"""A server that speaks enough of the MySQL protocol to answer as any version, and to misbehave.

In a test:

    with scripted.Server("mysql57", variables={"binlog_format": "STATEMENT"}) as server:
        run(["migdoctor", "check", "--source", server.uri])
    server.statements       what it was asked
    server.unmatched        what it had no answer for, and refused with 1064

    scripted.Server("mysql80", answers=[
        (r"SELECT 1", scripted.rows(["1"], [["1"]])),
        (r"SHOW REPLICA STATUS", scripted.error(1227, "42000", "Access denied; ...")),
        (r"SELECT slow", scripted.slow(30)),      # until KILL QUERY, as a real server
    ])
    scripted.Server("mysql80", fault="drip@greeting")

Answers are tried in order, each a regular expression for the whole statement in any case; those of
the preset stand behind them. A preset is one of versions.PRESETS.

Faults are KIND@WHERE. Kinds:
    silent    accepts what comes and says nothing
    deaf      does not even read any more
    drip      sends what is due a byte at a time (drip_seconds apart)
    half      sends half of what is due, and then nothing
    close     closes the connection
    reset     resets the connection
    garbage   sends bytes that are no packet
    endless   never stops sending
    swallow   answers, and loses the statements that were sent behind this one, as some proxies do
Where: greeting, tls (after the client asked for it), sign-in, or N for the Nth statement of a
connection.

At a desk:

    tests/lab/scripted.py --preset mysql57 [--port 0] [--set binlog_format=STATEMENT] [--replica]
                          [--fault drip@greeting] [--tls] ...

prints the port on its first line and then each statement as it comes.
"""

import argparse
import atexit
import contextlib
import dataclasses
import functools
import os
import re
import secrets
import select
import shutil
import signal
import socket
import ssl
import struct
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import protocol  # noqa: E402 (found beside this file)
import versions  # noqa: E402

CAPABILITIES = (
    protocol.LONG_PASSWORD | protocol.FOUND_ROWS | protocol.LONG_FLAG | protocol.CONNECT_WITH_DB
    | protocol.PROTOCOL_41 | protocol.TRANSACTIONS | protocol.SECURE_CONNECTION
    | protocol.MULTI_RESULTS | protocol.PLUGIN_AUTH | protocol.CONNECT_ATTRS
    | protocol.PLUGIN_AUTH_LENENC
)
GARBAGE = b"SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\r\n\x00\xff\xfe\x7f" * 4
FAULTS = ("silent", "deaf", "drip", "half", "close", "reset", "garbage", "endless", "swallow")


# --- answers --------------------------------------------------------------------------------------


@dataclasses.dataclass(frozen=True)
class Table:
    columns: tuple
    rows: tuple


@dataclasses.dataclass(frozen=True)
class Error:
    errno: int
    sqlstate: str
    text: str


@dataclasses.dataclass(frozen=True)
class Slow:
    """Answers after a time; a KILL QUERY before ends it with 1317."""

    seconds: float
    answer: object


OK = object()


def rows(columns, cells=()):
    """A result; cells are texts, or None for SQL's NULL."""
    return Table(tuple(columns), tuple(tuple(row) for row in cells))


def error(errno, sqlstate, text):
    return Error(errno, sqlstate, text)


def slow(seconds, answer=OK):
    return Slow(seconds, answer)


INTERRUPTED = Error(1317, "70100", "Query execution was interrupted")


def syntax_error(preset, statement):
    return Error(
        1064, "42000",
        "You have an error in your SQL syntax; check the manual that corresponds to your "
        f"{preset.product} server version for the right syntax to use near "
        f"'{statement[:80]}' at line 1",
    )


def denied(user, host="localhost"):
    return Error(1045, "28000", f"Access denied for user '{user}'@'{host}' (using password: YES)")


class Behaviour:
    """What a server of a preset answers, out of its variables and status statements."""

    def __init__(self, preset, own_answers=(), variables=None, replica=False):
        self.preset = preset
        self.variables = dict(preset.variables)
        self.variables["version"] = preset.version
        for name, value in (variables or {}).items():
            if value is None:
                self.variables.pop(name, None)
            else:
                self.variables[name] = value
        self.replica = replica
        self.answers = [
            (re.compile(pattern, re.IGNORECASE | re.DOTALL), answer)
            for pattern, answer in [*own_answers, *self.of_preset()]
        ]

    def of_preset(self):
        yield r"SHOW GLOBAL VARIABLES WHERE Variable_name IN \((.*)\)", self.named_variables
        yield r"SHOW GLOBAL VARIABLES LIKE '([^']*)'", self.like_variables
        yield r"SHOW GLOBAL VARIABLES", self.all_variables
        yield r"SELECT +((?:@@[\w.]+|VERSION\(\))(?: *, *(?:@@[\w.]+|VERSION\(\)))*)", \
            self.select_variables
        for statement, columns in self.preset.status.items():
            yield re.escape(statement).replace(r"\ ", r"\s+"), self.status(statement, columns)
        yield r"SET\s+(?:SESSION\s+)?TRANSACTION\s+READ\s+ONLY", self.read_only
        yield r"START\s+TRANSACTION\s+READ\s+ONLY", self.read_only
        yield r"SET\s+NAMES\s+\w+", OK
        yield r"SET\s+(?:SESSION\s+)?((?:@@(?:session\.)?)?\w+\s*:?=.*)", self.set_variables
        yield r"SELECT\s+(\d+)", lambda match: rows([match[1]], [[match[1]]])
        yield r"(?:COMMIT|ROLLBACK|START\s+TRANSACTION|BEGIN)", OK

    def answer(self, statement):
        """The answer, or None where nothing matches."""
        text = statement.strip().rstrip(";").strip()
        for pattern, answer in self.answers:
            match = pattern.fullmatch(text)
            if match:
                return answer(match) if callable(answer) else answer
        return None

    def variable_rows(self, chosen):
        return rows(
            ["Variable_name", "Value"],
            [[name, self.variables[name]] for name in sorted(self.variables) if chosen(name)],
        )

    def named_variables(self, match):
        names = {name.lower() for name in re.findall(r"'([^']*)'", match[1])}
        return self.variable_rows(lambda name: name in names)

    def like_variables(self, match):
        glob = re.escape(match[1]).replace("%", ".*").replace("_", ".")
        return self.variable_rows(re.compile(glob, re.IGNORECASE).fullmatch)

    def all_variables(self, _match):
        return self.variable_rows(lambda name: True)

    def select_variables(self, match):
        names = [name.strip() for name in match[1].split(",")]
        cells = []
        for name in names:
            plain = re.sub(r"^@@(?:global\.|session\.)?", "", name, flags=re.IGNORECASE).lower()
            plain = "version" if plain == "version()" else plain
            if plain not in self.variables:
                return Error(1193, "HY000", f"Unknown system variable '{plain}'")
            cells.append(self.variables[plain])
        return rows(names, [cells])

    def set_variables(self, match):
        for name in re.findall(r"(?:^|,)\s*(?:@@(?:session\.)?)?(\w+)\s*:?=", match[1]):
            if name.lower() in self.preset.settable:
                continue
            if name.lower() in self.variables:
                return Error(1229, "HY000", f"Variable '{name}' is a GLOBAL variable and should "
                             "be set with SET GLOBAL")
            return Error(1193, "HY000", f"Unknown system variable '{name}'")
        return OK

    def read_only(self, match):
        return OK if self.preset.read_only_transactions else syntax_error(self.preset, match[0])

    def status(self, statement, columns):
        if not self.replica or "MASTER" in statement or "LOG STATUS" in statement:
            return rows(columns)
        values = self.replica if isinstance(self.replica, dict) else {}
        return rows(columns, [versions.replica_row(columns, **values)])


# --- certificates ---------------------------------------------------------------------------------


@functools.lru_cache(maxsize=None)
def certificate(names="IP:127.0.0.1,DNS:localhost"):
    """A folder with ca.pem, and cert.pem and key.pem for the names, signed by it."""
    folder = Path(tempfile.mkdtemp(prefix="migdoctor-tls-"))
    owner = os.getpid()

    def remove():
        if os.getpid() == owner:
            shutil.rmtree(folder, ignore_errors=True)

    atexit.register(remove)
    new_key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]

    def openssl(*arguments):
        subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)

    openssl("req", "-x509", *new_key, "-keyout", "ca-key.pem", "-out", "ca.pem", "-days", "2",
            "-subj", "/CN=migdoctor test CA")
    openssl("req", *new_key, "-keyout", "key.pem", "-out", "request.pem",
            "-subj", "/CN=migdoctor test server")
    (folder / "names").write_text(f"subjectAltName={names}\n", encoding="ascii")
    openssl("x509", "-req", "-in", "request.pem", "-CA", "ca.pem", "-CAkey", "ca-key.pem",
            "-CAcreateserial", "-out", "cert.pem", "-days", "2", "-extfile", "names")
    return folder


class TlsLine:
    """TLS over memory, so that a fault can hold each byte of it in its hands."""

    def __init__(self, line, folder):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
        self.line = line
        self.incoming = ssl.MemoryBIO()
        self.outgoing = ssl.MemoryBIO()
        self.tls = context.wrap_bio(self.incoming, self.outgoing, server_side=True)

    def _pump(self, call, *arguments):
        while True:
            try:
                done = call(*arguments)
                self._flush()
                return done
            except ssl.SSLWantReadError:
                self._flush()
                more = self.line.recv(65536)
                if not more:
                    return b""
                self.incoming.write(more)

    def _flush(self):
        if self.outgoing.pending:
            self.line.sendall(self.outgoing.read())

    def handshake(self, first):
        self.incoming.write(first)
        self._pump(self.tls.do_handshake)

    def recv(self, count):
        return self._pump(self.tls.read, count)

    def sendall(self, data):
        self._pump(self.tls.write, data)

    def pending(self):
        return self.tls.pending() > 0


# --- connections ----------------------------------------------------------------------------------


class Ended(Exception):
    """The connection has come to its end, by the peer or by a fault."""


class PlainLine:
    """The socket; what is sent goes through the fault that is in force."""

    def __init__(self, sock, server):
        self.sock = sock
        self.server = server
        self.fault = None

    def recv(self, count):
        while not self.server.stopping.is_set():
            if select.select([self.sock], [], [], 0.2)[0]:
                return self.sock.recv(count)
        raise Ended

    def sendall(self, data):
        if self.fault is not None:
            getattr(self, "_" + self.fault)(data)
        else:
            self.sock.sendall(data)

    def wait_for_end(self, reading=True):
        """Until the peer closes or the server stops; swallows what comes."""
        while not self.server.stopping.is_set():
            if not reading:
                self.server.stopping.wait(0.2)
            elif select.select([self.sock], [], [], 0.2)[0] and not self.sock.recv(65536):
                break
        raise Ended

    def _silent(self, _data):
        self.wait_for_end()

    def _deaf(self, _data):
        self.wait_for_end(reading=False)

    def _drip(self, data):
        for at in range(len(data)):
            self.sock.sendall(data[at : at + 1])
            if self.server.stopping.wait(self.server.drip_seconds):
                raise Ended

    def _half(self, data):
        self.sock.sendall(data[: max(1, len(data) // 2)])
        self.wait_for_end()

    def _close(self, _data):
        raise Ended

    def _reset(self, _data):
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        raise Ended

    def _garbage(self, _data):
        self.sock.sendall(GARBAGE)
        self.wait_for_end()

    def _endless(self, _data):
        # Where rows are due the client takes this for rows without end.
        row = struct.pack("<I", 60000)[:3] + b"\0" + protocol.lenenc_text("x" * 59997)
        while not self.server.stopping.is_set():
            self.sock.sendall(row)
        raise Ended


class Connection:
    """One client, from the greeting to the end."""

    def __init__(self, server, sock, number):
        self.server = server
        self.sock = sock
        self.number = number
        self.line = PlainLine(sock, server)
        self.packets = protocol.Packets(self.line)
        self.killed = threading.Event()
        self.count = 0
        self.tls = None

    def run(self):
        with contextlib.suppress(Ended, OSError, ssl.SSLError, ConnectionError):
            self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.greet()
            if self.sign_in():
                self.serve()
        self.sock.close()
        self.server.forget(self)

    @contextlib.contextmanager
    def fault_at(self, where):
        self.line.fault = self.server.faults.get(where)
        if self.line.fault == "swallow":
            self.line.fault = None
        yield
        self.line.fault = None

    def greet(self):
        server = self.server
        self.scramble = bytes(1 + byte % 127 for byte in secrets.token_bytes(20))
        capabilities = CAPABILITIES | (protocol.TLS if server.tls else 0)
        if server.preset.product == "MariaDB":
            # MariaDB clears this bit, and says so that what follows are capabilities of its own.
            capabilities &= ~protocol.LONG_PASSWORD
        version = server.greeting_version
        greeting = (
            b"\x0a" + protocol.encode(version) + b"\0" + struct.pack("<I", self.number)
            + self.scramble[:8] + b"\0" + struct.pack("<H", capabilities & 0xFFFF)
            + bytes([protocol.UTF8MB4]) + struct.pack("<H", protocol.AUTOCOMMIT)
            + struct.pack("<H", capabilities >> 16) + bytes([21]) + bytes(10)
            + self.scramble[8:] + b"\0" + protocol.encode(server.plugin) + b"\0"
        )
        with self.fault_at("greeting"):
            if server.refuse_greeting is not None:
                # A server that refuses before it knows the user says so without an SQLSTATE's mark
                # only in protocols before 4.1; all of today's send it.
                self.send(server.refuse_greeting)
                raise Ended
            self.packets.write(greeting)

    def sign_in(self):
        server = self.server
        packet = self.packets.read()
        capabilities = struct.unpack_from("<I", packet)[0]
        if len(packet) == 32 and capabilities & protocol.TLS:
            self.start_tls()
            packet = self.packets.read()
            capabilities = struct.unpack_from("<I", packet)[0]
        user, at = protocol.read_until_nul(packet, 32)
        if capabilities & protocol.PLUGIN_AUTH_LENENC:
            length, at = protocol.read_lenenc_int(packet, at)
        else:
            length, at = packet[at], at + 1
        answer = packet[at : at + length]
        user = protocol.decode(user)
        with self.fault_at("sign-in"):
            if server.switch_to is not None:
                self.packets.write(
                    b"\xfe" + protocol.encode(server.switch_to) + b"\0" + self.scramble + b"\0")
                answer = self.packets.read()
            server.record_login(user, answer, self.tls)
            refusal = server.refuse
            if refusal is None and server.password is not None and \
                    answer != protocol.native_password(server.password, self.scramble):
                refusal = denied(user)
            self.send(refusal or OK)
        return refusal is None

    def start_tls(self):
        with self.fault_at("tls"):
            if self.line.fault is not None and self.line.fault != "drip":
                self.line.sendall(b"\x16\x03\x03\x00\x7a")
            line = TlsLine(self.line, self.server.tls)
            first, self.packets.buffer = self.packets.buffer, b""
            line.handshake(first)
            self.tls = line.tls.cipher()[0]
            self.packets.sock = line

    def serve(self):
        while True:
            packet = self.packets.read()
            command, text = packet[0], protocol.decode(packet[1:])
            if command == protocol.COM_QUIT:
                return
            if command == protocol.COM_QUERY:
                self.query(text)
            elif command in (protocol.COM_PING, protocol.COM_INIT_DB):
                self.send(OK)
            else:
                self.send(Error(1047, "08S01", "Unknown command"))

    def waiting(self):
        """Whether the client has sent more behind what is being answered."""
        line = self.packets.sock
        if self.packets.buffer or (isinstance(line, TlsLine) and line.pending()):
            return True
        return bool(select.select([self.sock], [], [], 0)[0])

    def query(self, statement):
        self.count += 1
        server = self.server
        if server.hold_seconds and self.count == 1:
            server.stopping.wait(server.hold_seconds)
        answer = server.answer(self, statement)
        if server.faults.get(self.count) == "swallow":
            # Before the answer: what comes after it was not pipelined, and is not lost.
            server.stopping.wait(0.1)
            self.packets.buffer = b""
            while self.waiting():
                if not self.packets.sock.recv(65536):
                    raise Ended
        with self.fault_at(self.count):
            self.send(self.wait(answer))

    def wait(self, answer):
        if not isinstance(answer, Slow):
            return answer
        # The client going away does not end the statement: a real server runs it on.
        until = time.monotonic() + answer.seconds
        while time.monotonic() < until and not self.server.stopping.is_set():
            if self.killed.wait(0.02):
                self.killed.clear()
                self.server.record_kill(self.number)
                return INTERRUPTED
        return answer.answer

    def send(self, answer):
        status = struct.pack("<HH", protocol.AUTOCOMMIT, 0)
        if answer is OK:
            self.packets.write(b"\0\0\0" + status)
        elif isinstance(answer, Error):
            self.packets.write(
                b"\xff" + struct.pack("<H", answer.errno) + b"#" + protocol.encode(answer.sqlstate)
                + protocol.encode(answer.text))
        else:
            self.send_table(answer)

    def send_table(self, table):
        end = b"\xfe" + struct.pack("<HH", 0, protocol.AUTOCOMMIT)
        framed = self.packets.framed(protocol.lenenc_int(len(table.columns)))
        for name in table.columns:
            framed += self.packets.framed(
                protocol.lenenc_text("def") + protocol.lenenc_text("") * 3
                + protocol.lenenc_text(name) + protocol.lenenc_text(name) + b"\x0c"
                + struct.pack("<HIBHBxx", protocol.UTF8MB4, 1 << 16, 0xFD, 0, 0))
        framed += self.packets.framed(end)
        for row in table.rows:
            framed += self.packets.framed(b"".join(protocol.lenenc_text(cell) for cell in row))
        if self.line.fault == "endless":
            # Rows without end are due after a true head.
            self.line.sock.sendall(framed)
        self.packets.sock.sendall(framed + self.packets.framed(end))


# --- the server -----------------------------------------------------------------------------------


@dataclasses.dataclass(frozen=True)
class Login:
    user: str
    answer: bytes
    cipher: str


class Server:
    """Serves from a thread of its own until it is closed. See the head of this file.

    preset          a name of versions.PRESETS
    answers         [(regular expression, answer)] before those of the preset
    variables       global variables that differ from the preset's; None takes one away
    replica         True, or a dict of columns: the status statements have one row
    version         another version text
    fault           "KIND@WHERE", or a list of them
    refuse          an error() with which every sign-in is refused
    refuse_greeting an error() in place of the greeting ("Too many connections")
    password        what the client must know; None takes any
    tls             True: a certificate for 127.0.0.1; or a folder that certificate() made
    plugin          the sign-in method that the greeting names
    switch_to       the sign-in method that the client is asked to change to
    hold_seconds    waits before the first answer of a connection, so that a flight is there whole
    drip_seconds    between two bytes of a drip
    """

    # A test's own kind of connection answers what this one cannot.
    connection_class = Connection

    def __init__(self, preset="mysql80", answers=(), variables=None, replica=False, version=None,
                 fault=(), refuse=None, refuse_greeting=None, password=None, tls=None,
                 plugin="mysql_native_password", switch_to=None, hold_seconds=0,
                 drip_seconds=1.0, port=0, host="127.0.0.1", on_statement=None):
        self.preset = versions.PRESETS[preset]
        if version is not None:
            self.preset = dataclasses.replace(self.preset, version=version)
        self.greeting_version = self.preset.greeting_prefix + self.preset.version
        self.behaviour = Behaviour(self.preset, answers, variables, replica)
        self.faults = read_faults([fault] if isinstance(fault, str) else fault)
        self.refuse = refuse
        self.refuse_greeting = refuse_greeting
        self.password = password
        self.tls = certificate() if tls is True else tls
        self.plugin = plugin
        self.switch_to = switch_to
        self.hold_seconds = hold_seconds
        self.drip_seconds = drip_seconds
        self.on_statement = on_statement
        self.stopping = threading.Event()
        self.lock = threading.Lock()
        self.live = {}
        self.threads = []
        self.connections = 0
        self.logins = []
        self.received = []
        self.unmatched = []
        self.kills = []
        self.pipelined = 0
        self.listener = socket.create_server((host, port), backlog=128)
        self.host, self.port = self.listener.getsockname()[:2]
        self.accepting = threading.Thread(target=self._accept, daemon=True)
        self.accepting.start()

    @property
    def uri(self):
        return f"mysql://lab@{self.host}:{self.port}"

    @property
    def statements(self):
        """The text of every statement, in the order in which they came."""
        with self.lock:
            return [statement for _connection, statement in self.received]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        """Ends every connection and waits for the threads."""
        self.stopping.set()
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        with self.lock:
            live = list(self.live.values())
        for connection in live:
            with contextlib.suppress(OSError):
                connection.sock.shutdown(socket.SHUT_RDWR)
        for thread in [self.accepting, *self.threads]:
            thread.join(10)

    def _accept(self):
        while not self.stopping.is_set():
            try:
                sock, _address = self.listener.accept()
            except OSError:
                return
            with self.lock:
                self.connections += 1
                connection = self.connection_class(self, sock, self.connections)
                self.live[connection.number] = connection
                thread = threading.Thread(target=connection.run, daemon=True)
                self.threads.append(thread)
            thread.start()

    def forget(self, connection):
        with self.lock:
            self.live.pop(connection.number, None)

    def record_login(self, user, answer, cipher):
        with self.lock:
            self.logins.append(Login(user, answer, cipher))

    def record_kill(self, number):
        with self.lock:
            self.kills.append(number)

    def answer(self, connection, statement):
        with self.lock:
            self.received.append((connection.number, statement))
            if connection.waiting():
                self.pipelined += 1
        if self.on_statement is not None:
            self.on_statement(connection.number, statement)
        answer = self.behaviour.answer(statement)
        if answer is None:
            answer = self.built_in(connection, statement)
        if answer is None:
            with self.lock:
                self.unmatched.append(statement)
            answer = syntax_error(self.preset, statement)
        return answer

    def built_in(self, connection, statement):
        """What needs to know the connections."""
        text = statement.strip().rstrip(";")
        if re.fullmatch(r"SELECT +CONNECTION_ID\(\)", text, re.IGNORECASE):
            return rows(["CONNECTION_ID()"], [[str(connection.number)]])
        match = re.fullmatch(r"SELECT LEFT\(INFO, 200\) FROM information_schema\.PROCESSLIST"
                             r" WHERE ID = (\d+)", text, re.IGNORECASE)
        if match:
            with self.lock:
                running = [said for number, said in self.received
                           if number == int(match[1]) and number in self.live]
            return rows(["LEFT(INFO, 200)"], [[said[:200]] for said in running[-1:]])
        match = re.fullmatch(r"KILL +(QUERY +|CONNECTION +)?(\d+)", text, re.IGNORECASE)
        if match is None:
            return None
        with self.lock:
            victim = self.live.get(int(match[2]))
        if victim is None:
            return Error(1094, "HY000", f"Unknown thread id: {match[2]}")
        victim.killed.set()
        return OK


def read_faults(texts):
    faults = {}
    for text in texts:
        kind, at, where = text.partition("@")
        if kind not in FAULTS or not at:
            raise ValueError(f"{text}: a fault is KIND@WHERE, with KIND one of {', '.join(FAULTS)}")
        if where.isdigit() and where != "0":
            faults[int(where)] = kind
        elif where in ("greeting", "tls", "sign-in"):
            faults[where] = kind
        else:
            raise ValueError(f"{text}: where is greeting, tls, sign-in, or a statement's number")
    return faults


# --- the command ----------------------------------------------------------------------------------


def refusal(text):
    errno, sqlstate, words = text.split(":", 2)
    return Error(int(errno), sqlstate, words)


def setting(text):
    name, equals, value = text.partition("=")
    return name, (value if equals else None)


def main():
    parser = argparse.ArgumentParser(
        prog="tests/lab/scripted.py",
        description="A server that answers as a version of MySQL or MariaDB, and can misbehave.")
    parser.add_argument("--preset", default="mysql80", choices=versions.PRESETS)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--version", help="another version text")
    parser.add_argument("--set", metavar="NAME=VALUE", type=setting, action="append", default=[],
                        help="a global variable; NAME alone takes it away")
    parser.add_argument("--answer-error", metavar=("REGEX", "ERRNO:SQLSTATE:TEXT"), nargs=2,
                        action="append", default=[], help="an error for a statement")
    parser.add_argument("--slow", metavar=("REGEX", "SECONDS"), nargs=2, action="append",
                        default=[], help="a statement that takes its time")
    parser.add_argument("--replica", action="store_true", help="it replicates from 10.0.0.9")
    parser.add_argument("--fault", metavar="KIND@WHERE", action="append", default=[],
                        help=f"KIND: {' '.join(FAULTS)}; WHERE: greeting, tls, sign-in or a number")
    parser.add_argument("--refuse", metavar="ERRNO:SQLSTATE:TEXT", type=refusal)
    parser.add_argument("--password", help="what the client must know; default: anything goes")
    parser.add_argument("--tls", action="store_true")
    chosen = parser.parse_args()
    answers = [(pattern, refusal(text)) for pattern, text in chosen.answer_error]
    answers += [(pattern, slow(float(seconds))) for pattern, seconds in chosen.slow]
    done = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: done.set())
    try:
        server = Server(
            chosen.preset, answers=answers, variables=dict(chosen.set), replica=chosen.replica,
            version=chosen.version, fault=chosen.fault, refuse=chosen.refuse,
            password=chosen.password, tls=chosen.tls or None, port=chosen.port, host=chosen.host,
            on_statement=lambda number, text: print(f"{number}\t{text}", flush=True),
        )
    except (ValueError, OSError) as problem:
        print(f"scripted.py: {problem}", file=sys.stderr)
        return 64
    with server:
        print(server.port, flush=True)
        if server.tls:
            print(server.tls / "ca.pem", flush=True)
        done.wait()
    return 0


if __name__ == "__main__":
    sys.exit(main())
