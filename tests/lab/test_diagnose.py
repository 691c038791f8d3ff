"""Brings every cause of the codes of CM's hosts about alone in a running OMS, and sees `migdoctor
diagnose` find it, and nothing but it."""

import json
import subprocess
import tempfile
import unittest
from pathlib import Path

import oms
import oms_files
from tool import BINARY, migdoctor

NO_HOSTS = "CM-RESONF000001"


def table(name):
    return oms_files.table(name)


class Diagnose(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.oms = oms.start()
        cls.addClassCleanup(cls.oms.stop)

    def tearDown(self):
        self.oms.reset()

    def ask(self, *words, **changes):
        outcome = migdoctor("diagnose", *words, self.oms.plan(**changes), "--json", env=self.oms.env)
        self.assertEqual(self.oms.leaks(outcome.out + outcome.err), [])
        answer = json.loads(outcome.out)
        self.assertEqual({"ruled-out": 0, "confirmed": 1, "not-known": 2}[answer["verdict"]], outcome.status)
        return answer

    def confirmed(self, *words, **changes):
        """Rules that are confirmed, each with what it follows from."""
        return {cause["rule"]: cause["consequence_of"] for cause in self.ask(*words, **changes)["causes"]
                if cause["verdict"] == "confirmed"}

    def expect(self, code, rule, *consequences):
        """The rule is the one cause; whatever else is confirmed follows from it."""
        found = self.confirmed(code)
        self.assertIn(rule, found)
        self.assertIsNone(found.pop(rule))
        self.assertEqual(set(found), set(consequences))
        for root in found.values():
            self.assertTrue(root == rule or root in consequences, found)

    def test_a_healthy_oms(self):
        for code in (NO_HOSTS, "CM-RESONF000002", "CM-RESONF000021", "oms_host_down"):
            with self.subTest(code):
                self.assertEqual(self.confirmed(code), {})

    def test_the_supervisor_is_stopped(self):
        self.oms.stop_program("oms_drc_supervisor")
        self.oms.age_heartbeat(900)
        found = self.confirmed("oms_host_down")
        self.assertIsNone(found["oms.programs-running"])
        self.assertEqual(found["oms.heartbeat-fresh"], "oms.programs-running")

    def test_a_program_is_stopped(self):
        self.oms.stop_program("sshd")
        self.oms.stop_program("oms_console")
        self.expect(NO_HOSTS, "oms.programs-running")

    def test_an_old_heartbeat(self):
        self.oms.age_heartbeat(900)
        found = self.confirmed(NO_HOSTS)
        self.assertIn("oms.heartbeat-fresh", found)
        self.assertIsNone(found["oms.heartbeat-fresh"])

    def test_a_host_that_is_not_online(self):
        self.oms.hold_heartbeat()
        self.oms.sql(f"UPDATE {table('cm.host')} SET host_status = 'OFFLINE'")
        self.expect(NO_HOSTS, "oms.host-online")

    def test_a_host_under_another_address(self):
        self.oms.hold_heartbeat()
        self.oms.sql(f"UPDATE {table('cm.host')} SET ip = '10.9.9.9'")
        self.assertIn("oms.host-registered", self.confirmed(NO_HOSTS))

    def test_no_resource_group(self):
        self.oms.sql(f"DELETE FROM {table('cm.resource_group')}")
        for code in ("CM-RESONF000002", "CM-RESONF000021"):
            self.assertIn("oms.initialised", self.confirmed(code))

    def test_another_region_was_initialised(self):
        self.oms.sql(f"UPDATE {table('cm.resource_group')} SET name = '99'")
        self.expect("CM-RESONF000021", "oms.region-initialised")

    def test_oms_host_ip_is_not_set_or_wrong(self):
        for host_ip in (None, "10.9.9.9"):
            with self.subTest(host_ip):
                self.oms.restart(host_ip_env=host_ip)
                self.assertIsNone(self.confirmed(NO_HOSTS)["oms.host-ip-env"])
                self.oms.reset()

    def test_the_time_zone_of_the_metadb_is_another(self):
        self.oms.sql("SET GLOBAL time_zone = '+05:30'")
        self.addCleanup(self.oms.sql, "SET GLOBAL time_zone = 'SYSTEM'")
        self.assertIn("oms.clock", self.confirmed(NO_HOSTS))

    def test_a_usage_above_the_threshold(self):
        for rule, key in (("oms.memory", "mem"), ("oms.disk", "disk")):
            with self.subTest(rule):
                self.oms.append_file(oms_files.CM_PROPERTIES, f"\ndrcCfg.{key}UsedPercentThresHold=0.0001\n")
                self.expect("CM-RESONF000003", rule)
                self.assertIn(rule, self.confirmed("oms_host_threshold"))
                self.oms.reset()

    def test_the_metadb_is_down(self):
        self.oms.misbehave("metadb", "down")
        answer = self.ask(NO_HOSTS)
        verdicts = {cause["rule"]: cause for cause in answer["causes"]}
        self.assertEqual(verdicts["oms.metadb"]["verdict"], "confirmed")
        self.assertEqual(verdicts["oms.clock"]["verdict"], "not-known")
        self.assertEqual(verdicts["oms.clock"]["blocked_by"], "oms.metadb")

    def test_what_cm_said_is_found_though_usage_is_low(self):
        line = (f"INNER_ERROR[CM-RESONF000003]: no enough host resource for a CHECKER, reason [host: {self.oms.host_ip}"
                " unavailable cause: current memory usage 0.9973829 exceed limited 0.85]")
        self.assertIn("oms.memory", self.confirmed(line))

    def test_a_bundle_leaks_nothing(self):
        self.oms.stop_program("oms_drc_cm")
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "case.json"
            outcome = migdoctor("diagnose", NO_HOSTS, self.oms.plan(), "--bundle", path, env=self.oms.env)
            self.assertEqual(outcome.status, 1, outcome.err)
            text = path.read_text(encoding="utf-8")
        self.assertEqual(self.oms.leaks(text), [])
        self.assertEqual(json.loads(text)["schema"], "migdoctor/bundle/1")

    def test_without_a_plan_the_oms_of_this_machine_is_asked(self):
        inside = ("unshare", "--mount", "sh", "-c", 'mount --bind "$1" /home && shift && exec "$@"', "sh",
                  str(self.oms.root / "home"))
        if subprocess.run([*inside, "true"], capture_output=True, check=False).returncode:
            self.skipTest("no mount namespace can be made here")
        if BINARY.resolve().is_relative_to("/home"):
            self.skipTest("the program itself stands below /home")
        done = subprocess.run([*inside, str(BINARY), "diagnose", NO_HOSTS, "--json"], capture_output=True,
                              text=True, check=False, timeout=90)
        self.assertEqual(self.oms.leaks(done.stdout + done.stderr), [])
        verdicts = {cause["rule"]: cause["verdict"] for cause in json.loads(done.stdout)["causes"]}
        self.assertEqual(verdicts["oms.metadb"], "ruled-out")

    def test_it_sends_nothing_that_changes_anything(self):
        before = len(self.oms.writes())
        self.ask(NO_HOSTS)
        self.assertEqual(len(self.oms.writes()), before)


class TwoNodes(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.oms = oms.start(nodes=2)
        cls.addClassCleanup(cls.oms.stop)

    def test_the_one_node_is_told_from_the_other(self):
        first, second = self.oms.ips
        self.oms.age_heartbeat(900, second)
        outcome = migdoctor("diagnose", "oms_host_down", self.oms.plan(host_ip=None), "--json", env=self.oms.env)
        verdicts = {cause["node"]: cause["verdict"] for cause in json.loads(outcome.out)["causes"]
                    if cause["rule"] == "oms.heartbeat-fresh"}
        self.assertEqual(verdicts, {first: "ruled-out", second: "confirmed"}, outcome.err)


if __name__ == "__main__":
    unittest.main()
