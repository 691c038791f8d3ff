"""Requests to peers that misbehave in every way known to us.

Runs http_probe (http_probe.c), which prints one line of JSON. The one time that is asserted is the
promise itself, the deadline, with a wide margin for a slow machine behind it.
"""

import base64
import contextlib
import json
import os
import signal
import socket
import ssl
import subprocess
import tempfile
import threading
import time
import unittest
from pathlib import Path

import scripted
import tool

PROBE = tool.BUILD / "http_probe"
DEADLINE_MS = 1000
# For what ends by itself.
AMPLE_MS = 20000
MARGIN_MS = 5000
PASSWORD = "hUnter-2-secret"
STORE = "/crawler/detail?filters=&crawler=10.0.0.3-7100:p_1_source-000-0:0000000007"
HEAD = b"HTTP/1.1 200 OK\r\n"
GOOD = HEAD + b"Content-Length: 2\r\n\r\nok"


class Peer:
    """A listener that reads one request a connection and then does what it was told."""

    def __init__(self, behave, tls=None, path=None, reads=True, listener=None):
        self.behave = behave if callable(behave) else lambda line: line.sendall(behave)
        self.tls = tls
        self.reads = reads
        self.requests = []
        self.connections = 0
        self.over = threading.Event()
        if path:
            self.listener = socket.socket(socket.AF_UNIX)
            self.listener.bind(path)
            self.listener.listen()
            self.url = f"unix://{path}"
        else:
            self.listener = listener or socket.create_server(("127.0.0.1", 0))
            self.port = self.listener.getsockname()[1]
            self.url = f"{'https' if tls else 'http'}://127.0.0.1:{self.port}"

    def __enter__(self):
        self.threads = [threading.Thread(target=self.accept)]
        self.threads[0].start()
        return self

    def __exit__(self, *_):
        self.over.set()
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        for thread in self.threads:
            thread.join()

    def accept(self):
        while not self.over.is_set():
            try:
                line, _ = self.listener.accept()
            except OSError:
                return
            self.connections += 1
            self.threads.append(threading.Thread(target=self.serve, args=(line,)))
            self.threads[-1].start()

    def serve(self, line):
        line.settimeout(AMPLE_MS / 1000)
        with contextlib.suppress(OSError), contextlib.closing(line):
            if self.tls:
                line = self.tls.wrap_socket(line, server_side=True)
            if self.reads:
                self.requests.append(self.read(line))
            self.behave(line)
            line.close()

    @staticmethod
    def read(line):
        request = b""
        while b"\r\n\r\n" not in request:
            more = line.recv(65536)
            if not more:
                return request
            request += more
        head, body = request.split(b"\r\n\r\n", 1)
        length = 0
        for header in head.split(b"\r\n"):
            if header.lower().startswith(b"content-length:"):
                length = int(header.split(b":")[1])
        while len(body) < length:
            more = line.recv(65536)
            if not more:
                break
            body += more
            request += more
        return request

    # --- what it may do

    def hang(self, line, first=b""):
        line.sendall(first)
        self.over.wait(AMPLE_MS / 1000)

    def drip(self, line, data):
        for byte in data:
            if self.over.wait(0.05):
                return
            line.sendall(bytes([byte]))

    def flood(self, line, data, first=b""):
        line.sendall(first)
        while not self.over.is_set():
            line.sendall(data)


def reset(line):
    line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")


def run_probe(arguments, environment=None, interrupt_after=None):
    command = [str(PROBE), *map(str, arguments)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                          env={**os.environ, **(environment or {})}) as process:
        if interrupt_after:
            interrupt_after()
            process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    if process.returncode or err:
        raise AssertionError(f"http_probe ended with {process.returncode}:\n{err}{out}")
    return [json.loads(line) for line in out.splitlines()]


