"""The scripted server, asked by a real Connector/C through ctypes, as the product asks."""

import ctypes
import socket
import ssl
import subprocess
import sys
import time
import unittest
from pathlib import Path

import protocol
import scripted
import versions

READ_TIMEOUT, CONNECT_TIMEOUT = 11, 0
SSL_VERIFY, SSL_CA = 21, 27


class Connector:
    """A few calls of libmariadb."""

    library = None

    @classmethod
    def load(cls):
        try:
            cls.library = ctypes.CDLL("libmariadb.so.3")
        except OSError as problem:
            raise unittest.SkipTest(f"no libmariadb3: {problem}") from problem
        for name, result in (
                ("mysql_init", ctypes.c_void_p), ("mysql_real_connect", ctypes.c_void_p),
                ("mysql_store_result", ctypes.c_void_p), ("mysql_error", ctypes.c_char_p),
                ("mysql_sqlstate", ctypes.c_char_p), ("mysql_get_server_info", ctypes.c_char_p),
                ("mysql_get_ssl_cipher", ctypes.c_char_p), ("mysql_errno", ctypes.c_uint),
                ("mysql_num_fields", ctypes.c_uint), ("mysql_read_query_result", ctypes.c_char),
                ("mysql_fetch_row", ctypes.POINTER(ctypes.c_char_p))):
            getattr(cls.library, name).restype = result

    def __init__(self, server, ca=None, seconds=2, password=b"lab"):
        library = self.library
        self.handle = ctypes.c_void_p(library.mysql_init(None))
        for option in (CONNECT_TIMEOUT, READ_TIMEOUT):
            library.mysql_options(self.handle, option, ctypes.byref(ctypes.c_uint(seconds)))
        if ca is not None:
            library.mysql_options(self.handle, SSL_CA, ctypes.c_char_p(str(ca).encode()))
            library.mysql_options(self.handle, SSL_VERIFY, ctypes.byref(ctypes.c_char(1)))
        self.connected = bool(library.mysql_real_connect(
            self.handle, b"127.0.0.1", b"lab", password, None, server.port, None, ctypes.c_ulong(0)))
        self.why = (library.mysql_errno(self.handle), library.mysql_error(self.handle).decode())

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.library.mysql_close(self.handle)

    @property
    def version(self):
        return self.library.mysql_get_server_info(self.handle).decode()

    @property
    def cipher(self):
        return self.library.mysql_get_ssl_cipher(self.handle)

    def send(self, sql):
        return self.library.mysql_send_query(self.handle, sql.encode(), ctypes.c_ulong(len(sql)))

    def receive(self):
        if self.library.mysql_read_query_result(self.handle) != b"\0":
            return (self.library.mysql_errno(self.handle),
                    self.library.mysql_sqlstate(self.handle).decode())
        result = ctypes.c_void_p(self.library.mysql_store_result(self.handle))
        if not result:
            return []
        rows, width = [], self.library.mysql_num_fields(result)
        while True:
            row = self.library.mysql_fetch_row(result)
            if not row:
                break
            rows.append(tuple(row[at].decode() if row[at] is not None else None
                              for at in range(width)))
        self.library.mysql_free_result(result)
        return rows

    def query(self, sql):
        self.send(sql)
        return self.receive()


