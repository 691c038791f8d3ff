"""Whole runs of migdoctor: what it prints, sends, saves, and how it ends."""

import concurrent.futures
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import lab  # noqa: E402
import scripted  # noqa: E402
import tool  # noqa: E402
import versions  # noqa: E402
from tool import migdoctor  # noqa: E402

KINDS = ("mysql56", "mysql97", "mariadb1011")
PASSWORD = "c0rrect-h0rse"
GOOD = {"log_bin": "ON", "binlog_format": "ROW", "server_id": "7", "log_slave_updates": "ON",
        "event_scheduler": "OFF", "innodb_stats_on_metadata": "OFF", "character_set_server": "utf8",
        "gtid_mode": "OFF"}


def good(preset, **more):
    """The preset's variables as the service wants them; none that the version does not have."""
    there = versions.PRESETS[preset].variables
    return {name: value for name, value in {**GOOD, **more}.items() if name in there}


class Folder(unittest.TestCase):
    """A test with a folder of its own."""

    maxDiff = None

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="migdoctor-test-")
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def write(self, name, text):
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return path


# --- manners towards a server ---------------------------------------------------------------------


class Manners(Folder):
    SETTINGS = (r"lock_wait_timeout = 5|innodb_lock_wait_timeout = 5|max_execution_time = \d+"
                r"|max_statement_time = \d+|information_schema_stats_expiry = \d+")
    ALLOWED = re.compile(
        r"SET SESSION TRANSACTION READ ONLY"
        rf"|SET SESSION ({SETTINGS})(, ({SETTINGS}))*"
        r"|SHOW GLOBAL VARIABLES WHERE Variable_name IN \([a-z_,']+\)"
        r"|SHOW (SLAVE|REPLICA|ALL SLAVES) STATUS"
        r"|KILL QUERY \d+"
        r"|SELECT .*|SHOW .*", re.DOTALL)
    # What Connector/C itself sends when it signs in.
    LIBRARY = re.compile(r"SET NAMES utf8mb4|set autocommit=1", re.IGNORECASE)

    def test_only_reads_are_sent_and_nothing_is_left_running(self):
        for kind in KINDS:
            with self.subTest(kind=kind), lab.start(kind, "--server-id=7", general_log=True) as server:
                before = len(server.statements())
                outcome = tool.check(server.uri, server.uri)
                self.assertIn(outcome.status, (1,), outcome.err)
                entries = server.statements()[before:]
                queries = [text for _id, command, text in entries if command == "Query"]
                self.assertGreaterEqual(len(queries), 6)
                for text in queries:
                    self.assertTrue(self.ALLOWED.fullmatch(text) or self.LIBRARY.fullmatch(text),
                                    text)
                kinds = {command for _id, command, _text in entries}
                self.assertLessEqual(kinds, {"Connect", "Query", "Quit"})
                self.assert_idle(server)

    def assert_idle(self, server):
        """No connection of ours is there a moment later; the server needs it to see the end."""
        until = time.monotonic() + 10
        while True:
            ours = [row for row in server.query("SHOW FULL PROCESSLIST") if row[1] == "lab"]
            if not ours:
                return
            self.assertLess(time.monotonic(), until, ours)
            time.sleep(0.1)

    def test_a_statement_past_its_limit_is_killed_and_fails_alone(self):
        # Costly without SLEEP, which the gate for SQL refuses.
        endless = ("SELECT COUNT(*) FROM information_schema.COLUMNS a, information_schema.COLUMNS b,"
                   " information_schema.COLUMNS c, information_schema.COLUMNS d")
        profile = self.write("site.yaml", f"""
name: site
title: {{en: Site, zh: Site}}
rules:
  - id: source.endless
    query: "{endless}"
    expect: ["1"]
    code: md:9001
  - id: source.quick
    query: SELECT 1
    expect: ["1"]
    code: md:9001
""")
        for kind in KINDS:
            with self.subTest(kind=kind), lab.start(kind, "--server-id=7", general_log=True) as server:
                plan = self.write("plan.yaml", f"""
profile: {profile}
source: {{host: 127.0.0.1, port: {server.port}, user: lab, password_env: PW}}
limits: {{statement_seconds: 1}}
""")
                outcome = migdoctor("check", "--json", plan, "--timeout", "30s", env={"PW": "lab"})
                self.assertEqual(outcome.result("source.endless")["status"], "unknown", outcome.out)
                self.assertEqual(outcome.result("source.quick")["status"], "pass")
                self.assertEqual(outcome.status, 2)
                if kind == "mysql56":   # the others have a limit of their own, which comes first
                    texts = [text for _id, _command, text in server.statements()]
                    self.assertTrue([t for t in texts if t.startswith("KILL QUERY ")], texts)
                self.assert_idle(server)

    def test_at_the_deadline_nothing_is_left_running(self):
        with lab.start("mysql56", "--server-id=7") as server:
            profile = self.write("site.yaml", """
name: site
title: {en: Site, zh: Site}
rules:
  - id: source.endless
    query: SELECT COUNT(*) FROM information_schema.COLUMNS a, information_schema.COLUMNS b, information_schema.COLUMNS c, information_schema.COLUMNS d
    expect: ["1"]
    code: md:9001
""")
            outcome = migdoctor("check", "--json", "--profile", profile, "--source", server.uri,
                                "--timeout", "2s", env={"MIGDOCTOR_SOURCE_PASSWORD": "lab"})
            self.assertEqual(outcome.result("source.endless")["status"], "unknown")
            self.assertEqual(outcome.status, 2)
            self.assert_idle(server)

    def test_a_dry_run_connects_to_nothing_and_prints_what_would_be_sent(self):
        with scripted.Server("mysql57") as server:
            outcome = tool.check(server.uri, server.uri, "--dry-run")
            self.assertEqual(outcome.status, 0)
            self.assertEqual(server.connections, 0)
            said = outcome.out
            self.assertEqual(tool.check(server.uri, server.uri).status, 1)
            for statement in server.statements:
                if not self.LIBRARY.fullmatch(statement):
                    self.assertIn(statement, said)

    def test_four_round_trips_is_one_flight(self):
        with scripted.Server("mysql57", variables=good("mysql57"), hold_seconds=0.3) as server:
            tool.check(server.uri, None)
            ours = [s for s in server.statements if not self.LIBRARY.fullmatch(s)]
            self.assertLessEqual(len(ours), 12)
            # All but the first were there before the first was answered.
            self.assertEqual(server.pipelined, len(ours) - 1)


