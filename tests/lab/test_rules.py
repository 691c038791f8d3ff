"""Each rule of tencent-dts fails and passes on real servers, by really changing them."""

import contextlib
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import lab  # noqa: E402
import tool  # noqa: E402

# What both sides have in common, so that a pair of one kind has nothing to complain about.
COMMON = ("--log-bin=bin", "--character-set-server=utf8mb4", "--event-scheduler=OFF")
PER_KIND = {
    "mysql56": ("--binlog-format=ROW", "--log-slave-updates", "--gtid-mode=OFF"),
    "mysql97": ("--gtid-mode=OFF", "--enforce-gtid-consistency=OFF"),
    "mariadb1011": ("--binlog-format=ROW", "--log-slave-updates"),
}
SKIPPED_IN_GOOD_CASE = {
    "mysql56": {"source.event-scheduler"},
    "mysql97": {"source.event-scheduler"},
    "mariadb1011": {"source.event-scheduler", "pair.gtid"},
}

_servers = contextlib.ExitStack()
_sides = {}


def side(kind, number):
    """The source (1) or target (2) of a kind, started when first asked for."""
    if (kind, number) not in _sides:
        options = (*COMMON, *PER_KIND[kind], f"--server-id={number * 11}")
        _sides[kind, number] = _servers.enter_context(lab.start(kind, *options))
    return _sides[kind, number]


def tearDownModule():
    _servers.close()


def check(source, target, *words):
    return tool.check(source.uri, target.uri, *words)


