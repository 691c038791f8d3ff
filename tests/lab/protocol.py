"""The MySQL client/server protocol, as far as tests need it: packets, and a small client.

Kept apart from the client library that the product uses, so that a fault there cannot hide here.
Described at https://dev.mysql.com/doc/dev/mysql-server/latest/PAGE_PROTOCOL.html and
https://mariadb.com/kb/en/clientserver-protocol/.
"""

import hashlib
import socket
import struct

# Capabilities.
LONG_PASSWORD = 1 << 0
FOUND_ROWS = 1 << 1
LONG_FLAG = 1 << 2
CONNECT_WITH_DB = 1 << 3
PROTOCOL_41 = 1 << 9
TLS = 1 << 11
TRANSACTIONS = 1 << 13
SECURE_CONNECTION = 1 << 15
MULTI_STATEMENTS = 1 << 16
MULTI_RESULTS = 1 << 17
PLUGIN_AUTH = 1 << 19
CONNECT_ATTRS = 1 << 20
PLUGIN_AUTH_LENENC = 1 << 21
DEPRECATE_EOF = 1 << 24

# Status flags.
AUTOCOMMIT = 1 << 1
MORE_RESULTS = 1 << 3

# Commands.
COM_QUIT = 1
COM_INIT_DB = 2
COM_QUERY = 3
COM_PING = 14

UTF8MB4 = 45


class ServerError(Exception):
    """An ERR packet."""

    def __init__(self, errno, sqlstate, text):
        super().__init__(f"ERROR {errno} ({sqlstate}): {text}")
        self.errno = errno
        self.sqlstate = sqlstate
        self.text = text


class Rows(list):
    """The rows of a result as tuples of str or None; `columns` are the names."""

    def __init__(self, columns=()):
        super().__init__()
        self.columns = tuple(columns)

    def dicts(self):
        return [dict(zip(self.columns, row)) for row in self]


def decode(data):
    return data.decode("utf-8", "surrogateescape")


def encode(text):
    return text if isinstance(text, bytes) else text.encode("utf-8", "surrogateescape")


def lenenc_int(value):
    if value < 251:
        return bytes([value])
    if value < 1 << 16:
        return b"\xfc" + struct.pack("<H", value)
    if value < 1 << 24:
        return b"\xfd" + struct.pack("<I", value)[:3]
    return b"\xfe" + struct.pack("<Q", value)


def lenenc_text(text):
    """A cell: None is SQL's NULL."""
    if text is None:
        return b"\xfb"
    data = encode(text)
    return lenenc_int(len(data)) + data


def read_lenenc_int(data, at):
    first = data[at]
    if first < 0xFB:
        return first, at + 1
    size = {0xFC: 2, 0xFD: 3, 0xFE: 8}[first]
    return int.from_bytes(data[at + 1 : at + 1 + size], "little"), at + 1 + size


def read_lenenc_text(data, at):
    if data[at] == 0xFB:
        return None, at + 1
    length, at = read_lenenc_int(data, at)
    return decode(data[at : at + length]), at + length


def read_until_nul(data, at):
    end = data.index(b"\0", at)
    return data[at:end], end + 1


def native_password(password, scramble):
    """mysql_native_password's answer to a scramble."""
    if not password:
        return b""
    once = hashlib.sha1(encode(password)).digest()
    twice = hashlib.sha1(once).digest()
    mask = hashlib.sha1(scramble + twice).digest()
    return bytes(a ^ b for a, b in zip(once, mask))


def caching_sha2(password, scramble):
    """caching_sha2_password's first answer."""
    if not password:
        return b""
    once = hashlib.sha256(encode(password)).digest()
    mask = hashlib.sha256(hashlib.sha256(once).digest() + scramble).digest()
    return bytes(a ^ b for a, b in zip(once, mask))


ANSWERS = {"mysql_native_password": native_password, "caching_sha2_password": caching_sha2}