# --- secrets --------------------------------------------------------------------------------------


class Secrets(Folder):
    def everything(self, server, uri, env):
        """All that migdoctor can print or write about a server."""
        plan = self.write("plan.yaml", "profile: tencent-dts\n"
                          f"source: {{host: 127.0.0.1, port: {server.port}, user: lab, "
                          "password_file: pw}\n"
                          f"target: {{host: 127.0.0.1, port: {server.port}, user: lab, "
                          "password_env: PW}\n")
        self.write("pw", PASSWORD + "\n")
        env = {**env, "PW": PASSWORD}
        texts = []
        for lang in ("en", "zh"):
            for format_ in ("text", "json"):
                for words in ((plan,), ("--profile", "tencent-dts", "--source", uri, "--target", uri)):
                    outcome = migdoctor("check", *words, "--lang", lang, "--format", format_,
                                        "--save-facts", self.folder / "facts.json",
                                        "--output", f"json={self.folder / 'report.json'}", env=env)
                    texts += [outcome.out, outcome.err,
                              (self.folder / "facts.json").read_text(encoding="utf-8"),
                              (self.folder / "report.json").read_text(encoding="utf-8")]
        for words in (("check", plan, "--dry-run"), ("lint", plan)):
            outcome = migdoctor(*words, env=env)
            self.assertEqual(outcome.status, 0, outcome.err)
            texts += [outcome.out, outcome.err]
        for bad in (uri + "?tls=nonsense", uri.replace("mysql://", "mysq://"), uri + "99999"):
            outcome = migdoctor("check", "--source", bad, "--profile", "tencent-dts", env=env)
            self.assertEqual(outcome.status, 64)
            texts += [outcome.out, outcome.err]
        return texts

    def test_the_password_is_in_no_output(self):
        # A server that echoes what it can, and one that takes the password.
        for more in ({"password": PASSWORD},
                     {"refuse": scripted.error(1045, "28000", "Access denied for user 'lab'")}):
            with scripted.Server("mysql57", **more) as server:
                for uri, env in (
                        (server.uri, {"MIGDOCTOR_SOURCE_PASSWORD": PASSWORD,
                                      "MIGDOCTOR_TARGET_PASSWORD": PASSWORD}),
                        (server.uri.replace("lab@", f"lab:{PASSWORD}@"), {})):
                    for text in self.everything(server, uri, env):
                        self.assertNotIn(PASSWORD, text)

    def test_a_password_on_the_command_line_is_warned_of_and_wiped(self):
        with scripted.Server("mysql57", fault="silent@greeting") as server:
            uri = server.uri.replace("lab@", f"lab:{PASSWORD}@")
            with subprocess.Popen([str(tool.BINARY), "check", "--profile", "tencent-dts", "--source",
                                   uri, "--timeout", "3s"], stdout=subprocess.PIPE, text=True) as run:
                until = time.monotonic() + 10
                while not server.connections and time.monotonic() < until:
                    time.sleep(0.01)
                title = Path(f"/proc/{run.pid}/cmdline").read_text(encoding="utf-8")
                out, _ = run.communicate()
            self.assertIn("lab:xxx", title)
            self.assertNotIn(PASSWORD, title)
            self.assertIn("MIGDOCTOR_SOURCE_PASSWORD", out)


