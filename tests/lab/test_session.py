"""Sessions against servers that misbehave in every way known to us, and against real ones.

Runs session_probe (session_probe.c), which prints one line of JSON. The one time that is asserted
is the promise itself, the deadline and a second, with a margin for a slow machine behind it.
"""

import json
import os
import re
import shutil
import signal
import socket
import struct
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

import lab
import protocol
import scripted
import tool

PROBE = tool.BUILD / "session_probe"
DEADLINE_MS = 1500
AFTER_MS = 1000
MARGIN_MS = 3000
PASSWORD = "hUnter-2-secret"
SETTING = "trivial:SET SESSION a = 1"

COLUMN = b"\x03def\0\0\0\x01x\x01x\x0c" + struct.pack("<HIBHBxx", 45, 10, 0xFD, 0, 0)
END = b"\xfe" + struct.pack("<HH", 0, 2)
END_WITH_MORE = b"\xfe" + struct.pack("<HH", 0, 2 | 8)


class Connection(scripted.Connection):
    """Answers with raw packets, too; takes packets that are no command."""

    def send(self, answer):
        if isinstance(answer, list):
            for packet in answer:
                self.packets.write(packet)
        else:
            super().send(answer)

    def serve(self):
        while True:
            packet = self.packets.read()
            self.server.raw.append(packet)
            if packet[:1] == bytes([protocol.COM_QUIT]):
                return
            if packet[:1] == bytes([protocol.COM_QUERY]):
                self.query(protocol.decode(packet[1:]))
            elif self.server.after_raw is not None:
                self.packets.write(self.server.after_raw)

    def query(self, statement):
        # A proxy that loses what was sent behind a statement has lost it when the answer comes;
        # only the first connection meets it.
        swallows = self.server.swallow_at == self.count + 1 and self.number == 1
        if swallows:
            time.sleep(0.1)
            self.packets.buffer = b""
            while self.waiting():
                self.packets.sock.recv(65536)
        super().query(statement)


class Server(scripted.Server):
    """Knows what its connections run, as information_schema.PROCESSLIST does."""

    ANSWERS = (
        (r"SET SESSION .*", scripted.OK),
        (r"SELECT (\d+)", scripted.rows(["n"], [["7"]])),
        (r"SELECT slow\d*", scripted.slow(60)),
        (r"SHOW DENIED", scripted.error(1227, "42000", "Access denied; you need SUPER")),
    )

    connection_class = Connection

    def __init__(self, answers=(), swallow_at=None, after_raw=None, **more):
        self.raw = []
        self.swallow_at = swallow_at
        self.after_raw = after_raw
        super().__init__(answers=[*answers, *self.ANSWERS], **more)

    def built_in(self, connection, statement):
        match = re.fullmatch(
            r"SELECT LEFT\(INFO, 200\) FROM information_schema\.PROCESSLIST WHERE ID = (\d+)",
            statement)
        if match is None:
            return super().built_in(connection, statement)
        with self.lock:
            runs = [text for number, text in self.received if number == int(match[1])]
            lives = int(match[1]) in self.live
        return scripted.rows(["INFO"], [[self.info(runs)[:200]]] if runs and lives else [])

    def info(self, runs):
        return runs[-1]

    def received_by(self, number):
        with self.lock:
            return [text for which, text in self.received if which == number]


def run_probe(arguments, environment=None, interrupt_after=None):
    command = [str(PROBE), *map(str, arguments)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                          errors="surrogateescape",
                          env={**os.environ, **(environment or {})}) as process:
        if interrupt_after is not None:
            time.sleep(interrupt_after)
            process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    if process.returncode:
        raise AssertionError(f"session_probe ended with {process.returncode}:\n{err}{out}")
    return json.loads(out)


def options(**more):
    chosen = {"timeout_ms": DEADLINE_MS, "user": "lab", "password": PASSWORD, **more}
    return [word for name, value in chosen.items() if value is not None
            for word in ("--" + name.replace("_", "-"), value)]