class Rules:
    """What holds for a pair of servers of one kind; a subclass names the kind."""

    kind = None
    maxDiff = None

    def setUp(self):
        self.source, self.target = side(self.kind, 1), side(self.kind, 2)

    @contextlib.contextmanager
    def changed(self, server, variable, value):
        """A global variable at another value, put back afterwards."""
        before = server.query(f"SELECT @@GLOBAL.{variable}")[0][0]
        server.query(f"SET GLOBAL {variable} = {value}")
        yield
        text = before if str(before).isdigit() else f"'{before}'"
        server.query(f"SET GLOBAL {variable} = {text}")

    def assert_fails_then_passes(self, rule, server, source, target, variable, value, *words):
        with self.changed(server, variable, value):
            outcome = check(source, target, *words)
            result = outcome.result(rule)
            self.assertEqual(result["status"], "fail", outcome.out)
            self.assertEqual(outcome.status, 1)
            self.assertTrue(result["evidence"])
        self.assertEqual(check(source, target, *words).result(rule)["status"], "pass")
        return result

    def test_a_good_pair_of_one_kind_is_ready(self):
        source, target = self.source, self.target
        outcome = check(source, target)
        self.assertEqual(outcome.status, 0, outcome.out + outcome.err)
        self.assertEqual(outcome.report["verdict"], "ready")
        skipped = {r for r, status in outcome.statuses().items() if status == "skip"}
        self.assertEqual(skipped, SKIPPED_IN_GOOD_CASE[self.kind])
        summary = outcome.report["summary"]
        self.assertEqual(sum(v for k, v in summary.items() if k != "planned"),
                         summary["planned"])

    def test_binlog_format(self):
        source, target = self.source, self.target
        result = self.assert_fails_then_passes(
            "source.binlog-format", source, source, target, "binlog_format", "STATEMENT")
        self.assertEqual(result["code"], "dts:-262")
        self.assertEqual(result["evidence"][0]["actual"], "STATEMENT")
        with self.changed(source, "binlog_format", "MIXED"):
            self.assertEqual(
                check(source, target).result("source.binlog-format")["status"], "pass")

    def test_server_id(self):
        source, target = self.source, self.target
        result = self.assert_fails_then_passes(
            "source.server-id", source, source, target, "server_id", "1")
        self.assertEqual(result["code"], "dts:-264")
        self.assert_fails_then_passes(
            "pair.server-id", source, source, target, "server_id", "22")

    def test_stats_on_metadata(self):
        source, target = self.source, self.target
        result = self.assert_fails_then_passes(
            "source.stats-on-metadata", source, source, target,
            "innodb_stats_on_metadata", "ON")
        self.assertEqual(result["code"], "dts:-267")

    def test_event_scheduler_only_with_table_scope_online_and_backup(self):
        source, target = self.source, self.target
        words = ("--object", "shop.orders")
        result = self.assert_fails_then_passes(
            "source.event-scheduler", source, source, target, "event_scheduler", "ON", *words)
        self.assertEqual(result["code"], "dts:-418")
        with self.changed(source, "event_scheduler", "ON"):
            for more, status in ((("--mode", "backup"), "fail"), (("--mode", "offline"), "skip"),
                                 (("--object", "shop.*"), None)):
                if status is None:
                    outcome = check(source, target, "--object", "shop.*")
                    self.assertEqual(outcome.report["run"]["scope"], "database")
                    status = "skip"
                else:
                    outcome = check(source, target, *words, *more)
                self.assertEqual(outcome.result("source.event-scheduler")["status"], status)

    def test_online_only_rules_skip_in_other_modes(self):
        source, target = self.source, self.target
        with self.changed(source, "binlog_format", "STATEMENT"):
            for mode in ("offline", "backup"):
                outcome = check(source, target, "--mode", mode)
                for rule in ("source.binlog-enabled", "source.binlog-format",
                             "source.server-id", "pair.server-id"):
                    self.assertEqual(outcome.result(rule)["status"], "skip")
                self.assertEqual(outcome.result("source.stats-on-metadata")["status"], "pass")

    def test_character_set_server(self):
        source, target = self.source, self.target
        result = self.assert_fails_then_passes(
            "pair.character-set-server", target, source, target,
            "character_set_server", "latin1")
        self.assertEqual(result["code"], "dts:-257")
        self.assertIn("`SET GLOBAL character_set_server = 'utf8mb4'`", result["fix"])

    def test_log_bin(self):
        source, target = self.source, self.target
        off = {"mysql97": ("--skip-log-bin",)}.get(self.kind, ())
        with lab.start(self.kind, *off, "--server-id=33") as bare:
            result = check(bare, target).result("source.binlog-enabled")
            self.assertEqual(result["status"], "fail")
            self.assertEqual(result["code"], "dts:-261")
        self.assertEqual(
            check(source, target).result("source.binlog-enabled")["status"], "pass")

    def test_a_replica_has_to_log_what_it_replicates(self):
        source, target = self.source, self.target
        off = "--skip-log-replica-updates" if self.kind == "mysql97" else "--skip-log-slave-updates"
        gtid = ("--gtid-mode=OFF", "--enforce-gtid-consistency=OFF") if self.kind == "mysql97" else ()
        with lab.start(self.kind, "--log-bin=bin", off, *gtid, "--server-id=33") as replica:
            rule = "source.log-replica-updates"
            self.assertEqual(check(replica, target).result(rule)["status"], "pass")
            # Configured, never started: its threads do not run.
            replica.query("CHANGE REPLICATION SOURCE TO SOURCE_HOST='127.0.0.1', SOURCE_PORT=9"
                          if self.kind == "mysql97" else
                          "CHANGE MASTER TO MASTER_HOST='127.0.0.1', MASTER_PORT=9")
            result = check(replica, target).result(rule)
            self.assertEqual(result["status"], "fail", result)
            self.assertEqual(result["code"], "dts:2001041")
            on = off.replace("--skip-", "--")
            replica.restart("--log-bin=bin", on, *gtid, "--server-id=33")
            self.assertEqual(check(replica, target).result(rule)["status"], "pass")

    def test_an_account_without_privileges(self):
        source, target = self.source, self.target
        source.query("CREATE USER poor@'%' IDENTIFIED BY 'poor'")
        try:
            outcome = tool.check(source.uri.replace("lab@", "poor@"), target.uri,
                                 env={"MIGDOCTOR_SOURCE_PASSWORD": "poor"})
        finally:
            source.query("DROP USER poor@'%'")
        facts = outcome.result("source.facts")
        self.assertEqual(facts["status"], "fail", outcome.out)
        self.assertEqual(facts["code"], "dts:-255")
        words = str(facts["evidence"])
        self.assertIn("1227", words)
        self.assertIn("42000", words)
        # It logs what it replicates, so whether it is a replica does not matter.
        self.assertEqual(outcome.result("source.log-replica-updates")["status"], "pass")

    def test_a_wrong_password(self):
        source, target = self.source, self.target
        outcome = tool.check(source.uri, target.uri, env={"MIGDOCTOR_SOURCE_PASSWORD": "wrong"})
        evidence = str(outcome.result("source.connect")["evidence"])
        self.assertIn("1045", evidence)
        self.assertIn("28000", evidence)
        self.assertIn("Access denied for user", evidence)