# --- facts and judging ----------------------------------------------------------------------------


class Replays(Folder):
    def assert_replays(self, source, target, *words, env=None):
        facts = self.folder / "facts.json"
        for lang in ("en", "zh"):
            live = tool.check(source, target, "--save-facts", facts, "--lang", lang, *words,
                              env=env or {})
            again = migdoctor("check", "--json", "--facts", facts, "--lang", lang)
            self.assertEqual(again.err, "")
            self.assertEqual(again.status, live.status)
            drop = re.compile(r'"duration_ms": \d+')
            self.assertEqual(drop.sub("", again.out), drop.sub("", live.out))

    def test_saved_facts_give_the_same_bytes(self):
        with lab.start("mysql56", "--server-id=7") as old, lab.start("mariadb1011") as other:
            old.query("CHANGE MASTER TO MASTER_HOST='127.0.0.1', MASTER_PORT=9")
            self.assert_replays(old.uri, other.uri)
            self.assert_replays(other.uri, old.uri, "--object", "shop.*", "--mode", "backup")
            self.assert_replays(old.uri, other.uri, env={"MIGDOCTOR_SOURCE_PASSWORD": "wrong"})
        self.assert_replays(f"mysql://lab@127.0.0.1:{lab.free_port()}", None)

    def test_hostile_server_text_replays(self):
        hostile = b"\xff\xfe \x1b[31m<script>|\xe2\x80\xae\n`'\"".decode("utf-8", "surrogateescape")
        with scripted.Server("mysql57", answers=[
                (r"SHOW SLAVE STATUS", scripted.error(1227, "42000", hostile))],
                variables={"binlog_format": hostile, "server_id": "abc"}) as server:
            self.assert_replays(server.uri, server.uri)

    def test_facts_for_other_objects_are_refused(self):
        facts = self.folder / "facts.json"
        with scripted.Server("mysql57") as server:
            tool.check(server.uri, server.uri, "--object", "shop.*", "--save-facts", facts)
        outcome = migdoctor("check", "--facts", facts, "--object", "other.*")
        self.assertEqual(outcome.status, 64)
        self.assertIn("other objects", outcome.err)
        self.assertEqual(migdoctor("check", "--facts", facts, "--object", "shop.*").status, 1)