class WithConnector(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        Connector.load()


class Answers(WithConnector):
    def test_every_preset_by_its_version(self):
        for name, preset in versions.PRESETS.items():
            with self.subTest(name), scripted.Server(name) as server, Connector(server) as client:
                self.assertEqual(client.version, preset.version)
                asked = "SHOW GLOBAL VARIABLES WHERE Variable_name IN ('binlog_format','gtid_mode')"
                rows = dict(client.query(asked))
                self.assertEqual(rows["binlog_format"], preset.variables["binlog_format"])
                self.assertEqual(rows.get("gtid_mode"), preset.variables.get("gtid_mode"))
                for statement in ("SHOW SLAVE STATUS", "SHOW REPLICA STATUS"):
                    answer = client.query(statement)
                    self.assertEqual(answer, [] if statement in preset.status else (1064, "42000"))
                self.assertEqual(server.unmatched,
                                 [statement for statement in ("SHOW SLAVE STATUS",
                                                              "SHOW REPLICA STATUS")
                                  if statement not in preset.status])

    def test_own_answers_come_first(self):
        answers = [
            (r"SHOW REPLICA STATUS", scripted.error(1227, "42000", "Access denied; you need")),
            (r"SELECT (\d)", lambda match: scripted.rows(["n"], [[match[1] * 2], [None]])),
        ]
        with scripted.Server("mysql80", answers=answers) as server, Connector(server) as client:
            self.assertEqual(client.query("SHOW REPLICA STATUS"), (1227, "42000"))
            self.assertEqual(client.query("select 7"), [("77",), (None,)])
            self.assertEqual(client.query("SELECT nonsense"), (1064, "42000"))
            self.assertEqual(server.unmatched, ["SELECT nonsense"])
            self.assertEqual(server.statements,
                             ["SHOW REPLICA STATUS", "select 7", "SELECT nonsense"])

    def test_variables_and_replica(self):
        with scripted.Server("mariadb1011", variables={"log_bin": "ON", "server_id": None},
                             replica=True) as server, Connector(server) as client:
            rows = client.query("SHOW GLOBAL VARIABLES WHERE Variable_name IN "
                                "('log_bin', 'server_id')")
            self.assertEqual(rows, [("log_bin", "ON")])
            self.assertIn("10.0.0.9", client.query("SHOW ALL SLAVES STATUS")[0])
            self.assertEqual(client.query("SET SESSION max_statement_time = 3"), [])
            self.assertEqual(client.query("SET SESSION lock_wait_timeout = 5, no_such = 3"),
                             (1193, "HY000"))

    def test_pipelined_statements_are_answered_in_order(self):
        with scripted.Server("mysql57", hold_seconds=0.1) as server, Connector(server) as client:
            sent = [f"SELECT {number}" for number in range(8)] + ["SELECT bad", "SELECT 9"]
            for statement in sent:
                self.assertEqual(client.send(statement), 0)
            received = [client.receive() for _ in sent]
            self.assertEqual(received[:8], [[(str(number),)] for number in range(8)])
            self.assertEqual(received[8:], [(1064, "42000"), [("9",)]])
            self.assertEqual(server.statements, sent)
            self.assertEqual(server.pipelined, len(sent) - 1)

    def test_passwords(self):
        with scripted.Server("mysql80", password="lab") as server:
            with Connector(server) as client:
                self.assertTrue(client.connected)
            with Connector(server, password=b"other") as client:
                self.assertEqual(client.why[0], 1045)
        refusal = scripted.error(1040, "08004", "Too many connections")
        with scripted.Server("mysql80", refuse_greeting=refusal) as server, \
                Connector(server) as client:
            self.assertEqual(client.why, (1040, "Too many connections"))

    def test_slow_statement_ends_by_kill_query(self):
        with scripted.Server("mysql57", answers=[(r"SELECT slow", scripted.slow(30))]) as server, \
                Connector(server) as client, Connector(server) as other:
            number = client.query("SELECT CONNECTION_ID()")[0][0]
            client.send("SELECT slow")
            began = time.monotonic()
            self.assertEqual(other.query("KILL QUERY 4711"), (1094, "HY000"))
            self.assertEqual(other.query(f"KILL QUERY {number}"), [])
            self.assertEqual(client.receive(), (1317, "70100"))
            self.assertLess(time.monotonic() - began, 2)
            self.assertEqual(server.kills, [int(number)])

    def test_tls(self):
        with scripted.Server("mysql80", tls=True) as server:
            with Connector(server, ca=server.tls / "ca.pem") as client:
                self.assertTrue(client.connected, client.why)
                self.assertTrue(client.cipher)
                self.assertEqual(client.query("SELECT 5"), [("5",)])
            self.assertTrue(server.logins[0].cipher)
            other = scripted.certificate("DNS:elsewhere.example")
            with Connector(server, ca=other / "ca.pem") as client:
                self.assertEqual(client.why[0], 2026)


class Faults(WithConnector):
    """Each fault does what it says; seen by a bare socket where that shows more."""

    def socket_to(self, server):
        return socket.create_connection(("127.0.0.1", server.port), timeout=1)

    def test_silent(self):
        with scripted.Server(fault="silent@greeting") as server, self.socket_to(server) as peer:
            with self.assertRaises(TimeoutError):
                peer.recv(1)

    def test_drip(self):
        with scripted.Server(fault="drip@greeting", drip_seconds=0.05) as server, \
                self.socket_to(server) as peer:
            self.assertEqual([len(peer.recv(100)) for _ in range(5)], [1] * 5)

    def test_half(self):
        with scripted.Server(fault="half@greeting") as server, self.socket_to(server) as peer:
            got = peer.recv(1000)
            self.assertLess(len(got), 4 + int.from_bytes(got[:3], "little"))
            with self.assertRaises(TimeoutError):
                peer.recv(1)

    def test_garbage(self):
        with scripted.Server(fault="garbage@greeting") as server, self.socket_to(server) as peer:
            self.assertTrue(peer.recv(100).startswith(b"SSH-"))

    def test_close_and_reset(self):
        with scripted.Server(fault="close@greeting") as server, self.socket_to(server) as peer:
            self.assertEqual(peer.recv(1), b"")
        with scripted.Server(fault="reset@greeting") as server, self.socket_to(server) as peer:
            with self.assertRaises(ConnectionResetError):
                peer.recv(1)

    def test_endless(self):
        with scripted.Server(fault="endless@1") as server:
            with protocol.Client(("127.0.0.1", server.port), "lab", timeout=2) as client:
                client.packets.sequence = 0
                client.packets.write(bytes([protocol.COM_QUERY]) + b"SELECT 1")
                got = 0
                while got < 20_000_000:
                    got += len(client.sock.recv(1 << 20))

    def test_at_a_statement_alone(self):
        with scripted.Server(fault="close@3") as server, Connector(server) as client:
            self.assertEqual(client.query("SELECT 1"), [("1",)])
            self.assertEqual(client.query("SELECT 2"), [("2",)])
            self.assertEqual(client.query("SELECT 3")[0], 2013)

    def test_swallow(self):
        with scripted.Server(fault="swallow@1", hold_seconds=0.1) as server, \
                Connector(server, seconds=1) as client:
            for number in range(3):
                client.send(f"SELECT {number}")
            self.assertEqual(client.receive(), [("0",)])
            self.assertIn(client.receive()[0], (2006, 2013))
            self.assertEqual(server.statements, ["SELECT 0"])

    def test_tls_faults(self):
        for fault in ("silent@tls", "garbage@tls", "close@tls"):
            with self.subTest(fault), scripted.Server(tls=True, fault=fault) as server, \
                    Connector(server, ca=server.tls / "ca.pem", seconds=1) as client:
                self.assertFalse(client.connected)
        # As a client sees it who waits: the handshake itself comes a byte at a time.
        with scripted.Server(tls=True, fault="drip@tls", drip_seconds=0.02) as server, \
                self.socket_to(server) as peer:
            packets = protocol.Packets(peer)
            packets.read()
            packets.write(bytes([0, 0x0A | 0x02, 0, 0]) + bytes(28))
            context = ssl.create_default_context(cafile=server.tls / "ca.pem")
            incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
            tls = context.wrap_bio(incoming, outgoing, server_hostname="127.0.0.1")
            with self.assertRaises(ssl.SSLWantReadError):
                tls.do_handshake()
            peer.sendall(outgoing.read())
            self.assertEqual([len(peer.recv(100)) for _ in range(5)], [1] * 5)

    def test_bad_fault_is_refused(self):
        for text in ("silent", "quiet@greeting", "silent@0", "silent@nowhere"):
            with self.assertRaises(ValueError):
                scripted.Server(fault=text)


class Command(unittest.TestCase):
    def test_prints_the_port_first(self):
        program = Path(scripted.__file__)
        with subprocess.Popen(
                [sys.executable, str(program), "--preset", "mysql57", "--port", "0", "--set",
                 "binlog_format=STATEMENT"], stdout=subprocess.PIPE, text=True) as process:
            try:
                port = int(process.stdout.readline())
                with protocol.Client(("127.0.0.1", port), "lab") as client:
                    self.assertEqual(client.version, "5.7.44")
                    self.assertEqual(client.query("SHOW GLOBAL VARIABLES LIKE 'binlog_format'"),
                                     [("binlog_format", "STATEMENT")])
                self.assertEqual(process.stdout.readline(),
                                 "1\tSHOW GLOBAL VARIABLES LIKE 'binlog_format'\n")
            finally:
                process.terminate()
            self.assertEqual(process.wait(10), 0)


if __name__ == "__main__":
    unittest.main()