class Case(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        if not PROBE.exists():
            raise unittest.SkipTest(f"{PROBE} is not built")

    def ask(self, server, *statements, environment=None, interrupt_after=None, **more):
        where = {"host": "127.0.0.1", "port": server.port} if server else {}
        report = run_probe([*options(**{**where, **more}), *statements], environment,
                           interrupt_after)
        self.assertNotIn(PASSWORD, json.dumps(report))
        self.assertLess(report["ms"],
                        more.get("timeout_ms", DEADLINE_MS) + AFTER_MS + MARGIN_MS)
        return report

    def failures(self, report):
        self.assertEqual(report["open"]["failure"], "none", report["open"])
        return [answer["failure"] for run in report["runs"] for answer in run]

    def assert_open_fails(self, report, failure, error=None):
        self.assertEqual(report["open"]["failure"], failure, report["open"])
        self.assertTrue(report["open"]["text"])
        if error is not None:
            self.assertEqual(report["open"]["error"], error)


class SigningIn(Case):
    def test_faults_before_a_statement(self):
        expected = {
            "silent@greeting": "timeout", "drip@greeting": "timeout", "half@greeting": "timeout",
            "close@greeting": "lost", "reset@greeting": "lost", "garbage@greeting": "protocol",
            "endless@greeting": "protocol",
            "silent@sign-in": "timeout", "drip@sign-in": "timeout", "half@sign-in": "timeout",
            "close@sign-in": "lost", "reset@sign-in": "lost", "garbage@sign-in": "protocol",
            "endless@sign-in": "protocol",
        }
        for fault, failure in expected.items():
            with self.subTest(fault), Server(fault=fault) as server:
                self.assert_open_fails(self.ask(server, "SELECT 1"), failure)

    def test_faults_in_the_tls_handshake(self):
        certificates = scripted.certificate()
        expected = {"silent@tls": "timeout", "deaf@tls": "timeout", "drip@tls": "timeout",
                    "half@tls": "timeout", "close@tls": "tls", "reset@tls": "tls",
                    "garbage@tls": "tls"}
        for fault, failure in expected.items():
            with self.subTest(fault), Server(fault=fault, tls=certificates) as server:
                self.assert_open_fails(self.ask(server, "SELECT 1"), failure)
                # Where the handshake fails, nothing is tried again on a plain line.
                self.assertEqual((server.connections, server.logins), (1, []))

    def test_nobody_is_there(self):
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        self.assert_open_fails(self.ask(None, host="127.0.0.1", port=port), "refused")
        self.assert_open_fails(self.ask(None, host="localhost", port=port), "refused")
        for path, failure in (("/nonexistent/s", "unreachable"), ("/tmp/" + "x" * 110,
                                                                  "unreachable")):
            self.assert_open_fails(self.ask(None, socket=path), failure)

    def test_a_full_backlog(self):
        with socket.socket() as listener:
            listener.bind(("127.0.0.1", 0))
            listener.listen(0)
            address = listener.getsockname()
            fillers = []
            for _ in range(4):
                filler = socket.socket()
                filler.setblocking(False)
                filler.connect_ex(address)
                fillers.append(filler)
            report = self.ask(None, host="127.0.0.1", port=address[1])
            self.assert_open_fails(report, "timeout")
            for filler in fillers:
                filler.close()

    def test_names_that_are_none(self):
        for host in ("a;b", "aurora://x", "x=y", "127.0.0.1,127.0.0.2", "", "no.such.invalid",
                     "a b"):
            with self.subTest(host):
                self.assert_open_fails(self.ask(None, host=host), "name")

    def test_the_next_address_is_tried(self):
        # localhost is ::1 and 127.0.0.1 on most machines, and the server listens on one of them.
        with Server() as server:
            self.assertEqual(self.failures(self.ask(server, "SELECT 1", host="localhost")),
                             ["none"])

    def test_refusals(self):
        for errno, failure in ((1040, "blocked"), (1129, "blocked"), (1130, "credentials")):
            refusal = scripted.error(errno, "08004", "words of the server")
            with self.subTest(errno), Server(refuse_greeting=refusal) as server:
                report = self.ask(server)
                self.assert_open_fails(report, failure, errno)
                self.assertEqual(report["open"]["text"], "words of the server")
        for errno, failure in ((1045, "credentials"), (1203, "blocked"), (1226, "blocked"),
                               (3118, "blocked"), (1862, "blocked"), (1044, "privilege"),
                               (3159, "tls")):
            refusal = scripted.error(errno, "HY000", f"no, not with {PASSWORD}")
            with self.subTest(errno), Server(refuse=refusal) as server:
                report = self.ask(server)
                self.assert_open_fails(report, failure, errno)
                self.assertEqual(report["open"]["text"], "no, not with " + "*" * len(PASSWORD))

    def test_a_missing_plugin_is_no_wrong_password(self):
        # The server, which was sent no proof, refuses as it would refuse a wrong password.
        with tempfile.TemporaryDirectory() as empty, \
                Server(switch_to="caching_sha2_password", refuse=scripted.denied("lab")) as server:
            report = self.ask(server, environment={"MARIADB_PLUGIN_DIR": empty})
            self.assert_open_fails(report, "auth-plugin", 1045)
            self.assertIn("could not be loaded", report["open"]["text"])

    def test_a_password_of_the_environment_is_not_used(self):
        with Server() as server:
            report = self.ask(server, "SELECT 1", password=None,
                              environment={"MYSQL_PWD": PASSWORD})
            self.assertEqual(self.failures(report), ["none"])
            self.assertEqual(server.logins[0].answer, b"")

    def test_a_missing_library(self):
        with tempfile.TemporaryDirectory() as folder:
            Path(folder, "libmariadb.so.3").write_bytes(b"this is no library\n" * 100)
            report = self.ask(None, host="127.0.0.1", environment={"LD_LIBRARY_PATH": folder})
        self.assert_open_fails(report, "library")
        self.assertIn("libmariadb3", report["open"]["text"])

    def test_no_file_of_settings_is_read(self):
        with tempfile.TemporaryDirectory() as home, Server() as server:
            Path(home, ".my.cnf").write_text(
                "[client]\nport=1\nsocket=/nonexistent\nssl-ca=/nonexistent\n", encoding="ascii")
            report = self.ask(server, "SELECT 1", environment={"HOME": home, "MYSQL_HOME": home})
        self.assertEqual(self.failures(report), ["none"])

    def test_interrupted(self):
        with Server(fault="silent@greeting") as server:
            report = self.ask(server, timeout_ms=20000, interrupt_after=0.5)
        self.assert_open_fails(report, "interrupted")
        self.assertLess(report["ms"], 15000)

    @unittest.skipUnless(os.geteuid() == 0 and shutil.which("unshare"), "needs root and unshare")
    def test_a_resolver_that_does_not_answer(self):
        with tempfile.NamedTemporaryFile("w", suffix=".conf") as resolv:
            resolv.write("nameserver 127.0.0.1\n")
            resolv.flush()
            script = (
                "ip link set lo up && mount --bind \"$0\" /etc/resolv.conf || exit 77\n"
                "python3 -c 'import socket, time\ns = socket.socket(socket.AF_INET, "
                "socket.SOCK_DGRAM)\ns.bind((\"127.0.0.1\", 53))\ntime.sleep(20)' "
                ">/dev/null 2>&1 &\nsleep 1\n\"$@\"\nstatus=$?\nkill $!\nexit $status\n")
            done = subprocess.run(
                ["unshare", "-n", "-m", "sh", "-c", script, resolv.name, str(PROBE),
                 *map(str, options(host="db.example.com"))],
                capture_output=True, text=True, timeout=60, check=False)
        if done.returncode in (1, 77) and not done.stdout:
            self.skipTest(f"no namespace of its own: {done.stderr.strip()}")
        report = json.loads(done.stdout)
        self.assert_open_fails(report, "name")
        self.assertIn("within the time given", report["open"]["text"])
        self.assertLess(report["ms"], DEADLINE_MS + AFTER_MS + MARGIN_MS)


class Tls(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.right = scripted.certificate()
        cls.other_name = scripted.certificate("DNS:other.example")

    def mode(self, mode, server_certificates, ca):
        with Server(tls=server_certificates) as server:
            report = self.ask(server, "SELECT 1", tls=mode, ca=ca / "ca.pem")
            return report, server.logins

    def test_each_mode(self):
        right, other = self.right, self.other_name
        expected = (
            ("off", right, right, "none", False), ("off", None, right, "none", False),
            ("preferred", right, right, "none", True), ("preferred", None, right, "none", False),
            ("preferred", right, other, "none", True), ("required", right, other, "none", True),
            ("required", None, right, "tls", False),
            ("verify-ca", right, right, "none", True), ("verify-ca", other, other, "none", True),
            ("verify-ca", right, other, "tls", False), ("verify-ca", None, right, "tls", False),
            ("verify-identity", right, right, "none", True),
            ("verify-identity", other, other, "tls", False),
            ("verify-identity", right, other, "tls", False),
            ("verify-identity", None, right, "tls", False),
        )
        for mode, certificates, ca, failure, encrypted in expected:
            with self.subTest(mode=mode, right=certificates is right, trusted=ca is certificates):
                report, logins = self.mode(mode, certificates, ca)
                self.assertEqual(report["open"]["failure"], failure, report["open"])
                if failure == "none":
                    self.assertEqual(report["tls"] is not None, encrypted)
                else:
                    # The server was told neither a name nor a proof of the password.
                    self.assertEqual(logins, [])

    def test_the_name_is_verified(self):
        with Server(tls=self.right) as server:
            report = self.ask(server, "SELECT 1", tls="verify-identity", host="localhost",
                              ca=self.right / "ca.pem")
        self.assertEqual(self.failures(report), ["none"])

    def test_verifying_needs_a_file(self):
        with Server(tls=self.right) as server:
            for mode in ("verify-ca", "verify-identity"):
                self.assert_open_fails(self.ask(server, tls=mode), "tls")
                report = self.ask(server, tls=mode, ca="/nonexistent/ca.pem")
                self.assert_open_fails(report, "tls")
                self.assertIn("/nonexistent/ca.pem", report["open"]["text"])
            self.assertEqual(server.connections, 0)

    def test_the_password_itself_goes_to_the_verified_alone(self):
        for method in ("mysql_clear_password", "dialog"):
            for how in ({"switch_to": method}, {"plugin": method}):
                for mode in ("off", "preferred", "required"):
                    with self.subTest(method, mode=mode, **how), \
                            Server(tls=self.right, **how) as server:
                        report = self.ask(server, tls=mode)
                        self.assert_open_fails(report, "auth-plugin")
                        self.assertNotIn(PASSWORD.encode(),
                                         b"".join(login.answer for login in server.logins))
        for mode in ("verify-ca", "verify-identity"):
            with self.subTest(mode), \
                    Server(tls=self.right, switch_to="mysql_clear_password") as server:
                report = self.ask(server, "SELECT 1", tls=mode, ca=self.right / "ca.pem")
                self.assertEqual(self.failures(report), ["none"])
                self.assertEqual(server.logins[0].answer, PASSWORD.encode() + b"\0")
            # Somebody between who takes the offer of TLS away gets nothing.
            with self.subTest(mode, stripped=True), \
                    Server(plugin="mysql_clear_password") as server:
                report = self.ask(server, tls=mode, ca=self.right / "ca.pem")
                self.assert_open_fails(report, "tls")
                self.assertEqual(server.logins, [])


class Statements(Case):
    def test_errors_stay_with_their_statement(self):
        with Server() as server:
            report = self.ask(server, SETTING, "SELECT 1", "SHOW DENIED", "SELECT 2", "then",
                              "SELECT 3")
            self.assertEqual(self.failures(report), ["none", "none", "privilege", "none", "none"])
            self.assertEqual(report["runs"][0][3]["rows"], [["7"]])
            self.assertEqual(report["cost"]["flights"], 2)
            self.assertEqual(report["cost"]["connects"], 1)
            self.assertFalse(report["cost"]["one_by_one"])

    def test_flights_are_small(self):
        with Server(hold_seconds=0.2) as server:
            report = self.ask(server, *["SELECT 1"] * 30, timeout_ms=10000)
            self.assertEqual(self.failures(report), ["none"] * 30)
            self.assertEqual(report["cost"]["flights"], 3)
        long = "SELECT 1" + " " * 30000
        with Server() as server:
            report = self.ask(server, *[long] * 4, long * 3, timeout_ms=10000)
            self.assertEqual(report["cost"]["flights"], 3)

    def test_faults_at_a_statement(self):
        expected = {"silent": "timeout", "deaf": "timeout", "drip": "timeout", "half": "timeout",
                    "endless": "too-large", "close": "lost", "reset": "lost"}
        for kind, failure in expected.items():
            with self.subTest(kind), Server(fault=f"{kind}@2") as server:
                report = self.ask(server, SETTING, "SELECT 1", "SELECT 2", cap=1 << 20)
                self.assertEqual(self.failures(report), ["none", failure, failure])

    def test_a_connection_dropped_in_a_flight_is_made_once_more(self):
        with Server(answers=[("SELECT 5", scripted.rows(["n"], [["5"]]))]) as server:
            dropped = []

            def drop(number, text):
                if number == 1 and text == "SELECT 2":
                    dropped.append(text)
                    raise scripted.Ended

            server.on_statement = drop
            report = self.ask(server, SETTING, "SELECT 1", "SELECT 2", "SHOW DENIED", "then",
                              "SELECT 5")
            self.assertEqual(dropped, ["SELECT 2"])
            self.assertEqual(self.failures(report), ["none", "none", "none", "privilege", "none"])
            self.assertTrue(report["cost"]["one_by_one"])
            # The setting is made again; what had an answer is not asked again.
            self.assertEqual(server.received_by(2),
                             ["SET SESSION a = 1", "SELECT 2", "SHOW DENIED", "SELECT 5"])

    def test_settings_of_an_earlier_call_are_made_again(self):
        with Server() as server:
            def drop(number, text):
                if number == 1 and text == "SELECT 2":
                    raise scripted.Ended

            server.on_statement = drop
            report = self.ask(server, SETTING, "trivial:SET SESSION b = 2", "then", "SELECT 1",
                              "SELECT 2", "SELECT 3")
            self.assertEqual(self.failures(report), ["none"] * 5)
            self.assertEqual(server.received_by(2), ["SET SESSION a = 1", "SET SESSION b = 2",
                                                     "SELECT 2", "SELECT 3"])

    def test_a_setting_that_fails_now_ends_the_session(self):
        with Server() as server:
            def drop(number, text):
                if number == 1 and text == "SELECT 2":
                    server.behaviour.answers.insert(0, (
                        re.compile("SET SESSION .*"),
                        scripted.error(1238, "HY000", "read only")))
                    raise scripted.Ended

            server.on_statement = drop
            report = self.ask(server, SETTING, "SELECT 1", "SELECT 2", "SELECT 3")
            self.assertEqual(self.failures(report), ["none", "none", "lost", "lost"])
            self.assertNotIn("SELECT 2", server.received_by(2))

    def test_a_proxy_that_swallows_is_asked_one_by_one(self):
        with Server(swallow_at=1) as server:
            report = self.ask(server, SETTING, "trivial:SELECT 1", "SELECT 2", "SHOW DENIED",
                              timeout_ms=8000)
            self.assertEqual(self.failures(report), ["none", "none", "none", "privilege"])
            self.assertTrue(report["cost"]["one_by_one"])
            self.assertLess(report["ms"], 8000)

    def test_a_server_that_asks_for_a_file(self):
        denied = b"\xff" + struct.pack("<H", 1148) + b"#42000not allowed"
        expected = {None: "timeout", b"\0\0\0\2\0\0\0": "protocol", denied: "other"}
        for after, failure in expected.items():
            with self.subTest(after=after), \
                    Server(answers=[("SELECT file", [b"\xfb/etc/passwd"])],
                           after_raw=after) as server:
                report = self.ask(server, "SELECT file", "SELECT 1")
                self.assertEqual(self.failures(report)[0], failure)
                self.assertNotIn(b"root:", b"".join(server.raw))

    def test_answers_that_are_none(self):
        error = b"\xff" + struct.pack("<H", 1142) + b"#42000"
        answers = {
            "columns": [b"\xfd\xff\xff\xff"],
            "more": [b"\x01", COLUMN, END, b"\x011", END_WITH_MORE, b"\x01", COLUMN, END, END],
            "long cell": [b"\x01", COLUMN, END, b"\xfc\xff\xff1", END],
            "longer cell": [b"\x01", COLUMN, END, b"\xfe" + b"\xff" * 7 + b"\x7f1", END],
            "short row": [b"\x02", COLUMN, COLUMN, END, b"\x011", END],
            "nothing": [b""],
            "column": [b"\x01", b"\x03def\0\0\0\xff", END, b"\x011", END],
            "client error": [b"\xff" + struct.pack("<H", 2013) + b"#HY000gone"],
            "long error": [error + b"e" * 60000],
        }
        for name, packets in answers.items():
            with self.subTest(name), Server(answers=[("SELECT bad", packets)]) as server:
                report = self.ask(server, "SELECT bad")
                self.assertIn(self.failures(report)[0],
                              ("protocol", "timeout", "too-large", "privilege"))
                self.assertLessEqual(len(report["runs"][0][0]["text"]), 1000)

    def test_an_error_among_rows_stays_there(self):
        packets = [b"\x01", COLUMN, END, b"\x011", b"\xff" + struct.pack("<H", 1205) + b"#HY000w"]
        with Server(answers=[("SELECT rows", packets)]) as server:
            report = self.ask(server, "SELECT rows", "SELECT 1")
            self.assertEqual(self.failures(report), ["timeout", "none"])
            self.assertEqual(report["runs"][0][0]["count"], 0)

    def test_the_cap_holds_in_memory(self):
        # A NULL is a byte on the line and a pointer in memory.
        rows = [b"\x01", COLUMN, END, *[b"\xfb"] * 60000, END]
        with Server(answers=[("SELECT nulls", rows)]) as server:
            report = self.ask(server, "SELECT nulls", cap=400000, timeout_ms=20000)
            self.assertEqual(self.failures(report), ["too-large"])


class Killing(Case):
    def test_a_statement_past_its_limit_fails_alone(self):
        with Server() as server:
            report = self.ask(server, "SELECT 1", "SELECT slow", "SELECT 2", "SHOW DENIED",
                              statement_s=1, timeout_ms=10000)
            self.assertEqual(self.failures(report), ["none", "timeout", "none", "privilege"])
            self.assertIn("1 s", report["runs"][0][1]["text"])
            self.assertEqual(server.kills, [1])
            self.assertFalse(report["cost"]["one_by_one"])

    def test_a_kill_that_came_late_costs_the_next_statement_nothing(self):
        def struck(_match):
            times.append(1)
            return scripted.INTERRUPTED if len(times) == 1 else scripted.rows(["n"], [["8"]])

        for statements, failures in (
                (("SELECT slow", "SELECT struck", "SELECT 1"), ["timeout", "none", "none"]),
                (("SELECT 1", "SELECT struck", "SELECT 2"), ["none", "other", "none"])):
            times = []
            with Server(answers=[("SELECT struck", struck)]) as server:
                report = self.ask(server, *statements, statement_s=1, timeout_ms=10000)
                self.assertEqual(self.failures(report), failures)

    def test_what_does_not_come_back_is_cut_off(self):
        with Server(fault="silent@2") as server:
            report = self.ask(server, "SELECT 1", "SELECT 2", "SELECT 3", statement_s=1,
                              timeout_ms=20000)
            self.assertEqual(self.failures(report), ["none", "timeout", "none"])
            self.assertTrue(report["cost"]["one_by_one"])

    def test_nothing_runs_on_after_the_deadline(self):
        with Server() as server:
            report = self.ask(server, "SELECT 1", "SELECT slow1", "SELECT slow2", "SELECT slow3")
            self.assertEqual(self.failures(report), ["none", "timeout", "timeout", "timeout"])
            self.assertIn(1, server.kills)
            time.sleep(0.2)
            self.assertEqual(set(server.live), set())

    def test_nothing_runs_on_after_an_interrupt(self):
        with Server() as server:
            report = self.ask(server, "SELECT slow1", "SELECT slow2", timeout_ms=20000,
                              interrupt_after=0.7)
            self.assertEqual(self.failures(report), ["interrupted", "interrupted"])
            self.assertLess(report["ms"], 15000)
            self.assertIn(1, server.kills)

    def test_a_number_that_is_somebody_elses_is_left_alone(self):
        class Balanced(Server):
            def info(self, runs):
                return "INSERT INTO shop.orders SELECT * FROM of_somebody_else"

        with Balanced() as server:
            report = self.ask(server, "SELECT slow", statement_s=1, timeout_ms=2500)
            self.assertEqual(self.failures(report), ["timeout"])
            self.assertEqual(server.kills, [])
            self.assertFalse([text for text in server.statements if "KILL" in text])

    def test_only_queries_are_killed(self):
        with Server() as server:
            self.ask(server, "SELECT slow")
            kills = [text for text in server.statements if "KILL" in text.upper()]
            self.assertTrue(kills)
            for text in kills:
                self.assertRegex(text, r"^KILL QUERY \d+$")


class RealServers(Case):
    KINDS = ("mariadb1011", "mysql56", "mysql97")

    def each(self):
        started = 0
        for kind in self.KINDS:
            with self.subTest(kind):
                try:
                    server = lab.start(kind)
                except unittest.SkipTest as missing:
                    print(missing)
                    continue
                started += 1
                with server:
                    yield server
        if not started:
            self.skipTest("no real server is there")

    def running(self, server):
        """What the account runs."""
        rows = server.query("SELECT INFO FROM information_schema.PROCESSLIST WHERE USER = 'lab' "
                            "AND COMMAND <> 'Sleep'")
        return [row[0] for row in rows]

    def signed(self, server, *statements, **more):
        chosen = {"host": "127.0.0.1", "port": server.port, "password": "lab",
                  "timeout_ms": 6000, **more}
        report = run_probe([*options(**chosen), *statements])
        self.assertLess(report["ms"], chosen["timeout_ms"] + AFTER_MS + MARGIN_MS)
        return report

    def test_statements(self):
        for server in self.each():
            report = self.signed(server, "trivial:SET SESSION net_write_timeout = 51", "SELECT 1",
                                 "SHOW NOSUCH", "SELECT @@net_write_timeout, NULL, 'é'", "then",
                                 "SELECT CURRENT_USER()")
            self.assertEqual(self.failures(report), ["none", "none", "other", "none", "none"])
            self.assertEqual(report["runs"][0][3]["rows"], [["51", None, "é"]])
            self.assertEqual(report["runs"][1][0]["rows"], [["lab@%"]])
            self.assertEqual((report["cost"]["connects"], report["cost"]["flights"]), (1, 2))
            wrong = self.signed(server, password="wrong")
            self.assert_open_fails(wrong, "credentials", 1045)

    def test_nothing_is_left_running(self):
        for server in self.each():
            report = self.signed(server, "SELECT SLEEP(60)", "SELECT 2", "SELECT SLEEP(61)",
                                 "SELECT 3", statement_s=1, timeout_ms=10000)
            self.assertEqual(self.failures(report), ["timeout", "none", "timeout", "none"])
            self.assertEqual(self.running(server), [])
            report = self.signed(server, "SELECT SLEEP(62)", "SELECT SLEEP(63)",
                                 "SELECT COUNT(*) FROM information_schema.COLUMNS a, "
                                 "information_schema.COLUMNS b, information_schema.COLUMNS c",
                                 timeout_ms=1500)
            self.assertEqual(self.failures(report), ["timeout"] * 3)
            self.assertEqual(self.running(server), [])

    def test_a_plugin_that_is_not_installed(self):
        with lab.start("mysql97") as server, tempfile.TemporaryDirectory() as empty:
            report = run_probe(options(host="127.0.0.1", port=server.port, password="lab"),
                               {"MARIADB_PLUGIN_DIR": empty})
            self.assert_open_fails(report, "auth-plugin", 1045)

    def test_tls_of_the_server(self):
        for server in self.each():
            if server.kind.name != "mysql97":
                self.assert_open_fails(self.signed(server, tls="required"), "tls")
                continue
            report = self.signed(server, "SELECT 1", tls="required")
            self.assertTrue(report["tls"])
            report = self.signed(server, "SELECT 1", tls="off")
            self.assertEqual(self.failures(report), ["none"])
            self.assertIsNone(report["tls"])


if __name__ == "__main__":
    unittest.main()