class EveryVersion(Folder):
    """What no real server of ours shows, on the scripted one."""

    def test_a_good_pair_of_any_version_is_ready(self):
        for preset in versions.PRESETS:
            with self.subTest(preset=preset), \
                    scripted.Server(preset, variables=good(preset)) as source, \
                    scripted.Server(preset, variables=good(preset, server_id="8")) as target:
                outcome = tool.check(source.uri, target.uri)
                self.assertEqual(outcome.status, 0, outcome.out)
                self.assertEqual(source.unmatched + target.unmatched, [])

    def test_a_bad_source_of_any_version_fails_the_same_rules(self):
        bad = {"log_bin": "OFF", "binlog_format": "STATEMENT", "server_id": "1",
               "innodb_stats_on_metadata": "ON", "log_slave_updates": "OFF",
               "log_replica_updates": "OFF", "event_scheduler": "ON", "lower_case_table_names": "1",
               "character_set_server": "latin1", "gtid_mode": "OFF"}
        expected = {"source.binlog-enabled", "source.binlog-format", "source.server-id",
                    "source.stats-on-metadata", "source.log-replica-updates",
                    "source.event-scheduler", "pair.lower-case-table-names",
                    "pair.character-set-server"}
        for preset, data in versions.PRESETS.items():
            variables = {name: value for name, value in bad.items() if name in data.variables}
            with self.subTest(preset=preset), \
                    scripted.Server(preset, variables=variables, replica=True) as source, \
                    scripted.Server(preset, variables=good(preset)) as target:
                outcome = tool.check(source.uri, target.uri, "--object", "shop.orders")
                self.assertEqual(outcome.failing(), expected, outcome.out)
                self.assertEqual(source.unmatched, [])

    def test_the_version_paths_of_the_service(self):
        for source_preset, target_preset, status in (
                ("mysql55", "mysql56", "pass"), ("mysql56", "mysql55", "fail"),
                ("mysql55", "mysql57", "fail"), ("mysql56", "mysql57", "fail"),
                ("mysql57", "mysql80", "fail"), ("mysql80", "mysql80", "pass"),
                ("mysql80", "mariadb1011", "fail"), ("mariadb106", "mariadb1011", "fail")):
            with self.subTest(path=(source_preset, target_preset)), \
                    scripted.Server(source_preset) as source, \
                    scripted.Server(target_preset) as target:
                result = tool.check(source.uri, target.uri).result("pair.version-path")
                self.assertEqual(result["status"], status)

    def test_gtid_by_the_version_of_the_target(self):
        for target_preset, source_mode, target_mode, status in (
                ("mysql57", "ON", "ON", "pass"), ("mysql57", "OFF", "OFF", "pass"),
                ("mysql57", "OFF", "ON", "fail"), ("mysql57", "ON", "OFF", "fail"),
                ("mysql56", "ON", "OFF", "fail"), ("mysql56", "OFF", "ON", "pass"),
                ("mysql80", "OFF", "ON", "pass"), ("mysql80", "ON", "OFF", "fail"),
                ("mysql57", "ON_PERMISSIVE", "ON", "unknown"),
                ("mysql57", "ON", "OFF_PERMISSIVE", "unknown"),
                ("mariadb1011", "ON", None, "skip")):
            target_variables = {"gtid_mode": target_mode} if target_mode else {}
            with self.subTest(case=(target_preset, source_mode, target_mode)), \
                    scripted.Server("mysql57", variables={"gtid_mode": source_mode}) as source, \
                    scripted.Server(target_preset, variables=target_variables) as target:
                result = tool.check(source.uri, target.uri).result("pair.gtid")
                self.assertEqual(result["status"], status, result)


# --- misbehaving servers --------------------------------------------------------------------------


class Misbehaviour(Folder):
    def test_the_deadline_holds_and_the_report_says_why(self):
        cases = [(fault, where)
                 for fault in ("silent", "deaf", "drip", "half", "reset", "close", "garbage", "endless")
                 for where in ("greeting", "sign-in", "1", "3")]
        # They wait, and do not work: many at once take the time of one.
        with concurrent.futures.ThreadPoolExecutor(max_workers=len(cases)) as pool:
            outcomes = list(pool.map(self.misbehave, cases))
        for (fault, where), (outcome, seconds) in zip(cases, outcomes):
            with self.subTest(fault=fault, where=where):
                self.assertLess(seconds, 30)
                self.assertIn(outcome.status, (1, 2), outcome.err)
                self.assertEqual(outcome.err, "")
                root = "source.connect" if where in ("greeting", "sign-in") else "source.facts"
                if fault == "drip" and where == "1":
                    continue    # so short an answer drips through in time
                self.assertEqual(outcome.result(root)["status"], "fail", outcome.out)
                self.assertEqual(outcome.result("target.facts")["status"], "pass")

    def misbehave(self, case):
        fault, where = case
        with scripted.Server("mysql57", fault=f"{fault}@{where}") as source, \
                scripted.Server("mysql57") as target:
            started = time.monotonic()
            outcome = tool.check(source.uri, target.uri, "--timeout", "5s", seconds=60)
            return outcome, time.monotonic() - started

    def test_a_proxy_that_swallows_pipelined_statements_is_asked_one_by_one(self):
        with scripted.Server("mysql57", variables=good("mysql57"), fault="swallow@1") as source, \
                scripted.Server("mysql57", variables=good("mysql57", server_id="8")) as target:
            outcome = tool.check(source.uri, target.uri, "--timeout", "20s")
            self.assertEqual(outcome.status, 0, outcome.out)

    def test_too_many_connections(self):
        refusal = scripted.error(1040, "08004", "Too many connections")
        with scripted.Server("mysql57", refuse_greeting=refusal) as server:
            evidence = str(tool.check(server.uri, None).result("source.connect")["evidence"])
            self.assertIn("1040", evidence)
            self.assertIn("Too many connections", evidence)

    def test_an_interrupted_run_reports_what_it_has(self):
        for number, status in ((signal.SIGINT, 130), (signal.SIGTERM, 143)):
            with self.subTest(signal=number), scripted.Server("mysql57") as good_one, \
                    scripted.Server("mysql57", fault="silent@greeting") as server:
                words = [str(tool.BINARY), "check", "--json", "--profile", "tencent-dts",
                         "--source", server.uri, "--target", good_one.uri]
                with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as run:
                    until = time.monotonic() + 10
                    while not server.connections and time.monotonic() < until:
                        time.sleep(0.01)
                    time.sleep(0.3)
                    run.send_signal(number)
                    out, _ = run.communicate(timeout=20)
                report = json.loads(out)
                self.assertEqual(run.returncode, status)
                self.assertEqual(report["verdict"], "interrupted")
                statuses = {r["rule"]: r["status"] for r in report["results"]}
                self.assertEqual(statuses["target.connect"], "pass")
                self.assertEqual(statuses["source.binlog-format"], "unknown")