class Packets:
    """Packets on a socket: a length of three bytes, a sequence number, a payload."""

    def __init__(self, sock):
        self.sock = sock
        self.sequence = 0
        self.buffer = b""

    def read_exactly(self, count):
        while len(self.buffer) < count:
            more = self.sock.recv(65536)
            if not more:
                raise ConnectionError("the peer closed the connection")
            self.buffer += more
        data, self.buffer = self.buffer[:count], self.buffer[count:]
        return data

    def read(self):
        payload = b""
        while True:
            head = self.read_exactly(4)
            self.sequence = (head[3] + 1) & 0xFF
            length = int.from_bytes(head[:3], "little")
            payload += self.read_exactly(length)
            if length < 0xFFFFFF:
                return payload

    def framed(self, payload):
        """The payload with its header; takes the next sequence number."""
        frames = b""
        while True:
            part, payload = payload[:0xFFFFFF], payload[0xFFFFFF:]
            frames += struct.pack("<I", len(part))[:3] + bytes([self.sequence]) + part
            self.sequence = (self.sequence + 1) & 0xFF
            if len(part) < 0xFFFFFF:
                return frames

    def write(self, payload):
        self.sock.sendall(self.framed(payload))


def raise_error(packet):
    errno = struct.unpack_from("<H", packet, 1)[0]
    text = packet[3:]
    sqlstate = "HY000"
    if text[:1] == b"#":
        sqlstate, text = decode(text[1:6]), text[6:]
    raise ServerError(errno, sqlstate, decode(text))


class Client:
    """A signed-in connection without TLS; over a unix socket every sign-in method works."""

    def __init__(self, address, user="root", password="", timeout=60):
        family = socket.AF_UNIX if isinstance(address, str) else socket.AF_INET
        self.sock = socket.socket(family, socket.SOCK_STREAM)
        try:
            self.sock.settimeout(timeout)
            self.sock.connect(address)
            self.packets = Packets(self.sock)
            self._sign_in(user, password)
        except BaseException:
            self.sock.close()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.sock.close()

    def _sign_in(self, user, password):
        greeting = self.packets.read()
        if greeting[0] == 0xFF:
            raise_error(greeting)
        version, at = read_until_nul(greeting, 1)
        self.version = decode(version)
        self.thread = struct.unpack_from("<I", greeting, at)[0]
        scramble = greeting[at + 4 : at + 12]
        at += 13 + 2 + 1 + 2 + 2 + 1 + 10
        scramble += greeting[at : at + 12]
        plugin = decode(greeting[at + 13 :].rstrip(b"\0")) or "mysql_native_password"

        capabilities = (
            LONG_PASSWORD | LONG_FLAG | PROTOCOL_41 | TRANSACTIONS | SECURE_CONNECTION
            | MULTI_STATEMENTS | MULTI_RESULTS | PLUGIN_AUTH
        )
        answer = ANSWERS.get(plugin, native_password)(password, scramble)
        self.packets.write(
            struct.pack("<IIB23x", capabilities, 1 << 24, UTF8MB4)
            + encode(user) + b"\0" + bytes([len(answer)]) + answer + encode(plugin) + b"\0"
        )
        while True:
            packet = self.packets.read()
            if packet[0] == 0xFF:
                raise_error(packet)
            if packet[0] == 0x00:
                return
            if packet[0] == 0xFE:
                plugin, at = read_until_nul(packet, 1)
                scramble = packet[at:].rstrip(b"\0")
                self.packets.write(ANSWERS[decode(plugin)](password, scramble))
            elif packet == b"\x01\x04":
                # The server's cache does not know the account: it wants the password itself,
                # which is allowed on a unix socket only.
                self.packets.write(encode(password) + b"\0")

    def query(self, sql):
        """Runs one statement or several; returns the last result's rows."""
        self.packets.sequence = 0
        self.packets.write(bytes([COM_QUERY]) + encode(sql))
        rows = Rows()
        while True:
            result, status = self._read_result()
            rows = result if result.columns or not rows.columns else rows
            if not status & MORE_RESULTS:
                return rows

    def _read_result(self):
        packet = self.packets.read()
        if packet[0] == 0xFF:
            raise_error(packet)
        if packet[0] == 0x00:
            _, at = read_lenenc_int(packet, 1)
            _, at = read_lenenc_int(packet, at)
            return Rows(), struct.unpack_from("<H", packet, at)[0]
        count, _ = read_lenenc_int(packet, 0)
        names = []
        for _ in range(count):
            column = self.packets.read()
            at = 0
            for _ in range(5):
                name, at = read_lenenc_text(column, at)
            names.append(name)
        self.packets.read()
        rows = Rows(names)
        while True:
            packet = self.packets.read()
            if packet[0] == 0xFF:
                raise_error(packet)
            if packet[0] == 0xFE and len(packet) < 9:
                return rows, struct.unpack_from("<H", packet, 3)[0]
            row, at = [], 0
            while at < len(packet):
                cell, at = read_lenenc_text(packet, at)
                row.append(cell)
            rows.append(tuple(row))
