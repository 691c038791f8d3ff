"""`migdoctor connector` against a CM and a console that record every byte and answer as told."""

import base64
import errno
import json
import os
import pty
import re
import select
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import urllib.parse
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "cmd")]

import oms  # noqa: E402 (found beside this file)
import test_schema  # noqa: E402 (found in tests/cmd)
from tool import BINARY, migdoctor  # noqa: E402

INCR = "10.0.0.3-9000:connector_v2:np_4w3a-incr_trans-1-0:0000000001"
FULL = "10.0.0.3-9000:connector_v2:np_4w3a-full_trans-1-0:0000002860"
MOVED = INCR[:-1] + "2"
V2 = "/connector/task/v2/"
TIME = "1676286000"


class Request:
    """One request as it came."""

    def __init__(self, head, body):
        first, *lines = head.decode("latin-1").split("\r\n")
        self.method, self.target, _version = first.split(" ")
        self.headers = {name.lower(): value.strip()
                        for name, _, value in (line.partition(":") for line in lines)}
        self.body = body

    @property
    def call(self):
        return self.target.removeprefix(V2).partition("?")[0]

    @property
    def query(self):
        return dict(urllib.parse.parse_qsl(self.target.partition("?")[2], keep_blank_values=True))

    def __repr__(self):
        return f"{self.method} {self.target} {self.body!r}"

    def same_as(self):
        """What two clients must agree on."""
        return self.method, self.target, self.headers.get("content-type"), self.body


def answer(body, status="200 OK", headers=(), length=None):
    body = body if isinstance(body, bytes) else body.encode("utf-8")
    lines = [f"HTTP/1.1 {status}", "Content-Type: application/json",
             f"Content-Length: {len(body) if length is None else length}", *headers]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


def envelope(success=True, result=INCR, status="200 OK", **fields):
    """CM's answer; field by field that of the documentation."""
    return answer(json.dumps({"errCode": None, "errMsg": None, "errorDetail": None,
                              "isSuccess": success, "result": result, "retryable": None,
                              **fields}), status)


def hang(connection):
    select.select([connection], [], [], 30)


def close(_connection):
    pass