# --- the command line -----------------------------------------------------------------------------


class Statuses(Folder):
    def test_ready_blocked_incomplete(self):
        with scripted.Server("mysql57", variables=good("mysql57")) as source, \
                scripted.Server("mysql57", variables=good("mysql57", server_id="8")) as target:
            self.assertEqual(tool.check(source.uri, target.uri).status, 0)
            self.assertEqual(tool.check(source.uri, None).status, 2)
            self.assertEqual(tool.check(source.uri, None, "--only", "source.*").status, 0)
            self.assertEqual(tool.check(source.uri, source.uri).status, 1)
            self.assertEqual(
                tool.check(source.uri, source.uri, "--skip", "pair.server-id").status, 0)
            self.assertEqual(
                tool.check(source.uri, source.uri, "--fail-on", "fatal").status, 0)

    def test_language(self):
        with scripted.Server("mysql57") as server:
            for env, words, chinese in (({"LANG": "zh_CN.UTF-8"}, (), True),
                                        ({"LANG": "zh_CN.UTF-8"}, ("--lang", "en"), False),
                                        ({"LANG": "en_US.UTF-8"}, (), False),
                                        ({"LC_ALL": "C", "LANG": "zh_CN.UTF-8"}, (), False),
                                        ({}, ("--lang", "zh"), True)):
                out = migdoctor("check", "--profile", "tencent-dts", "--source", server.uri, *words,
                                env=env).out
                self.assertEqual("不能迁移" in out, chinese, (env, words))
                self.assertEqual("blocked" in out, True)

    def test_colour_only_where_it_is_wanted(self):
        with scripted.Server("mysql57") as server:
            words = ("check", "--profile", "tencent-dts", "--source", server.uri)
            self.assertNotIn("\x1b[", migdoctor(*words).out)
            self.assertIn("\x1b[", migdoctor(*words, "--color", "always").out)
            self.assertNotIn("\x1b[", migdoctor(*words, "--color", "auto").out)

    def test_outputs_that_cannot_be_written(self):
        with scripted.Server("mysql57") as server:
            words = [str(tool.BINARY), "check", "--profile", "tencent-dts", "--source", server.uri]
            with open("/dev/full", "w", encoding="ascii") as full:
                done = subprocess.run(words, stdout=full, stderr=subprocess.PIPE, check=False)
                self.assertEqual(done.returncode, 74)
                self.assertIn(b"standard output: No space left", done.stderr)
            reading, writing = os.pipe()
            os.close(reading)
            done = subprocess.run(words, stdout=writing, stderr=subprocess.PIPE, check=False)
            os.close(writing)
            self.assertEqual(done.returncode, 74)
            for option in ("--save-facts", "--output"):
                path = self.folder / "no" / "such"
                done = subprocess.run([*words, option, str(path)], capture_output=True, check=False)
                self.assertEqual(done.returncode, 74)
                self.assertIn(b"No such file or directory", done.stderr)
            self.assertEqual(list(self.folder.iterdir()), [])

    def test_a_file_is_replaced_whole(self):
        path = self.write("report.json", "old")
        with scripted.Server("mysql57") as server:
            tool.check(server.uri, None, "--output", path)
        self.assertIn("results", json.loads(path.read_text(encoding="utf-8")))
        self.assertEqual([p.name for p in self.folder.iterdir()], ["report.json"])