class OnMysql56(Rules, unittest.TestCase):
    kind = "mysql56"


class OnMysql97(Rules, unittest.TestCase):
    kind = "mysql97"


class OnMariadb(Rules, unittest.TestCase):
    kind = "mariadb1011"


class Pairs(unittest.TestCase):
    """What takes servers of different kinds, or is tried on one kind alone."""

    def test_version_paths(self):
        for pair, status in ((("mysql56", "mysql97"), "fail"), (("mariadb1011", "mysql97"), "fail"),
                             (("mysql56", "mariadb1011"), "fail"), (("mysql97", "mysql56"), "fail"),
                             (("mysql97", "mysql97"), "pass")):
            with self.subTest(pair=pair):
                outcome = check(side(pair[0], 1), side(pair[1], 2))
                self.assertEqual(outcome.result("pair.version-path")["status"], status)
                self.assertEqual(outcome.status, 1 if status == "fail" else 0, outcome.out)
                for endpoint, kind in zip(("source", "target"), pair):
                    flavor = "mariadb" if kind == "mariadb1011" else "mysql"
                    self.assertEqual(outcome.report["endpoints"][endpoint]["flavor"], flavor)

    def test_gtid_between_mysql_servers(self):
        source, target = side("mysql97", 1), side("mysql97", 2)
        for server in (source, target):
            server.query("SET GLOBAL enforce_gtid_consistency = ON")
        states = {}
        for mode in ("OFF_PERMISSIVE", "ON_PERMISSIVE", "ON"):
            source.query(f"SET GLOBAL gtid_mode = {mode}")
            states[mode] = check(source, target).result("pair.gtid")
        for mode in ("OFF_PERMISSIVE", "ON_PERMISSIVE", "ON"):
            target.query(f"SET GLOBAL gtid_mode = {mode}")
        both = check(source, target).result("pair.gtid")
        for server in (source, target):
            for mode in ("ON_PERMISSIVE", "OFF_PERMISSIVE", "OFF"):
                server.query(f"SET GLOBAL gtid_mode = {mode}")
            server.query("SET GLOBAL enforce_gtid_consistency = OFF")
        self.assertEqual(states["OFF_PERMISSIVE"]["status"], "unknown")
        self.assertEqual(states["ON_PERMISSIVE"]["status"], "unknown")
        self.assertEqual(states["ON"]["status"], "fail")
        self.assertEqual(states["ON"]["code"], "dts:-260")
        self.assertEqual(both["status"], "pass")

    def test_gtid_is_skipped_with_mariadb(self):
        outcome = check(side("mariadb1011", 1), side("mysql97", 2))
        self.assertEqual(outcome.result("pair.gtid")["status"], "skip")

    def test_lower_case_table_names(self):
        for kind in ("mysql56", "mariadb1011"):
            with self.subTest(kind=kind):
                with lab.start(kind, "--lower-case-table-names=1", "--server-id=44",
                               "--character-set-server=utf8mb4") as target:
                    result = check(side(kind, 1), target).result("pair.lower-case-table-names")
                self.assertEqual(result["status"], "fail")
                self.assertEqual(result["code"], "dts:-257")

    def test_an_unreachable_source_explains_what_waits_for_it(self):
        target = side("mariadb1011", 2)
        outcome = tool.check(f"mysql://lab@127.0.0.1:{lab.free_port()}", target.uri)
        self.assertEqual(outcome.status, 1)
        self.assertEqual(outcome.failing(), {"source.connect"})
        root = outcome.result("source.connect")
        self.assertEqual(root["code"], "dts:-256")
        for result in outcome.report["results"]:
            if result["status"] == "unknown":
                self.assertEqual(result["blocked_by"], "source.connect")
        self.assertEqual(outcome.result("target.connect")["status"], "pass")


if __name__ == "__main__":
    unittest.main()