class Case(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        if not PROBE.exists():
            raise unittest.SkipTest(f"{PROBE} is not built")

    def ask(self, url, environment=None, interrupt_after=None, **more):
        chosen = {"url": url, "timeout_ms": AMPLE_MS, **more}
        words = [word for name, value in chosen.items()
                 for word in (("--" + name.replace("_", "-"),) if value is True
                              else ("--" + name.replace("_", "-"), value))]
        reports = run_probe(words, environment, interrupt_after)
        for report in reports:
            self.assertNotIn(PASSWORD, json.dumps(report))
            self.assertLess(report["ms"], chosen["timeout_ms"] + MARGIN_MS)
            report["body"] = bytes.fromhex(report["body"])
        return reports[0] if len(reports) == 1 else reports

    def assert_fails(self, report, failure, words=None, sent=None):
        self.assertEqual(report["failure"], failure, report)
        self.assertTrue(report["text"])
        self.assertEqual((report["status"], report["body"]), (0, b""))
        if words:
            self.assertIn(words, report["text"])
        if sent is not None:
            self.assertEqual(report["sent"], sent, report)

    def assert_answers(self, report, status=200, body=b"ok"):
        self.assertEqual((report["failure"], report["text"]), ("none", None), report)
        self.assertEqual((report["status"], report["body"]), (status, body))
        self.assertTrue(report["sent"])


class Answers(Case):
    def test_any_status_is_an_answer(self):
        for line, status in ((b"200 OK", 200), (b"404 Not Found", 404), (b"401 No", 401),
                             (b"500 Broken", 500), (b"999 Odd", 999), (b"204 Empty", 204)):
            body = b"" if status == 204 else b"ok"
            with self.subTest(line), \
                    Peer(b"HTTP/1.1 " + line + b"\r\nContent-Length: 2\r\n\r\n" + body) as peer:
                report = self.ask(peer.url)
                self.assert_answers(report, status, body)
                self.assertEqual(report["statement"], f"GET {peer.url}/")

    def test_bodies(self):
        chunks = b"Transfer-Encoding: chunked\r\n\r\n3\r\na\0b\r\n1;x=y\r\nc\r\n0\r\nT: 1\r\n\r\n"
        for head, body, expected in (
                (b"Content-Length: 4\r\n\r\n", b"a\0\0b", b"a\0\0b"),
                (b"\r\n", b"until the end", b"until the end"),
                (b"", chunks, b"a\0bc"),
                (b"Content-Length: 0\r\n\r\n", b"", b""),
                (b"Content-Encoding: gzip\r\nContent-Length: 3\r\n\r\n", b"raw", b"raw")):
            with self.subTest(head + body), Peer(HEAD + head + body) as peer:
                self.assert_answers(self.ask(peer.url), 200, expected)
        with Peer(b"HTTP/1.0 200 OK\n\nold") as peer:
            self.assert_answers(self.ask(peer.url), 200, b"old")
        with Peer(b"HTTP/1.1 100 Continue\r\n\r\n" + GOOD) as peer:
            self.assert_answers(self.ask(peer.url))
        with Peer(HEAD + b"Content-Length: 5\r\n\r\n") as peer:
            self.assert_answers(self.ask(peer.url, method="HEAD"), 200, b"")

    def test_a_body_of_exactly_the_cap(self):
        for length in (1, 65536, 100001):
            with Peer(HEAD + b"\r\n" + b"x" * length) as peer:
                self.assert_answers(self.ask(peer.url, cap=length), 200, b"x" * length)
                self.assert_fails(self.ask(peer.url, cap=length - 1), "too-large",
                                  f"more than {length - 1} bytes", sent=True)
        with Peer(HEAD + b"\r\n" + b"x" * ((8 << 20) + 1)) as peer:
            self.assert_fails(self.ask(peer.url), "too-large", "more than 8388608 bytes")

    def test_many_at_once(self):
        with Peer(GOOD) as peer:
            for report in self.ask(peer.url, threads=16):
                self.assert_answers(report)
            self.assertEqual(peer.connections, 16)


class Requests(Case):
    def asked(self, **more):
        with Peer(GOOD) as peer:
            report = self.ask(peer.url, **more)
            self.assert_answers(report)
            self.assertEqual((peer.connections, len(peer.requests)), (1, 1))
        head, body = peer.requests[0].split(b"\r\n\r\n", 1)
        first, *headers = head.decode().split("\r\n")
        return first, dict(header.split(": ", 1) for header in headers), body, report

    def test_the_target_is_sent_byte_for_byte(self):
        for target in (STORE, "/a/../b//c?x=%2f&y=[1],{2}|^`'\"<>\\#f", "/"):
            with self.subTest(target):
                first, headers, body, report = self.asked(target=target)
                self.assertEqual((first, body), (f"GET {target} HTTP/1.1", b""))
                self.assertEqual(set(headers), {"Host", "User-Agent", "Accept"})
                self.assertTrue(report["statement"].endswith(target))

    def test_what_no_request_may_hold(self):
        with Peer(GOOD) as peer:
            for more in ({"target": "/a b"}, {"target": "/a\r\nX: y"}, {"target": "http://x/"},
                         {"target": ""}, {"target": "/\u00e9"}, {"method": "GET / HTTP/1.1\r\nX:"},
                         {"method": "get"}, {"method": ""}, {"type": "a\r\nX: y", "body": "b"},
                         {"user": "a:b"}):
                with self.subTest(more):
                    report = self.ask(peer.url, **more)
                    self.assert_fails(report, "other", sent=False)
                    self.assertNotRegex(report["statement"], r"[\r\n]")
            self.assertEqual(peer.connections, 0)

    def test_urls_that_are_none(self):
        for url in ("", "http://", "http://:80", "http://h:0", "http://h:65536", "http://h:8x",
                    "http://h:", "http://h/path", "http://h?x", "http://h#x", "ftp://h", "h:8088",
                    f"http://admin:{PASSWORD}@h:1", "http://a b", "http://[::1", "http://[::1]x",
                    "unix://relative", "file:///etc/passwd", "https:///", "http://h\r\nX: y"):
            with self.subTest(url):
                report = self.ask(url)
                self.assert_fails(report, "other", "http://HOST:PORT", sent=False)
                self.assertEqual(report["statement"], "GET /")

    def test_a_slash_at_the_end_is_nothing(self):
        with Peer(GOOD) as peer:
            self.assertEqual(self.ask(peer.url + "/")["statement"], f"GET {peer.url}/")
            self.assertTrue(peer.requests[0].startswith(b"GET / "))

    def test_bodies(self):
        first, headers, body, _ = self.asked(method="POST", type="application/json",
                                             body='{"a": 1}')
        self.assertEqual((first, body), ("POST / HTTP/1.1", b'{"a": 1}'))
        self.assertEqual((headers["Content-Type"], headers["Content-Length"]),
                         ("application/json", "8"))
        self.assertNotIn("Expect", headers)
        _, headers, body, _ = self.asked(method="POST")
        self.assertEqual((headers["Content-Length"], body), ("0", b""))
        self.assertNotIn("Content-Type", headers)
        first, headers, body, _ = self.asked(method="DELETE", body="x")
        self.assertEqual((first, body), ("DELETE / HTTP/1.1", b"x"))
        # Of more than a megabyte, libcurl by itself would ask first whether it may.
        large = "x" * 100000
        _, headers, body, _ = self.asked(method="PUT", body=large)
        self.assertEqual(body, large.encode())
        self.assertNotIn("Expect", headers)

    def test_basic_authentication(self):
        _, headers, _, report = self.asked(user="admin", password=PASSWORD)
        self.assertEqual(headers["Authorization"],
                         "Basic " + base64.b64encode(f"admin:{PASSWORD}".encode()).decode())
        self.assertNotIn("admin", json.dumps(report["statement"]))
        _, headers, _, _ = self.asked(user="admin")
        self.assertEqual(headers["Authorization"], "Basic YWRtaW46")
        _, headers, _, _ = self.asked()
        self.assertNotIn("Authorization", headers)

    def test_a_refused_user_is_not_tried_again(self):
        refusal = (b"HTTP/1.1 401 No\r\nContent-Length: 2\r\n"
                   b"WWW-Authenticate: Digest realm=\"x\", nonce=\"y\"\r\n"
                   b"WWW-Authenticate: Basic realm=\"x\"\r\n\r\nno")
        with Peer(refusal) as peer:
            report = self.ask(peer.url, user="admin", password=PASSWORD)
            self.assert_answers(report, 401, b"no")
            self.assertEqual(peer.connections, 1)

    def test_redirects_are_not_followed(self):
        with Peer(GOOD) as other:
            moved = f"HTTP/1.1 302 Found\r\nLocation: {other.url}/\r\nContent-Length: 0\r\n\r\n"
            with Peer(moved.encode()) as peer:
                report = self.ask(peer.url, user="admin", password=PASSWORD)
                self.assert_answers(report, 302, b"")
                self.assertEqual((peer.connections, other.connections), (1, 0))

    def test_neither_proxies_nor_netrc(self):
        with Peer(GOOD) as proxy, Peer(GOOD) as peer, tempfile.TemporaryDirectory() as home:
            Path(home, ".netrc").write_text("default login who password what\n", encoding="ascii")
            environment = {"HOME": home, "no_proxy": "", "NO_PROXY": ""}
            for name in ("http_proxy", "https_proxy", "all_proxy", "HTTPS_PROXY", "ALL_PROXY"):
                environment[name] = proxy.url
            self.assert_answers(self.ask(peer.url, environment=environment))
            self.assertEqual((peer.connections, proxy.connections), (1, 0))
            self.assertNotIn(b"Authorization", peer.requests[0])

    def test_a_write_is_never_repeated(self):
        for name, behave in (("closes", b""), ("resets", reset), ("breaks off", HEAD[:9])):
            with self.subTest(name), Peer(behave) as peer:
                report = self.ask(peer.url, method="POST", body="start it")
                self.assert_fails(report, "lost", sent=True)
                self.assertEqual((peer.connections, len(peer.requests)), (1, 1))

    def test_names_and_addresses(self):
        with Peer(GOOD) as peer:
            self.assert_answers(self.ask(f"http://localhost:{peer.port}"))
            self.assertIn(f"Host: localhost:{peer.port}\r\n".encode(), peer.requests[0])
        for name in ("no.such.name.invalid", "under_score.invalid"):
            self.assert_fails(self.ask(f"http://{name}:1"), "name", name, sent=False)

    def test_an_address_in_brackets(self):
        try:
            listener = socket.create_server(("::1", 0), family=socket.AF_INET6)
        except OSError as missing:
            self.skipTest(f"no IPv6 here: {missing}")
        with Peer(GOOD, listener=listener) as peer:
            self.assert_answers(self.ask(f"http://[::1]:{peer.port}"))
            self.assertIn(f"Host: [::1]:{peer.port}\r\n".encode(), peer.requests[0])


class Misbehaviour(Case):
    def test_deadline(self):
        cases = {
            "hangs": (lambda peer, line: peer.hang(line), "no answer"),
            "head drips": (lambda peer, line: peer.drip(line, GOOD * 9), None),
            "head hangs": (lambda peer, line: peer.hang(line, HEAD + b"X: y\r\n"),
                           "the head of the answer did not end"),
            "body drips": (lambda peer, line: peer.drip(line, HEAD + b"\r\n" + b"x" * 999), None),
            "body hangs": (lambda peer, line: peer.hang(line, GOOD[:-1]),
                           "the answer did not end"),
            "chunks hang": (lambda peer, line: peer.hang(
                line, HEAD + b"Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n"),
                            "the answer did not end"),
            "endless size of a chunk": (lambda peer, line: peer.flood(
                line, b";x" * 4096, HEAD + b"Transfer-Encoding: chunked\r\n\r\n1"),
                                        "the answer did not end"),
        }
        for name, (behave, words) in cases.items():
            # pylint: disable=cell-var-from-loop
            with self.subTest(name), Peer(lambda line: behave(peer, line)) as peer:
                self.assert_fails(self.ask(peer.url, timeout_ms=DEADLINE_MS), "timeout", words,
                                  sent=True)
                self.assertEqual(peer.connections, 1)

    def test_a_peer_that_does_not_read(self):
        with Peer(lambda line: peer.hang(line), reads=False) as peer:
            self.assert_fails(self.ask(peer.url, timeout_ms=DEADLINE_MS, method="POST",
                                       body="x" * 120000), "timeout", "no answer", sent=True)

    def test_a_full_backlog(self):
        with socket.socket() as listener:
            listener.bind(("127.0.0.1", 0))
            listener.listen(0)
            fillers = [socket.socket() for _ in range(4)]
            for filler in fillers:
                filler.setblocking(False)
                filler.connect_ex(listener.getsockname())
            report = self.ask(f"http://127.0.0.1:{listener.getsockname()[1]}",
                              timeout_ms=DEADLINE_MS)
            self.assert_fails(report, "timeout", "no connection", sent=False)
            for filler in fillers:
                filler.close()

    def test_nobody_is_there(self):
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        for host in ("127.0.0.1", "localhost"):
            self.assert_fails(self.ask(f"http://{host}:{port}"), "refused", "Connection refused",
                              sent=False)

    def test_answers_that_break_off(self):
        chunks = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
        for answer in (b"", HEAD[:9], HEAD, HEAD + b"Content-Length: 2\r\n", HEAD + b"Content-Le",
                       GOOD[:-1], GOOD[:-2], chunks, chunks + b"3\r\na", chunks + b"1\r\na\r\n",
                       b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 103 Early\r\nLink: x\r\n\r\n"):
            with self.subTest(answer), Peer(answer) as peer:
                self.assert_fails(self.ask(peer.url), "lost", sent=True)

    def test_answers_that_are_reset(self):
        def behave(line):
            line.sendall(GOOD[:-1])
            time.sleep(0.2)
            reset(line)

        with Peer(behave) as peer:
            self.assert_fails(self.ask(peer.url), "lost", sent=True)

    def test_answers_that_are_no_http(self):
        for answer in (b"SSH-2.0-OpenSSH_9.2p1\r\n", b"\x16\x03\x01\x00\x05hello", b"ok\n",
                       b"J\0\0\0\x0a8.0.36\0" + b"\0" * 60, b"HTTP/1.1\r\n\r\n",
                       b"HTTP/1.1 abc\r\n\r\n", b"HTTP/1.1 20 OK\r\n\r\n", b"\0" * 100):
            with self.subTest(answer), Peer(answer) as peer:
                self.assert_fails(self.ask(peer.url), "protocol", "does not speak HTTP", sent=True)
        chunks = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
        for answer in (chunks + b"garbage\r\n", chunks + b"1\r\nabc\r\n", chunks + b"-1\r\nx\r\n",
                       HEAD + b"Content-Length: -1\r\n\r\nx",
                       HEAD + b"Content-Length: x\r\n\r\nx"):
            with self.subTest(answer), Peer(answer) as peer:
                self.assert_fails(self.ask(peer.url), "protocol", "no proper HTTP", sent=True)

    def test_answers_that_never_end(self):
        for name, first, data, words in (
                ("body", HEAD + b"\r\n", b"x" * 65536, "8388608"),
                ("chunks", HEAD + b"Transfer-Encoding: chunked\r\n\r\n",
                 b"1000\r\n" + b"x" * 4096 + b"\r\n", "8388608"),
                ("headers", HEAD, b"X: y\r\n" * 1000, "head"),
                ("one header", HEAD, b"x" * 65536, "head"),
                ("first line", b"HTTP/1.1 200 ", b"x" * 65536, "head"),
                ("promises", b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 1000, "head")):
            # pylint: disable=cell-var-from-loop
            with self.subTest(name), Peer(lambda line: peer.flood(line, data, first)) as peer:
                self.assert_fails(self.ask(peer.url), "too-large", words, sent=True)

    def test_the_user_stops(self):
        def when_asked():
            while not peer.requests:
                time.sleep(0.01)

        with Peer(lambda line: peer.hang(line)) as peer:
            report = self.ask(peer.url, timeout_ms=120000, interrupt_after=when_asked)
            self.assert_fails(report, "interrupted", sent=True)
            self.assertLess(report["ms"], 60000)


class Tls(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.right = scripted.certificate()
        cls.other = scripted.certificate("DNS:elsewhere.invalid")

    @staticmethod
    def context(folder):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
        return context

    def test_verified(self):
        with Peer(GOOD, tls=self.context(self.right)) as peer:
            report = self.ask(peer.url, ca=self.right / "ca.pem", user="admin", password=PASSWORD)
            self.assert_answers(report)
            self.assertEqual(report["statement"], f"GET {peer.url}/")
            report = self.ask(f"https://localhost:{peer.port}", ca=self.right / "ca.pem")
            self.assert_answers(report)

    def test_not_verified(self):
        for name, server, ca in (("another CA", self.right, self.other),
                                 ("the system's CAs", self.right, None),
                                 ("another name", self.other, self.other)):
            with self.subTest(name), Peer(GOOD, tls=self.context(server)) as peer:
                more = {"ca": ca / "ca.pem"} if ca else {}
                report = self.ask(peer.url, user="admin", password=PASSWORD, **more)
                self.assert_fails(report, "tls", sent=False)
                self.assertEqual(b"".join(peer.requests), b"")

    def test_a_file_that_is_no_ca(self):
        with Peer(GOOD, tls=self.context(self.right)) as peer:
            for ca in ("/nonexistent/ca.pem", "/dev/null"):
                self.assert_fails(self.ask(peer.url, ca=ca), "tls", sent=False)

    def test_peers_without_tls(self):
        ca = self.right / "ca.pem"
        for name, behave, failure in (
                ("plain HTTP", b"HTTP/1.1 400 Bad Request\r\n\r\n", "tls"),
                ("closes", b"", "tls"),
                ("resets", reset, "tls")):
            def after_some_bytes(line, behave=behave):
                line.recv(1)
                if callable(behave):
                    behave(line)
                else:
                    line.recv(65536)
                    line.sendall(behave)

            with self.subTest(name), Peer(after_some_bytes, reads=False) as peer:
                report = self.ask(f"https://127.0.0.1:{peer.port}", ca=ca)
                self.assert_fails(report, failure, sent=False)
        with Peer(lambda line: peer.hang(line), reads=False) as peer:
            report = self.ask(f"https://127.0.0.1:{peer.port}", ca=ca, timeout_ms=DEADLINE_MS)
            self.assert_fails(report, "timeout", "no agreement about TLS", sent=False)

    def test_plain_http_to_tls(self):
        with Peer(GOOD, tls=self.context(self.right)) as peer:
            report = self.ask(peer.url.replace("https", "http"), timeout_ms=DEADLINE_MS * 5)
            self.assertIn(report["failure"], ("protocol", "lost"))


PROGRAMS = """<?xml version='1.0'?>
<methodResponse>
<params>
<param>
<value><array><data>
<value><struct>
<member>
<name>name</name>
<value><string>oms_console</string></value>
</member>
<member>
<name>state</name>
<value><int>20</int></value>
</member>
<member>
<name>statename</name>
<value><string>RUNNING</string></value>
</member>
<member>
<name>spawnerr</name>
<value><string></string></value>
</member>
</struct></value>
</data></array></value>
</param>
</params>
</methodResponse>
"""


class UnixSockets(Case):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="mgd-")
        self.addCleanup(folder.cleanup)
        self.path = str(Path(folder.name, "s"))

    @staticmethod
    def answer(body, status="200 OK", more=""):
        return (f"HTTP/1.1 {status}\r\nServer: Medusa/1.12\r\nContent-Type: text/xml\r\n{more}"
                f"Content-Length: {len(body.encode())}\r\n\r\n{body}").encode()

    def test_requests(self):
        with Peer(GOOD, path=self.path) as peer:
            report = self.ask(peer.url, method="POST", target="/RPC2", body="x")
            self.assert_answers(report)
            self.assertEqual(report["statement"], f"POST unix://{self.path} /RPC2")
            self.assertIn(b"Host: localhost\r\n", peer.requests[0])

    def test_nobody_is_there(self):
        self.assert_fails(self.ask(f"unix://{self.path}"), "unreachable",
                          "No such file or directory", sent=False)
        with socket.socket(socket.AF_UNIX) as left_behind:
            left_behind.bind(self.path)
        self.assert_fails(self.ask(f"unix://{self.path}"), "refused", "Connection refused",
                          sent=False)
        self.assert_fails(self.ask("unix:///" + "x" * 120), "other", "longer", sent=False)

    def test_programs(self):
        with Peer(self.answer(PROGRAMS), path=self.path) as peer:
            report = self.ask(peer.url, programs=True, user="u", password=PASSWORD)
            self.assertEqual(report["failure"], "none", report)
            self.assertEqual(report["statement"], f"POST unix://{self.path} /RPC2")
            head, body = peer.requests[0].split(b"\r\n\r\n", 1)
            self.assertTrue(head.startswith(b"POST /RPC2 HTTP/1.1\r\n"))
            self.assertEqual(
                body, b'<?xml version="1.0"?><methodCall><methodName>supervisor.getAllProcessInfo'
                      b"</methodName></methodCall>")
            self.assertEqual(report["programs"], [{
                "name": "oms_console", "group": None, "state": "20", "statename": "RUNNING",
                "pid": None, "exitstatus": None, "spawnerr": "", "description": None,
                "start": None, "stop": None, "now": None}])

    def test_supervisord_that_refuses(self):
        realm = 'WWW-Authenticate: Basic realm="default"\r\n'
        for answer, more, failure, words in (
                (self.answer("no", "401 Unauthorized", realm), {}, "credentials",
                 "wants a user and a password"),
                (self.answer("no", "401 Unauthorized", realm), {"user": "u"}, "credentials",
                 "refuses the user or the password"),
                (self.answer("<html><head><title>404 Not\n Found</title></head></html>",
                             "404 Not Found"), {}, "protocol",
                 'HTTP 404: answered HTML ("404 Not Found")'),
                (self.answer("<html><title>Console</title></html>"), {}, "protocol",
                 'answered HTML ("Console")'),
                (self.answer(""), {}, "protocol", "answered nothing")):
            with self.subTest(words), Peer(answer, path=self.path) as peer:
                report = self.ask(peer.url, programs=True, password=PASSWORD, **more)
                self.assertEqual(report["failure"], failure, report)
                self.assertIn(words, report["text"])
                self.assertEqual(report["statement"], f"POST unix://{self.path} /RPC2")
                self.assertEqual(report["programs"], [])
            os.unlink(self.path)


if __name__ == "__main__":
    unittest.main()