class Server:
    """Records each request and gives the answers in their order, the last one for all that follow."""

    def __init__(self, *answers):
        self.answers = list(answers) or [envelope()]
        self.requests = []
        self.connections = 0
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        threading.Thread(target=self.serve, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        # Only a shutdown wakes the thread that waits in accept().
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()

    def serve(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self.handle, args=(connection,), daemon=True).start()

    def handle(self, connection):
        with connection:
            data = b""
            while b"\r\n\r\n" not in data:
                part = connection.recv(65536)
                if not part:
                    return
                data += part
            head, _, body = data.partition(b"\r\n\r\n")
            length = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
            while length and len(body) < int(length[1]):
                body += connection.recv(65536)
            self.requests.append(Request(head, body))
            told = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
            if callable(told):
                told = told(connection)
            if told:
                connection.sendall(told)

    @property
    def calls(self):
        return [request.call for request in self.requests]


def console_answer(status="ACTIVE", subtopics="p_1_source-000-0", name=INCR, **fields):
    component = {"name": name, "ip": "10.0.0.3", "status": status, "subtopics": subtopics}
    return answer(json.dumps({"success": True, "code": None, "message": None,
                              "data": {"storeList": [], "fullImportComponents": None,
                                       "incrSyncComponents": [component],
                                       "reverseIncrSyncComponents": None}, **fields}))


class Connector(unittest.TestCase):
    maxDiff = None

    def cm(self, *answers):
        server = Server(*answers)
        self.addCleanup(server.__exit__)
        return server

    def run_it(self, cm, verb, task, *words, yes=True, **more):
        words = [verb, task, "--cm", cm.url if isinstance(cm, Server) else cm, *words]
        return migdoctor("connector", *words, *(["--yes"] if yes else []), **more)

    def refused(self, status, words, *expected, **more):
        """Refused with one line, and nothing sent."""
        with Server() as cm:
            done = migdoctor("connector", *[word.replace("CM", cm.url) if word == "CM" else word
                                            for word in words], **more)
            self.assertEqual(done.status, status, done.err)
            self.assertEqual(done.out, "")
            self.assertEqual(done.err.count("\n"), 1, done.err)
            for text in expected:
                self.assertIn(text, done.err)
            self.assertEqual(cm.connections, 0)

    # --- what is sent ---

    def test_every_verb_byte_for_byte(self):
        cases = (
            ("start", INCR, (), "resume", ""),
            ("start", INCR, ("--pull-back",), "resume", "&pullBackFlag=true"),
            ("start", FULL, ("--restart",), "resume", "&restartFlag=true"),
            ("stop", INCR, (), "stop", ""),
            ("delete", INCR, (), "delete", ""),
            ("migrate", INCR, (), "migrate", ""),
            ("migrate", INCR, ("--ip", "10.0.0.4"), "migrate", "&ip=10.0.0.4"),
            ("migrate", INCR, ("--ip", "fd00::4"), "migrate", "&ip=fd00::4"),
        )
        for verb, task, words, call, rest in cases:
            with self.subTest(verb=verb, words=words):
                cm = self.cm(envelope(result=MOVED if verb == "migrate" else task))
                done = self.run_it(cm, verb, task, *words)
                self.assertEqual(done.status, 0, done.out + done.err)
                self.assertEqual([request.same_as() for request in cm.requests],
                                 [("POST", f"{V2}{call}?taskName={task}{rest}", None, b"")])
                self.assertEqual(cm.connections, 1)
                self.assertNotIn("expect", cm.requests[0].headers)
                self.assertNotIn("authorization", cm.requests[0].headers)

    def test_update(self):
        cm = self.cm()
        done = self.run_it(cm, "update", INCR, "--set", "source.username=test", "--set",
                           "sink.a.b=x=y.z", "--unset", "source.checkpoint", "--set",
                           "source.empty=", "--unset", "sink.old.key")
        self.assertEqual(done.status, 0, done.err)
        request, = cm.requests
        self.assertEqual(request.target, f"{V2}update?taskName={INCR}"
                                         "&deleteParams=source.checkpoint,sink.old.key")
        self.assertEqual(request.headers["content-type"], "application/json")
        self.assertEqual(json.loads(request.body), {"source": {"username": "test", "empty": ""},
                                                    "sink": {"a.b": "x=y.z"}})

    def test_values_of_any_kind_arrive(self):
        for value in ("'", '"', "a\nb\tc", "$(touch /tmp/no)`id`", "\u4f4d\u70b9 \U0001f600", "\\",
                      "</script>", "%41&x=1#", "x" * 100000, " ", "\x01\x7f", "@/etc/passwd"):
            with self.subTest(value[:20]):
                cm = self.cm()
                done = self.run_it(cm, "update", INCR, "--set", "source.x=" + value)
                self.assertEqual(done.status, 0, done.err)
                self.assertEqual(json.loads(cm.requests[0].body), {"source": {"x": value}})

    def test_hostile_names_arrive_as_one_parameter(self):
        for name in ("a'b", 'a"b', "$(id)", "a+b", "a;b=c", "\u4efb\u52a1-incr_trans", "[x]{y}", "a\\b"):
            with self.subTest(name):
                cm = self.cm(envelope(result=name))
                done = self.run_it(cm, "stop", name, "--name-as-is")
                self.assertEqual(done.status, 0, done.err)
                self.assertEqual(cm.requests[0].query, {"taskName": name})

    def test_pullback(self):
        for time_word in (TIME, "2023-02-13T19:00:00+08:00", "2023-02-13 11:00:00Z",
                          "2023-02-13T08:00:00-0300"):
            with self.subTest(time_word):
                cm = self.cm()
                done = self.run_it(cm, "pullback", INCR, "--to", time_word, "--subtopic", "p_b-0",
                                   "--subtopic", "p_a-0")
                self.assertEqual(done.status, 0, done.err)
                self.assertEqual(
                    [(request.method, request.target) for request in cm.requests],
                    [("POST", f"{V2}stop?taskName={INCR}"),
                     ("POST", f"{V2}update?taskName={INCR}&deleteParams=source.checkpoint"),
                     ("POST", f"{V2}resume?taskName={INCR}&pullBackFlag=true")])
                self.assertEqual(json.loads(cm.requests[1].body)["source"]["checkpoint"],
                                 '{"p_b-0":"1676286000","p_a-0":"1676286000"}')
                self.assertEqual(json.loads(cm.requests[1].body).keys(), {"source"})
                self.assertEqual(cm.connections, 3)
                self.assertIn("isSuccess alone", done.out)

    # --- dry runs ---

    def test_dry_run_lines_do_the_same(self):
        curl = shutil.which("curl")
        self.assertIsNotNone(curl, "curl, which the Debian package curl brings")
        cases = (
            ("start", INCR, "--pull-back"), ("start", FULL, "--restart"), ("stop", INCR),
            ("delete", INCR), ("migrate", INCR, "--ip", "10.0.0.4"),
            ("update", INCR, "--set", "source.x='\"$(id)`id`\\ \n\u4f4d", "--set", "sink.y=@x&z",
             "--unset", "a.b"),
            ("update", INCR, "--set", "source.long=" + "y" * 100000),
            ("update", INCR, "--unset", "a.b'c"),
            ("pullback", INCR, "--to", TIME, "--subtopic", "it's-0", "--subtopic", "p-0"),
            ("pullback", INCR, "--to", TIME, "--subtopic", "p-0", "--from", "update"),
            ("stop", "it's[1-2]{a,b}$(id)", "--name-as-is"),
        )
        for verb, task, *words in cases:
            with self.subTest(verb=verb, task=task, words=[word[:30] for word in words]):
                cm = self.cm(envelope(result=task))
                dry = self.run_it(cm, verb, task, *words, "--dry-run", yes=True)
                self.assertEqual((dry.status, cm.connections), (0, 0), dry.err)
                self.assertEqual(self.run_it(cm, verb, task, *words).status, 0)
                own, cm.requests = [request.same_as() for request in cm.requests], []
                for line in dry.out.splitlines():
                    self.assertEqual(shlex.split(line)[0], "curl")
                # Set off from the caller's proxies by the line itself.
                subprocess.run(["bash", "-e"], input=dry.out, text=True, check=True, timeout=30,
                               capture_output=True,
                               env={**os.environ, "http_proxy": "http://127.0.0.1:1"})
                self.assertEqual([request.same_as() for request in cm.requests], own)

    def test_dry_run_asks_nobody(self):
        console = self.cm(console_answer())
        cm = self.cm()
        done = self.run_it(cm, "pullback", INCR, "--to", TIME, "--console", console.url, "--dry-run")
        self.assertEqual((done.status, cm.connections, console.connections), (64, 0, 0), done.err)
        self.assertIn("--subtopic NAME", done.err)

    # --- refusals before anything is sent ---

    def test_names_outside_the_grammar(self):
        for name, wrong in (
                (INCR.replace("10.0.0.3", "10.0.0"), "no IP address"),
                (INCR.replace("9000", "90000"), "the port"),
                (INCR.replace("connector_v2", "connector"), "connector_v2 is due"),
                (INCR.replace("np_4w3a", "np 4"), "a space"),
                (INCR.replace("np_4w3a", ""), "project's id"),
                (INCR.replace("incr_trans", "incr"), "full_trans or incr_trans"),
                (INCR.replace("-1-0:", "-1-x:"), "no two numbers"),
                (INCR + "0", "ten digits"), (INCR[:-1], "ten digits"), ("x", "the form"),
                (INCR + "&x=1", "one of ?&#/%"), ("../../etc", "one of ?&#/%"),
                (INCR + "\n", "control character"), (INCR + "\x1b[2J", "control character")):
            with self.subTest(name):
                self.refused(64, ("stop", name, "--cm", "CM", "--yes"), wrong)
        for name in ("a b", "a?b", "a&b", "a#b", "a/b", "a%b", "a\tb", "a\x7fb"):
            with self.subTest(name):
                self.refused(64, ("stop", name, "--cm", "CM", "--yes", "--name-as-is"),
                             "--name-as-is does not send")

    def test_names_within_the_grammar(self):
        for name in (INCR.replace("9000", "19001"), INCR.replace("np_4w3a", "p_493po"),
                     INCR.replace("-1-0:", "-12-345:"), INCR.replace("10.0.0.3", "fd00::3")):
            with self.subTest(name):
                cm = self.cm(envelope(result=name))
                self.assertEqual(self.run_it(cm, "stop", name).status, 0)
                self.assertEqual(cm.requests[0].query["taskName"], name)

    def test_wrong_words(self):
        for words, expected in (
                (("stop", INCR, "--cm", "CM"), "nobody can be asked"),
                (("halt", INCR, "--cm", "CM", "--yes"), "unknown verb halt"),
                (("stpo", INCR, "--cm", "CM", "--yes"), "did you mean stop"),
                ((), "which verb"), (("stop",), "which task"),
                (("stop", INCR), "which CM"),
                (("stop", INCR, "a", "b", "--cm", "CM", "--yes"), "one too many"),
                (("stop", INCR, "--cm", "CM", "--yes", "--set", "a.b=c"), "stop does not take --set"),
                (("start", INCR, "--cm", "CM", "--yes", "--to", TIME), "does not take --to"),
                (("migrate", INCR, "--cm", "CM", "--yes", "--pull-back"), "--pull-back"),
                (("start", INCR, "--cm", "CM", "--yes", "--restart"), "--restart is for"),
                (("start", FULL, "--cm", "CM", "--yes", "--pull-back"), "--pull-back is for"),
                (("start", FULL, "--cm", "CM", "--yes", "--pull-back", "--restart"), "both"),
                (("start", "x", "--cm", "CM", "--yes", "--name-as-is", "--pull-back"), "incr_trans"),
                (("pullback", FULL, "--cm", "CM", "--yes", "--to", TIME), "pullback is for"),
                (("migrate", INCR, "--cm", "CM", "--yes", "--ip", "host"), "IP address"),
                (("update", INCR, "--cm", "CM", "--yes"), "nothing to update"),
                (("update", INCR, "--cm", "CM", "--yes", "--set", "a.b"), "no '='"),
                (("update", INCR, "--cm", "CM", "--yes", "--set", "ab=c"), "SCOPE.KEY"),
                (("update", INCR, "--cm", "CM", "--yes", "--set", ".b=c"), "SCOPE.KEY"),
                (("update", INCR, "--cm", "CM", "--yes", "--set", "a.=c"), "SCOPE.KEY"),
                (("update", INCR, "--cm", "CM", "--yes", "--unset", "a"), "SCOPE.KEY"),
                (("update", INCR, "--cm", "CM", "--yes", "--unset", "a.b,c.d"), "comma"),
                (("update", INCR, "--cm", "CM", "--yes", "--set", "a.b=1", "--set", "a.b=2"), "twice"),
                (("update", INCR, "--cm", "CM", "--yes", "--set", "a.b=1", "--unset", "a.b"), "twice"),
                (("update", INCR, "--cm", "CM", "--yes", "--unset", "a.b", "--unset", "a.b"), "twice"),
                (("pullback", INCR, "--cm", "CM", "--yes"), "--to TIME"),
                (("pullback", INCR, "--cm", "CM", "--yes", "--to", TIME), "--subtopic NAME"),
                (("pullback", INCR, "--cm", "CM", "--yes", "--to", TIME, "--subtopic", "a",
                  "--subtopic", "a"), "twice"),
                (("pullback", INCR, "--cm", "CM", "--yes", "--to", TIME, "--from", "stop"), "--from"),
                (("stop", INCR, "--cm", "CM", "--yes", "--timeout", "0"), "--timeout"),
                (("stop", INCR, "--cm", "CM", "--yes", "--color", "red"), "--color"),
        ):
            with self.subTest(words):
                self.refused(64, words, expected)

    def test_wrong_times(self):
        later = str(int(time.time()) + 3600)
        for word, expected in (
                (TIME + "000", "milliseconds"), ("2023-02-13T19:00:00", "no time zone"),
                ("2023-02-13", "no time"), ("2023-02-30T19:00:00Z", "no such day"),
                ("2023-02-13T25:00:00Z", "no time"), ("2023-02-13T19:00:00 PST", "time zone"),
                ("2023-02-13T19:00:00+99:00", "time zone"), ("0", "no time"), ("x", "no time"),
                ("1676286000.5", "no time"), ("1969-12-31T23:00:00Z", "1970"),
                (later, "yet to come"), ("9999999999", "yet to come"), (" " + TIME, "no time")):
            with self.subTest(word):
                self.refused(64, ("pullback", INCR, "--cm", "CM", "--yes", "--subtopic", "a", "--to",
                                  word), expected)

    def test_wrong_services(self):
        for url in ("http://admin:topsecret@127.0.0.1:1", "http://admin@127.0.0.1:1",
                    "http://127.0.0.1:1/cm", "ftp://127.0.0.1:1", "127.0.0.1:1", "http://",
                    "http://127.0.0.1:0", "http://127.0.0.1:99999", "http://a b:1",
                    "http://127.0.0.1:1?x", "http://127.0.0.1:1#x", "http://[::x]:1"):
            with self.subTest(url):
                done = migdoctor("connector", "stop", INCR, "--cm", url, "--yes")
                self.assertEqual(done.status, 64, done.err)
                self.assertIn("--cm", done.err)
                self.assertNotIn("topsecret", done.err + done.out)
        done = migdoctor("connector", "stop", INCR, "--cm", "http://127.0.0.1:1", "--yes",
                         "--console", "http://a%zz:topsecret@127.0.0.1:1")
        self.assertEqual(done.status, 64)
        self.assertNotIn("topsecret", done.err)

    def test_plan(self):
        cm, console = self.cm(), self.cm(console_answer(status="STOPPED"))
        with tempfile.TemporaryDirectory() as folder:
            plan = Path(folder, "plan.yaml")
            plan.write_text(f"oms:\n  cm: {cm.url}\n  console: {{url: '{console.url}', user: admin, "
                            "password_env: OMS_PW}\n", encoding="utf-8")
            done = migdoctor("connector", "stop", INCR, plan, "--yes", env={"OMS_PW": "topsecret"})
            self.assertEqual(done.status, 0, done.err)
            self.assertEqual(cm.calls, ["stop"])
            self.assertIn("STOPPED", done.out)
            token = console.requests[0].headers["authorization"].removeprefix("Basic ")
            self.assertEqual(base64.b64decode(token), b"admin:topsecret")
            self.assertNotIn("topsecret", done.out + done.err)
            plan.write_text("oms: {cm: 'ftp://x'}\n", encoding="utf-8")
            done = migdoctor("connector", "stop", INCR, plan, "--yes")
            self.assertEqual(done.status, 78, done.err)
            self.assertIn("plan.yaml:1:", done.err)
            # The option goes before the plan's key.
            plan.write_text("oms: {cm: 'http://127.0.0.1:1'}\n", encoding="utf-8")
            done = migdoctor("connector", "stop", INCR, plan, "--yes", "--cm", cm.url)
            self.assertEqual((done.status, len(cm.requests)), (0, 2), done.err)

    # --- the console and the file ---

    def pull_back(self, cm, console, *words, **more):
        words = (*words, "--console", console) if console else words
        return self.run_it(cm, "pullback", INCR, "--to", TIME, *words, **more)

    def test_subtopics_from_the_console(self):
        for subtopics, expected in (("p_2-0", ["p_2-0"]), ("p_2-0, p_1-0", ["p_2-0", "p_1-0"]),
                                    (["p_2-0", "p_1-0"], ["p_2-0", "p_1-0"])):
            with self.subTest(subtopics):
                console = self.cm(console_answer(status="STOPPED", subtopics=subtopics))
                cm = self.cm()
                url = console.url.replace("//", "//admin:x@")
                done = self.pull_back(cm, url)
                self.assertEqual(done.status, 0, done.out + done.err)
                checkpoint = json.loads(cm.requests[1].body)["source"]["checkpoint"]
                self.assertEqual(checkpoint, json.dumps(dict.fromkeys(expected, TIME),
                                                        separators=(",", ":")))
                request = console.requests[0]
                self.assertEqual((request.method, request.target, json.loads(request.body)),
                                 ("POST", "/api/v2?Action=DescribeProjectComponents",
                                  {"id": "np_4w3a"}))
                self.assertIn("counts as stopped", done.out)
                self.assertIn("MIGDOCTOR_CONSOLE_PASSWORD", done.err)

    def test_subtopics_from_the_file_of_this_host(self):
        with tempfile.TemporaryDirectory() as folder:
            conf = Path(folder, "home/ds/run", INCR, "conf")
            conf.mkdir(parents=True)
            conf.joinpath("source.json").write_text(
                json.dumps({"checkpoint": json.dumps({"p_b-0": "1", "p_a-0": "2"})}),
                encoding="utf-8")
            plan = Path(folder, "plan.yaml")
            plan.write_text(f"oms: {{root: '{folder}'}}\n", encoding="utf-8")
            for console in (None, self.cm(close).url):
                cm = self.cm()
                done = self.pull_back(cm, console, plan)
                self.assertEqual(done.status, 0, done.err)
                self.assertEqual(json.loads(cm.requests[1].body)["source"]["checkpoint"],
                                 f'{{"p_b-0":"{TIME}","p_a-0":"{TIME}"}}')
                self.assertIn("source.json", done.err)
            # A dry run reads the file, too.
            cm = self.cm()
            done = self.pull_back(cm, None, plan, "--dry-run")
            self.assertEqual((done.status, cm.connections), (0, 0), done.err)
            self.assertEqual(done.out.count("\n"), 3)

    def test_no_subtopics_no_stop(self):
        for told, expected in (
                (answer("{}", "401 Unauthorized"), "refuses the user"),
                (console_answer(name=FULL), "no component of this name"),
                (console_answer(subtopics=None), "without subtopics"),
                (console_answer(success=False, message="no project"), "no project"),
                (answer("<html>"), "no JSON"), (close, "did not answer")):
            with self.subTest(expected):
                console, cm = self.cm(told), self.cm()
                done = self.pull_back(cm, console.url)
                self.assertEqual((done.status, cm.connections), (64, 0), done.err)
                self.assertIn("--subtopic NAME", done.err)

    def test_waits_until_the_console_shows_no_running_connector(self):
        console = self.cm(console_answer("ACTIVE"), console_answer("ACTIVE"),
                          console_answer("STOPPING"), console_answer("ACTIVE"))
        cm = self.cm()
        done = self.pull_back(cm, console.url)
        self.assertEqual(done.status, 0, done.out)
        self.assertEqual(cm.calls, ["stop", "update", "resume"])
        self.assertIn("STOPPING", done.out)
        self.assertIn("ACTIVE: it is running", done.out)

    def test_a_console_that_lags_does_not_end_it(self):
        console, cm = self.cm(console_answer("ACTIVE")), self.cm()
        done = self.pull_back(cm, console.url)
        self.assertEqual((done.status, cm.calls), (0, ["stop", "update", "resume"]), done.out)
        self.assertIn("may lag behind", done.out)

    def test_a_connector_that_does_not_stop(self):
        console = self.cm(console_answer("ACTIVE"))
        cm = self.cm(envelope(), envelope(False, None, errMsg="the task is running"))
        done = self.pull_back(cm, console.url, "--timeout", "6s")
        self.assertEqual((done.status, set(cm.calls)), (1, {"stop", "update"}), done.out)
        self.assertIn("--from update", done.out)

    # --- what CM answers ---

    def test_only_a_literal_true_is_success(self):
        good = {"errCode": None, "errMsg": None, "errorDetail": None, "result": INCR,
                "retryable": None}
        for told in (
                answer(json.dumps({**good, "isSuccess": "true"})),
                answer(json.dumps({**good, "isSuccess": 1})),
                answer(json.dumps({**good, "isSuccess": None})),
                answer(json.dumps({**good, "issuccess": True})),
                answer(json.dumps({**good, "isSuccess": [True]})),
                answer(json.dumps([{**good, "isSuccess": True}])),
                answer('{"isSuccess": false, "isSuccess": true}'),
                answer('{"isSuccess": true'), answer('{"isSuccess": true}}'), answer(""),
                answer("<html><body>isSuccess: true</body></html>"), answer("true"),
                answer("\xff\xfe"), answer("[" * 100000), envelope(status="500 Internal Server Error"),
                answer("oops", "500 Internal Server Error"), answer("", "404 Not Found"),
                answer("", "503 Service Unavailable")):
            with self.subTest(told[:400]):
                cm = self.cm(told)
                done = self.run_it(cm, "stop", INCR)
                self.assertEqual((done.status, len(cm.requests)), (1, 1), done.out)
                self.assertIn("refused", done.out)
                self.assertNotIn("done", done.out)

    def test_redirects_are_named_and_not_followed(self):
        other = self.cm()
        for status in ("301 Moved", "302 Found", "307 Temporary Redirect", "308 Permanent Redirect"):
            with self.subTest(status):
                cm = self.cm(answer("", status, [f"Location: {other.url}/"]))
                done = self.run_it(cm, "delete", INCR)
                self.assertEqual((done.status, len(cm.requests), other.connections), (1, 1, 0))
                self.assertIn("redirect", done.out)

    def test_no_answer_is_no_refusal_and_is_not_repeated(self):
        for told in (close, hang, answer('{"isSuccess": true}', length=500),
                     answer("", "504 Gateway Timeout"), answer("", "502 Bad Gateway"),
                     b"SSH-2.0-OpenSSH\r\n"):
            for verb, words in (("stop", ()), ("update", ("--set", "a.b=c")),
                                ("pullback", ("--to", TIME, "--subtopic", "s-0"))):
                with self.subTest(told=str(told)[:60], verb=verb):
                    cm = self.cm(told)
                    done = self.run_it(cm, verb, INCR, *words, "--timeout", "2s")
                    self.assertEqual((done.status, len(cm.requests)), (2, 1), done.out)
                    self.assertEqual(cm.connections, 1)
                    self.assertIn("outcome unknown", done.out)
                    self.assertIn("View Component Monitoring", done.out)

    def test_the_console_is_asked_after_silence(self):
        console, cm = self.cm(console_answer("STOPPED")), self.cm(close)
        done = self.run_it(cm, "stop", INCR, "--console", console.url)
        self.assertEqual((done.status, cm.connections), (2, 1), done.out)
        self.assertIn("the console shows it STOPPED", done.out)

    def test_nobody_there(self):
        with Server() as gone:
            url = gone.url
        done = self.run_it(url, "stop", INCR)
        self.assertEqual(done.status, 1, done.out)
        self.assertIn("nothing was changed", done.out)

    def test_codes_are_explained(self):
        for fields in ({"errCode": "CM-RESONF000003", "errMsg": "No enough machine resource"},
                       {"errMsg": "INNER_ERROR[CM-RESONF000003]: no enough host resource"},
                       {"errMsg": "failed", "errorDetail": {"code": "CM-RESONF000003"}}):
            with self.subTest(fields):
                cm = self.cm(envelope(False, None, **fields))
                done = self.run_it(cm, "start", INCR, "--json")
                self.assertEqual(done.status, 1)
                error = done.report["steps"][0]["error"]
                self.assertEqual(error["id"], "oms:CM-RESONF000003")
                self.assertTrue(error["cause"] and error["fix"] and error["title"])
                for lang, words in (("en", ("cause", "fix")), ("zh", ("被拒绝",))):
                    text = self.run_it(cm, "start", INCR, "--lang", lang).out
                    for word in ("CM-RESONF000003", fields.get("errMsg"), *words):
                        self.assertIn(word, text)

    def test_what_cm_says_is_shown_harmless(self):
        cm = self.cm(envelope(False, None, errCode=["x"], errMsg="\x1b[2J\u202eevil\r\nline"))
        done = self.run_it(cm, "stop", INCR)
        self.assertEqual(done.status, 1)
        self.assertNotIn("\x1b", done.out)
        self.assertNotIn("\u202e", done.out)
        self.assertIn('["x"]', done.out)

    def test_migrate_prints_the_new_name(self):
        cm = self.cm(envelope(result=MOVED))
        done = self.run_it(cm, "migrate", INCR, "--ip", "10.0.0.4")
        self.assertIn(MOVED, done.out)
        self.assertNotIn("the same task", done.out)
        for result, expected in ((None, "no name"), (INCR, "same name"), (7, "no name"),
                                 (MOVED.replace("np_4w3a", "np_other"), "the same task")):
            with self.subTest(result):
                cm = self.cm(envelope(result=result))
                done = self.run_it(cm, "migrate", INCR)
                self.assertEqual(done.status, 0)
                self.assertIn(expected, done.out)

    def test_another_name_is_said(self):
        cm = self.cm(envelope(result=MOVED))
        done = self.run_it(cm, "stop", INCR)
        self.assertEqual(done.status, 0)
        self.assertIn(f"another task: {MOVED}", done.out)

    # --- several steps ---

    def test_an_update_waits_for_the_stop(self):
        no = envelope(False, None, errMsg="the task is stopping")
        cm = self.cm(envelope(), no, envelope(False, None, retryable=True), envelope())
        done = self.pull_back(cm, None, "--subtopic", "a-0")
        self.assertEqual((done.status, cm.calls), (0, ["stop", *["update"] * 3, "resume"]), done.out)
        self.assertIn("asked 3 times", done.out)
        self.assertEqual(len({request.body for request in cm.requests[1:4]}), 1)

    def test_an_update_that_stays_refused(self):
        no = envelope(False, None, errMsg="the task is running")
        cm = self.cm(envelope(), no)
        done = self.pull_back(cm, None, "--subtopic", "a-0", "--timeout", "5s")
        self.assertEqual(done.status, 1, done.out)
        self.assertEqual(cm.calls[:2], ["stop", "update"])
        self.assertGreater(len(cm.calls), 2)
        self.assertNotIn("resume", cm.calls)
        # Told that it never will: asked once.
        cm = self.cm(envelope(), envelope(False, None, errMsg="no", retryable=False))
        self.assertEqual(self.pull_back(cm, None, "--subtopic", "a-0").status, 1)
        self.assertEqual(cm.calls, ["stop", "update"])

    def test_a_plain_update_is_asked_once(self):
        cm = self.cm(envelope(False, None, errMsg="the task is running"))
        self.assertEqual(self.run_it(cm, "update", INCR, "--set", "a.b=c").status, 1)
        self.assertEqual(cm.calls, ["update"])

    def go_on(self, text, cm):
        """The commands that the output gives, run as they stand."""
        commands = re.findall(r"^  (migdoctor connector .*)$", text, re.MULTILINE)
        self.assertTrue(commands, text)
        script = commands[0].replace("migdoctor", shlex.quote(str(BINARY)), 1) + " --yes"
        cm.requests.clear()
        done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, timeout=60,
                              check=False)
        return commands, done

    def test_after_a_failure_the_rest_can_be_done(self):
        no = envelope(False, None, errMsg="no", retryable=False)
        for answers, done_steps, rest in (
                ((no, envelope()), [], ["stop", "update", "resume"]),
                ((envelope(), no, envelope()), ["stop"], ["update", "resume"]),
                ((envelope(), envelope(), no, envelope()), ["stop", "update"], ["resume"])):
            with self.subTest(rest):
                cm = self.cm(*answers)
                done = self.pull_back(cm, None, "--subtopic", "it's-0", "--subtopic", "$(id)")
                self.assertEqual(done.status, 1, done.out)
                self.assertEqual(len(cm.calls), len(done_steps) + 1)
                if done_steps:
                    self.assertIn("Took effect: " + ", ".join(done_steps) + ".", done.out)
                else:
                    self.assertIn("No step", done.out)
                checkpoints = [request.body for request in cm.requests if request.call == "update"]
                _commands, again = self.go_on(done.out, cm)
                self.assertEqual((again.returncode, cm.calls), (0, rest), again.stderr)
                for request in cm.requests:
                    if request.call == "update" and checkpoints:
                        self.assertEqual(request.body, checkpoints[0])

    def test_after_an_answer_that_says_nothing_both_ways_are_shown(self):
        cm = self.cm(envelope(), answer("oops", "500 Internal Server Error"))
        done = self.pull_back(cm, None, "--subtopic", "a-0")
        self.assertEqual((done.status, cm.calls), (1, ["stop", "update"]), done.out)
        self.assertIn("--from resume", done.out)
        self.assertIn("--from update", done.out)

    def test_after_an_unknown_outcome_both_ways_are_shown(self):
        cm = self.cm(envelope(), close, envelope())
        done = self.pull_back(cm, None, "--subtopic", "a-0")
        self.assertEqual((done.status, cm.calls), (2, ["stop", "update"]), done.out)
        commands, again = self.go_on(done.out, cm)
        self.assertEqual((again.returncode, cm.calls), (0, ["resume"]), again.stderr)
        self.assertIn("--from update", commands[1])
        self.assertRegex(done.out, r"resume +not sent")

    def test_a_stopped_connector_is_not_forgotten(self):
        cm = self.cm(envelope(), envelope(False, None, retryable=False), envelope())
        done = self.pull_back(cm, None, "--subtopic", "a-0")
        self.assertIn(f"migdoctor connector start {INCR} --cm {cm.url}\n", done.out)

    def test_from(self):
        for step, calls in (("update", ["update", "resume"]), ("resume", ["resume"])):
            cm = self.cm()
            done = self.pull_back(cm, None, "--subtopic", "a-0", "--from", step)
            self.assertEqual((done.status, cm.calls), (0, calls), done.err)
        cm = self.cm()
        self.assertEqual(self.run_it(cm, "pullback", INCR, "--from", "resume").status, 0)

    # --- signals ---

    def test_a_signal_between_steps(self):
        for number, status in ((signal.SIGINT, 130), (signal.SIGTERM, 143)):
            with self.subTest(number):
                asked = threading.Event()

                def slow(connection, asked=asked):
                    asked.set()
                    time.sleep(1)
                    return envelope()

                cm = self.cm(slow, envelope())
                process = subprocess.Popen(
                    [str(BINARY), "connector", "pullback", INCR, "--cm", cm.url, "--to", TIME,
                     "--subtopic", "a-0", "--yes"], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                    text=True)
                self.assertTrue(asked.wait(20))
                process.send_signal(number)
                out, err = process.communicate(timeout=30)
                self.assertEqual((process.returncode, cm.calls), (status, ["stop"]), out + err)
                self.assertIn("Took effect: stop. Not sent: update, resume.", out)
                self.assertIn("--from update", out)

    # --- the question ---

    def ask(self, cm, typed, *words, verb="stop", task=INCR, lang="en"):
        """Runs it on a terminal, types when asked; what the terminal shows, and the status."""
        child, terminal = pty.fork()
        if child == 0:
            os.execv(str(BINARY), [str(BINARY), "connector", verb, task, "--cm", cm.url, "--lang",
                                   lang, *words])
        shown, written = b"", False
        while True:
            try:
                part = os.read(terminal, 65536)
            except OSError as problem:
                if problem.errno != errno.EIO:
                    raise
                break
            if not part:
                break
            shown += part
            if not written and (b"sends nothing:" in shown or "都不发送：".encode() in shown):
                os.write(terminal, typed)
                written = True
        os.close(terminal)
        _pid, status = os.waitpid(child, 0)
        return re.sub(r"\s+", " ", shown.decode("utf-8")), os.waitstatus_to_exitcode(status)

    def test_y_goes_on_and_nothing_else_does(self):
        for typed, sent in ((b"y\n", True), (b"n\n", False), (b"\n", False), (b"yes\n", False),
                            (b"Y\n", False), (b" y\n", False), (b"\x04", False)):
            with self.subTest(typed):
                cm = self.cm()
                shown, status = self.ask(cm, typed)
                self.assertEqual((status, cm.calls), (0, ["stop"]) if sent else (1, []), shown)
                self.assertIn(INCR, shown)
                if not sent:
                    self.assertIn("Nothing was sent.", shown)

    def test_ctrl_c_at_the_question(self):
        cm = self.cm()
        shown, status = self.ask(cm, b"\x03")
        self.assertEqual((status, cm.calls), (130, []), shown)
        self.assertIn("nothing was sent", shown)

    def test_what_the_question_says(self):
        for verb, words, lang, expected in (
                ("delete", (), "en", "cannot be undone"), ("delete", (), "zh", "不可恢复"),
                ("start", (), "en", "After a task is created"), ("migrate", ("--ip", "10.0.0.4"), "en",
                                                                "10.0.0.4"),
                ("update", ("--set", "sink.password=topsecret", "--unset", "a.b"), "en",
                 "sink.password"),
                ("pullback", ("--to", TIME, "--subtopic", "s-0"), "en", "2023-02-13T11:00:00Z"),
                ("pullback", ("--to", TIME, "--subtopic", "s-0"), "zh", "s-0")):
            with self.subTest(verb=verb, lang=lang):
                cm = self.cm()
                shown, status = self.ask(cm, b"n\n", *words, verb=verb, lang=lang)
                self.assertEqual((status, cm.connections), (1, 0), shown)
                self.assertIn(expected, shown)
                self.assertNotIn("topsecret", shown)

    # --- JSON, secrets ---

    def test_json_is_what_the_schema_says(self):
        no = envelope(False, None, errCode="CM-RESONF000003", errMsg="no", retryable=False)
        schema = test_schema.schema_of("connector")
        for answers, words, outcomes in (
                ((envelope(),), (), ["done"] * 3),
                ((envelope(), no), (), ["done", "refused", "not-sent"]),
                ((close,), (), ["unknown", "not-sent", "not-sent"]),
                ((envelope(),), ("--dry-run",), ["not-sent"] * 3)):
            for lang in ("en", "zh"):
                with self.subTest(outcomes=outcomes, lang=lang):
                    cm = self.cm(*answers)
                    done = self.pull_back(cm, None, "--subtopic", "a-0", "--json", "--lang", lang,
                                          *words)
                    report = json.loads(done.out, object_pairs_hook=test_schema.ordered)
                    self.assertEqual(list(test_schema.Validator(schema).faults(report)), [])
                    self.assertEqual(list(test_schema.key_order_faults(report, schema, schema)), [])
                    self.assertEqual([step["outcome"] for step in report["steps"]], outcomes)
                    self.assertEqual([step["step"] for step in report["steps"]],
                                     ["stop", "update", "resume"])

    def test_secrets_are_not_shown(self):
        cm = self.cm(envelope(False, None, errMsg="no"))
        for words in (("--json",), (), ("--lang", "zh")):
            done = self.run_it(cm, "update", INCR, "--set", "sink.password=topsecret", *words)
            self.assertEqual(done.status, 1)
            self.assertNotIn("topsecret", done.out + done.err)
        done = self.run_it(cm, "update", INCR, "--set", "topsecret")
        self.assertNotIn("topsecret", done.out + done.err)
        no = envelope(False, None, errMsg="no", retryable=False)
        console = self.cm(console_answer("STOPPED"))
        for url, env in ((console.url.replace("//", "//admin:topsecret@"), {}),
                         (console.url.replace("//", "//admin@"),
                          {"MIGDOCTOR_CONSOLE_PASSWORD": "topsecret"})):
            cm = self.cm(envelope(), no)
            done = self.pull_back(cm, url, env=env)
            self.assertEqual(done.status, 1, done.out + done.err)
            self.assertIn("//admin@", done.out)
            self.assertNotIn("topsecret", done.out + done.err)
            token = console.requests[-1].headers["authorization"].removeprefix("Basic ")
            self.assertEqual(base64.b64decode(token), b"admin:topsecret")

    def test_the_list_of_processes_shows_no_value(self):
        asked = threading.Event()

        def slow(connection):
            asked.set()
            time.sleep(1)
            return envelope()

        cm = self.cm(slow)
        process = subprocess.Popen(
            [str(BINARY), "connector", "update", INCR, "--cm", cm.url, "--set", "a.b=topsecret",
             "--set=a.c=topsecret", "--yes"], stdout=subprocess.DEVNULL)
        self.assertTrue(asked.wait(20))
        command = Path("/proc", str(process.pid), "cmdline").read_bytes()
        self.assertEqual(process.wait(20), 0)
        self.assertNotIn(b"topsecret", command)
        self.assertEqual(json.loads(cm.requests[0].body), {"a": {"b": "topsecret", "c": "topsecret"}})

    def test_an_output_that_is_full(self):
        cm = self.cm()
        with open("/dev/full", "w", encoding="ascii") as full:
            done = subprocess.run(
                [str(BINARY), "connector", "pullback", INCR, "--cm", cm.url, "--to", TIME,
                 "--subtopic", "a-0", "--yes"], stdout=full, stderr=subprocess.PIPE, check=False,
                timeout=60)
        # The steps are carried out all the same: half a pullback is worse than none.
        self.assertEqual((done.returncode, cm.calls), (74, ["stop", "update", "resume"]), done.stderr)