class BadInput(Folder):
    def assert_refused(self, status, words, *parts, env=None):
        outcome = migdoctor(*words, env=env)
        self.assertEqual(outcome.status, status, outcome.err + outcome.out)
        self.assertEqual(outcome.out, "")
        self.assertEqual(outcome.err.count("\n"), 1, outcome.err)
        for part in parts:
            self.assertIn(part, outcome.err)

    def refuse_plan(self, text, *parts, env=None):
        plan = self.write("plan.yaml", text)
        self.assert_refused(78, ("check", plan), *parts, env=env)

    SOURCE = "source: {host: 127.0.0.1, user: lab}\n"

    def test_plans(self):
        self.refuse_plan("profile: tencent-dts\nsorce: {}\n", "plan.yaml:2:1", "source")
        self.refuse_plan("source:\n\thost: a\n", "plan.yaml:2:1", "space")
        self.refuse_plan("profile: tencent-dts\nsource: nothing\n", "plan.yaml:2:9", "map")
        self.refuse_plan("profile: tencent-dts\nsource: {host: a, user: b, password_env: NOT_SET}\n",
                         "plan.yaml:2:", "NOT_SET")
        self.refuse_plan("source: {host: a, user: b, password_file: /no/such/file}\n",
                         "plan.yaml:1:", "/no/such/file")
        self.refuse_plan(self.SOURCE + "profile: tencent-dtz\n", "tencent-dtz", "tencent-dts")
        self.refuse_plan("profile: tencent-dts\nsource: {host: a, user: b, port: 99999}\n",
                         "plan.yaml:2:", "65535")
        self.refuse_plan(self.SOURCE + "profile: tencent-dts\nobjects: {include: [a.b.c]}\n",
                         "plan.yaml:3:", "three")

    def test_profiles(self):
        profile = self.write("p.yaml", "name: p\ntitle: {en: P, zh: P}\nrules:\n"
                             "  - {id: source.x, check: no.such-check, code: 'dts:-262'}\n")
        self.assert_refused(78, ("check", "--profile", profile, "--source", "mysql://a@b"),
                            "p.yaml:4:", "no.such-check")
        profile = self.write("p.yaml", "name: p\ntitle: {en: P, zh: P}\nrules:\n"
                             "  - {id: source.x, query: DELETE FROM t, expect: empty, "
                             "code: 'md:9001'}\n")
        self.assert_refused(78, ("check", "--profile", profile, "--source", "mysql://a@b"),
                            "p.yaml:4:", "DELETE")

    def test_command_lines(self):
        good_uri = ("--source", "mysql://lab@127.0.0.1")
        for words, part in (
                ((), "which command"),
                (("chek",), "did you mean check"),
                (("check", "--sorce", "x"), "did you mean --source"),
                (("check", "--source"), "needs an argument"),
                (("check", "--strict=yes"), "takes no argument"),
                (("check", "--source", "mysql://lab@"), "host"),
                (("check", "--source", "mysql://lab@127.0.0.1:99999"), "65535"),
                (("check", *good_uri, "--object", "a.b.c", "--profile", "tencent-dts"), "three"),
                (("check", *good_uri, "--mode", "fast", "--profile", "tencent-dts"), "offline"),
                (("check", *good_uri, "--timeout", "0"), "30s"),
                (("check", *good_uri, "--fail-on", "never"), "warning"),
                (("check", *good_uri, "--format", "xml"), "json"),
                (("check", *good_uri), "which profile"),
                (("check", "--profile", "tencent-dts"), "nothing to ask"),
                (("check", *good_uri, "--profile", "tencent-dts", "--only", "nothing.*"), "no rule"),
                (("check", "a.yaml", "b.yaml"), "one plan"),
                (("list",), "checks"),
                (("list", "check"), "did you mean checks"),
                (("lint",), "which file"),
                (("check", *good_uri, "--lang", "fr"), "zh"),
        ):
            with self.subTest(words=words):
                self.assert_refused(64, words, part)

    def test_files(self):
        for words, part in (
                (("check", "no-such-plan.yaml"), "no-such-plan.yaml"),
                (("check", "--facts", "no-such-facts.json"), "no-such-facts.json"),
                (("check", "--source", "mysql://a@b", "--profile", "tencent-dts", "--plugin",
                  "no-such.so"), "no-such.so"),
                (("check", "--source", "mysql://a@b", "--profile", "./no-such.yaml"), "no-such.yaml"),
        ):
            with self.subTest(words=words):
                self.assert_refused(78, words, part)

    def test_facts_files_that_are_none(self):
        for text in ("", "{", "[]", "null", '{"schema":"other/1"}', "\x00", '{"schema":' * 5000):
            facts = self.write("facts.json", text)
            self.assert_refused(78, ("check", "--facts", facts, "--profile", "tencent-dts"),
                                "facts.json")


# --- checks of others -----------------------------------------------------------------------------


class OwnChecks(Folder):
    PROFILE = """
name: site
title: {en: What the site wants, zh: 本站要求}
rules:
  - id: source.no-myisam
    query: SELECT table_schema, table_name FROM information_schema.tables WHERE engine = 'MyISAM' AND table_schema NOT IN ('mysql', 'sys', 'information_schema', 'performance_schema')
    expect: empty
    code: md:9001
    title: {en: No MyISAM tables, zh: 没有 MyISAM 表}
  - {id: source.packet, check: site.packet, code: "md:9001"}
  - {id: source.events, check: site.no-events, code: "md:9001"}
"""

    def test_a_check_in_yaml_and_a_plugin_on_every_server(self):
        profile = self.write("site.yaml", self.PROFILE)
        plugin = tool.BUILD / "plugins" / "site.so"
        for kind in KINDS:
            with self.subTest(kind=kind), lab.start(kind, "--max-allowed-packet=16777216") as server:
                def check(server=server):
                    return migdoctor("check", "--json", "--profile", profile, "--plugin", plugin,
                                     "--source", server.uri,
                                     env={"MIGDOCTOR_SOURCE_PASSWORD": "lab"})
                self.assertEqual(check().status, 0, check().out + check().err)
                server.query("CREATE DATABASE shop")
                server.query("CREATE TABLE shop.`a b` (i INT) ENGINE=MyISAM")
                server.query("CREATE EVENT shop.e ON SCHEDULE EVERY 1 DAY DO SELECT 1")
                server.query("SET GLOBAL max_allowed_packet = 1048576")
                outcome = check()
                self.assertEqual(outcome.status, 1)
                self.assertEqual(outcome.failing(),
                                 {"source.no-myisam", "source.packet", "source.events"})
                self.assertEqual(outcome.result("source.no-myisam")["objects"], ["shop.`a b`"])
                self.assertEqual(outcome.result("source.events")["objects"], ["shop.e"])
                facts = self.folder / "facts.json"
                migdoctor("check", "--profile", profile, "--plugin", plugin, "--source", server.uri,
                          "--save-facts", facts, env={"MIGDOCTOR_SOURCE_PASSWORD": "lab"})
                again = migdoctor("check", "--json", "--profile", profile, "--plugin", plugin,
                                  "--facts", facts)
                self.assertEqual(again.report["results"], outcome.report["results"])

    def test_an_account_that_may_not_is_unknown(self):
        profile = self.write("site.yaml", "name: site\ntitle: {en: S, zh: S}\nrules:\n"
                             "  - {id: source.users, query: 'SELECT user FROM mysql.user', "
                             "expect: empty, code: 'md:9001'}\n")
        with lab.start("mariadb1011") as server:
            server.query("CREATE USER poor@'%' IDENTIFIED BY 'poor'")
            outcome = migdoctor("check", "--json", "--profile", profile, "--source",
                                server.uri.replace("lab@", "poor@"),
                                env={"MIGDOCTOR_SOURCE_PASSWORD": "poor"})
            self.assertEqual(outcome.status, 2)
            self.assertEqual(outcome.result("source.users")["status"], "unknown")
            self.assertIn("denied", outcome.result("source.users")["reason"])


if __name__ == "__main__":
    unittest.main()