class WholeOms(unittest.TestCase):
    """Against the lab's OMS: what CM keeps of a connector is what was meant."""

    @classmethod
    def setUpClass(cls):
        cls.oms = oms.start()
        cls.addClassCleanup(cls.oms.stop)

    def tearDown(self):
        self.oms.reset()

    def run_it(self, verb, *words):
        done = migdoctor("connector", verb, self.oms.connector_name, self.oms.plan(), "--yes", *words,
                         env=self.oms.env)
        self.assertEqual(self.oms.leaks(done.out + done.err), [])
        return done

    def state(self):
        return self.oms.connector(self.oms.connector_name)

    def test_a_pullback_by_the_plan_alone(self):
        done = self.run_it("pullback", "--to", TIME)
        self.assertEqual(done.status, 0, done.out + done.err)
        state = self.state()
        self.assertEqual(state["state"], "running")
        self.assertEqual(json.loads(state["config"]["source"]["checkpoint"]),
                         {self.oms.subtopic: TIME})
        self.assertEqual(state["resumes"], [{"pullBackFlag": True, "restartFlag": False}])
        self.assertEqual(len(self.oms.writes()), 3)
        self.assertEqual(len({request.connection for request in self.oms.writes()}), 3)

    def test_stop_update_start_migrate_delete(self):
        self.assertEqual(self.run_it("update", "--set", "sink.workerNum=4").status, 1)
        self.assertEqual(self.run_it("stop").status, 0)
        done = self.run_it("update", "--set", "sink.workerNum=4", "--unset", "source.checkpoint")
        self.assertEqual(done.status, 0, done.out)
        config = self.state()["config"]
        self.assertEqual(config["sink"]["workerNum"], "4")
        self.assertNotIn("checkpoint", config["source"])
        self.assertEqual(self.run_it("start").status, 0)
        self.assertEqual(self.state()["state"], "running")
        done = self.run_it("migrate", "--json")
        moved = done.report["result"]
        self.assertEqual(done.report["steps"][0]["notes"], [f"the connector's name is now {moved}"])
        self.assertIsNone(self.state())
        done = migdoctor("connector", "delete", moved, self.oms.plan(), "--yes", env=self.oms.env)
        self.assertEqual((done.status, self.oms.connector(moved)), (0, None), done.out)

    def test_misbehaviour(self):
        for kind, status in (("act_and_cut", 2), ("hang", 2), ("cut", 2), ("reset", 2), ("half", 2),
                             ("garbage", 2), ("huge", 2), ("endless", 2), ("endless_head", 2),
                             ("500", 1), ("html", 1), ("not_json", 1), ("empty", 1), ("redirect", 1),
                             ("deep", 1), ("types", 1), ("types_top", 1), ("is_success_false", 1)):
            with self.subTest(kind):
                self.oms.reset()
                self.oms.misbehave("cm", kind, on="writes")
                done = self.run_it("stop", "--timeout", "3s")
                self.assertEqual(done.status, status, done.out + done.err)
                self.assertEqual(len(self.oms.writes()), 1)
                self.assertEqual(len(self.oms.followed), 0)


if __name__ == "__main__":
    unittest.main()
