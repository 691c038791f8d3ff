"""Every cause of the codes of CM's hosts and Stores, brought about in a running OMS: `migdoctor diagnose`
confirms it by name, puts what follows from it under it, and rules every other cause out."""

import json
import subprocess
import tempfile
import unittest
from pathlib import Path

import oms
import oms_console
import oms_files
from oms_console import ago
from tool import BINARY, migdoctor

NO_HOSTS = "CM-RESONF000001"
OLD = 900


def table(name):
    return oms_files.table(name)


class Lab(unittest.TestCase):
    """One OMS for a class; each test leaves it healthy."""

    maxDiff = None
    nodes = 1

    @classmethod
    def setUpClass(cls):
        cls.oms = oms.start(nodes=cls.nodes)
        cls.addClassCleanup(cls.oms.stop)

    def tearDown(self):
        self.oms.reset()

    def run_diagnose(self, *words, plan=None, **changes):
        outcome = migdoctor("diagnose", *words, plan or self.oms.plan(**changes), "--json", env=self.oms.env)
        self.assertEqual(self.oms.leaks(outcome.out + outcome.err), [])
        return outcome

    def ask(self, *words, **changes):
        outcome = self.run_diagnose(*words, **changes)
        answer = json.loads(outcome.out)
        self.assertEqual({"ruled-out": 0, "confirmed": 1, "not-known": 2}[answer["verdict"]], outcome.status)
        return answer

    def verdicts(self, *words, **changes):
        """What each rule came to: the rule that a confirmed one follows from (None for a root), "?" for
        one that is not known. What is ruled out is not in it."""
        found = {}
        for cause in self.ask(*words, **changes)["causes"]:
            if cause["verdict"] == "confirmed":
                found[cause["rule"]] = cause["consequence_of"]
            elif cause["verdict"] == "not-known":
                found[cause["rule"]] = "?"
        return found


# --- one cause ------------------------------------------------------------------------------------

# What is broken; the code that is asked about; what comes of it, everything else being ruled out.
CASES = {}


def case(code, **expected):
    """The rules are keywords: a dash is an underscore, oms. stands before them."""
    def register(break_it):
        CASES[break_it.__name__] = (break_it, code, {
            "oms." + rule.replace("_", "-"): root and root.replace("oms.?", "?")
            for rule, root in expected.items()})
        return break_it
    return register


# The agent writes heartbeat and host_status, so that they stand still with it.

@case(NO_HOSTS, programs_running=None)
def agent_just_stopped(o):
    o.stop_program("oms_drc_supervisor")


@case(NO_HOSTS, programs_running=None, heartbeat_fresh="oms.programs-running")
def agent_stopped_long_ago(o):
    o.stop_program("oms_drc_supervisor")
    o.age_heartbeat(OLD)


@case(NO_HOSTS, programs_running=None, heartbeat_fresh="oms.programs-running",
      host_online="oms.programs-running")
def agent_fatal_and_host_down(o):
    o.set_program("oms_drc_supervisor", "FATAL")
    o.age_heartbeat(OLD)
    o.sql(f"UPDATE {table('cm.host')} SET host_status = 'DOWN'")


@case(NO_HOSTS, programs_running=None)
def agent_exited(o):
    o.set_program("oms_drc_supervisor", "EXITED")


@case(NO_HOSTS, programs_running=None)
def cm_in_backoff(o):
    o.set_program("oms_drc_cm", "BACKOFF")


@case(NO_HOSTS, programs_running=None)
def cm_starting_for_long(o):
    o.set_program("oms_drc_cm", "STARTING")


@case(NO_HOSTS, programs_running=None)
def console_stopped(o):
    o.stop_program("oms_console")


@case(NO_HOSTS, programs_running=None)
def nginx_absent(o):
    o.set_program("nginx", "ABSENT")


@case(NO_HOSTS)
def sshd_alone_stopped(o):
    o.stop_program("sshd")


@case(NO_HOSTS, host_ip_env=None)
def host_ip_missing(o):
    o.restart(None)


@case(NO_HOSTS, host_ip_env=None)
def host_ip_of_another_host(o):
    o.restart("10.9.9.9")


@case(NO_HOSTS, host_registered=None)
def host_under_another_address(o):
    o.hold_heartbeat()
    o.sql(f"UPDATE {table('cm.host')} SET ip = '10.9.9.9'")


@case(NO_HOSTS, host_registered=None, heartbeat_fresh="oms.host-registered")
def host_not_in_cm_nodes(o):
    o.config(cm_nodes=["10.9.9.9"])


@case(NO_HOSTS, host_online=None)
def host_not_online(o):
    o.hold_heartbeat()
    o.sql(f"UPDATE {table('cm.host')} SET host_status = 'DOWN'")


@case(NO_HOSTS, heartbeat_fresh=None)
def heartbeat_old(o):
    o.age_heartbeat(OLD)


@case(NO_HOSTS, heartbeat_fresh=None)
def heartbeat_missing(o):
    o.hold_heartbeat()
    o.sql(f"DELETE FROM {table('heartbeat.heart_beat')}")


@case(NO_HOSTS, heartbeat_fresh=None)
def heartbeat_past_a_limit_of_its_own(o):
    o.age_heartbeat(120)
    o.sql(f"UPDATE {table('rm.oms_normal_config')} SET cfg_value = '{{\"checkHostDownIntervalSec\": 60}}'"
          " WHERE cfg_name = 'ha.config'")


@case(NO_HOSTS, clock=None, heartbeat_fresh="?")
def metadb_in_another_zone(o):
    o.sql("SET GLOBAL time_zone = '+08:00'")


@case(NO_HOSTS, clock=None)
def metadb_clock_ahead(o):
    # What is said to a session before its first statement, of all accounts but root's.
    o.sql("SET GLOBAL init_connect = 'SET timestamp = UNIX_TIMESTAMP() + 400'")


@case(NO_HOSTS, clock="?", heartbeat_fresh="?", host_online="?", host_registered="?", metadb=None)
def metadb_down(o):
    o.misbehave("metadb", "down")


@case(NO_HOSTS, clock="?", heartbeat_fresh="?", host_online="?", host_registered="?", metadb=None)
def metadb_refuses_the_account(o):
    o.sql("ALTER USER oms_meta IDENTIFIED BY 'another'")


@case(NO_HOSTS, heartbeat_fresh="?", metadb=None)
def metadb_without_the_privilege(o):
    o.sql(f"REVOKE SELECT ON {oms_files.DATABASES['heartbeat']}.* FROM oms_meta")


# --- initialisation

@case("CM-RESONF000002", initialised=None, region_initialised="oms.initialised")
def tables_empty(o):
    o.hold_heartbeat()
    o.sql(f"DELETE FROM {table('cm.host')}")
    o.sql(f"DELETE FROM {table('cm.resource_group')}")


@case("CM-RESONF000021", initialised=None, region_initialised="oms.initialised")
def group_table_empty(o):
    o.sql(f"DELETE FROM {table('cm.resource_group')}")


@case("CM-RESONF000021", region_initialised=None)
def region_without_a_group(o):
    o.sql(f"UPDATE {table('cm.resource_group')} SET name = '99'")


@case("CM-RESONF000002", initialised=None)
def tables_never_made(o):
    o.hold_heartbeat()
    o.sql(f"DROP TABLE {table('cm.host')}")


# --- thresholds: with a share of 0 anything is above it

@case("CM-RESONF000003", cpu=None)
def cpu_above_its_limit(o):
    o.limits(cpu=0.0)


@case("CM-RESONF000003", memory=None)
def memory_above_its_limit(o):
    o.limits(memory=0.0)


@case("CM-RESONF000003", disk=None)
def disk_above_its_limit(o):
    o.limits(disk=0.0)


# --- Stores

@case("CM-RESOIE000202", store_active=None)
def store_stopped(o):
    o.remove_store(o.store_name)
    o.add_store(o.store_name, status=1)


@case("CM-RESOIE000202", cm_view=None, store_active="?")
def view_of_cm_old(o):
    o.remove_store(o.store_name)
    o.add_store(o.store_name, active=False)


@case("CM-RESOIE000201", store_covers=None)
def store_begins_too_late(o):
    o.set_projects([oms_console.project(
        o.project_id, stores=[oms_console.store(o.store_name)],
        incr_syncs=[oms_console.incr_sync(o.connector_name, subtopics=o.subtopic, delay=7200,
                                          checkpoint=ago(7200))])])


# --- the agent

@case("CM-RESOAT000011", programs_running=None, supervisor_alive="oms.programs-running")
def agent_does_not_answer(o):
    o.stop_program("oms_drc_supervisor")


@case("CM-RESOAT000011", ports=None, supervisor_alive="oms.ports")
def agent_runs_and_nobody_listens(o):
    o.misbehave("agent", "down")


class EachCauseAlone(Lab):
    def tearDown(self):
        super().tearDown()
        self.oms.sql("SET GLOBAL time_zone = 'SYSTEM', GLOBAL init_connect = ''")


def alone(break_it, code, expected):
    def test(self):
        break_it(self.oms)
        self.assertEqual(self.verdicts(code), expected)
    return test


for name, parts in CASES.items():
    setattr(EachCauseAlone, f"test_{name}", alone(*parts))


# --- nothing, and two at once ---------------------------------------------------------------------


class Together(Lab):
    def test_nothing_wrong_nothing_found(self):
        for code in (NO_HOSTS, "CM-RESONF000002", "CM-RESONF000021", "CM-RESONF000003", "CM-RESOIE000201",
                     "CM-RESOIE000202", "CM-RESOAT000011", "oms_host_down", "oms_host_threshold",
                     "oms_migration_delay", "oms_migration_failed"):
            with self.subTest(code):
                answer = self.ask(code)
                self.assertEqual((answer["verdict"], self.verdicts(code)), ("ruled-out", {}))
                self.assertGreater(len(answer["causes"]), 0)

    def test_two_that_have_nothing_to_do_with_each_other(self):
        self.oms.stop_program("oms_console")
        self.oms.age_heartbeat(OLD)
        self.assertEqual(self.verdicts(NO_HOSTS),
                         {"oms.programs-running": None, "oms.heartbeat-fresh": None})

    def test_two_of_which_one_would_hide_behind_the_other(self):
        self.oms.restart("10.9.9.9")
        self.oms.stop_program("oms_drc_supervisor")
        self.oms.age_heartbeat(OLD)
        found = self.verdicts(NO_HOSTS)
        self.assertEqual(found.pop("oms.heartbeat-fresh"), "oms.programs-running")
        self.assertEqual(found, {"oms.programs-running": None, "oms.host-ip-env": None})

    def test_a_threshold_beside_a_dead_host(self):
        self.oms.limits(disk=0.0)
        self.oms.set_program("oms_drc_supervisor", "FATAL")
        self.oms.age_heartbeat(OLD)
        self.assertEqual(self.verdicts("CM-RESONF000003"), {"oms.disk": None})
        self.assertEqual(self.verdicts(NO_HOSTS), {"oms.programs-running": None,
                                                   "oms.heartbeat-fresh": "oms.programs-running"})

    def test_an_unreachable_metadb_hides_what_else_is_wrong_and_says_so(self):
        self.oms.stop_program("oms_drc_cm")
        self.oms.misbehave("metadb", "down")
        answer = self.ask(NO_HOSTS)
        causes = {cause["rule"]: cause for cause in answer["causes"]}
        self.assertEqual(causes["oms.programs-running"]["verdict"], "confirmed")
        self.assertEqual(causes["oms.metadb"]["verdict"], "confirmed")
        for rule in ("oms.heartbeat-fresh", "oms.host-online", "oms.clock"):
            self.assertEqual((causes[rule]["verdict"], causes[rule]["blocked_by"]), ("not-known", "oms.metadb"))
            self.assertTrue(causes[rule]["reason"])

    def test_half_an_hour_is_a_time_zone_and_no_dead_agent(self):
        """Whoever writes heartbeats in local time to a MetaDB in UTC looks eight hours dead."""
        self.oms.age_heartbeat(8 * 3600)
        found = self.verdicts(NO_HOSTS)
        self.assertEqual(found.pop("oms.heartbeat-fresh"), "?")
        self.assertNotIn("oms.heartbeat-fresh", found)

    def test_what_is_dead_stays_dead_at_a_whole_hour(self):
        self.oms.stop_program("oms_drc_supervisor")
        self.oms.age_heartbeat(3600)
        self.assertEqual(self.verdicts(NO_HOSTS)["oms.heartbeat-fresh"], "oms.programs-running")

    def test_what_cm_said_counts_though_usage_has_fallen(self):
        line = ("INNER_ERROR[CM-RESONF000003]: no enough host resource for a CHECKER, reason [host: "
                f"{self.oms.host_ip} unavailable cause: current memory usage 0.8573829 exceed limited 0.85]")
        answer = self.ask(line)
        (memory,) = [cause for cause in answer["causes"] if cause["rule"] == "oms.memory"]
        self.assertEqual(memory["verdict"], "confirmed")
        self.assertIn("0.8573829", json.dumps(memory["evidence"]))

    def test_the_checkpoint_of_a_pasted_line_is_looked_for(self):
        early = 1659319500
        line = f"[CM-RESOIE000201] No available store. SubTopic:[{self.oms.subtopic}], checkpoint:[{early}]"
        self.assertEqual(self.verdicts(line), {"oms.store-covers": None})
        (cause,) = [cause for cause in self.ask(line)["causes"] if cause["rule"] == "oms.store-covers"]
        # Five to ten minutes before 2022-08-01 02:05:00 UTC.
        self.assertIn("2022-08-01", cause["fix"])

    def test_a_code_of_an_error_log(self):
        self.oms.append_file(
            f"home/ds/run/{self.oms.connector_name}/logs/error.log",
            "2027-01-10 02:00:00 ERROR CONNECTOR-SIOM00000000 Communications link failure\n")
        self.assertIsNone(self.verdicts("CONNECTOR-SIOM00000000")["oms.error-logs"])
        self.assertEqual(self.verdicts("CONNECTOR-SIOO0400600"), {})

    def test_a_failed_step_and_its_code(self):
        self.oms.set_projects([oms_console.project(
            self.oms.project_id, status="FAILED", stores=[oms_console.store(self.oms.store_name)],
            steps=oms_console.migration_steps(failed="FULL_TRANSFER", code="CM-SCHEAT000001",
                                              message="Failed to start checker."))])
        found = self.verdicts("CM-SCHEAT000001")
        self.assertIn("oms.checker-start", found)
        self.assertNotIn("oms.connector-start", found)
        self.assertIn("oms.project-failed", self.verdicts("oms_migration_failed"))

    def test_a_bundle_holds_no_secret(self):
        self.oms.stop_program("oms_drc_cm")
        self.oms.append_file("home/admin/logs/ghana/Ghana/common-error.log",
                             f"CM-RESONF000001 url=jdbc:mysql://x password={self.oms.meta_password}\n")
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "case.json"
            outcome = self.run_diagnose(NO_HOSTS, "--bundle", path)
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
        self.ask(NO_HOSTS)
        self.ask("oms_migration_failed")
        outcome = migdoctor("check", self.oms.plan(), "--json", env=self.oms.env)
        self.assertEqual(outcome.failing(), set())
        self.assertEqual(self.oms.writes(), [])
        self.assertEqual(self.oms.followed, [])


# --- endpoints in turn ----------------------------------------------------------------------------

# The rules that look at an endpoint itself: that it is missing or lies may be said by these alone.
OWN = {"cm": {"oms.cm-alive", "oms.ports", "oms.cm-error"},
       "console": {"oms.console-healthy", "oms.ports"},
       "agent": {"oms.supervisor-alive", "oms.ports"},
       "supervisord": {"oms.supervisord"},
       "metadb": {"oms.metadb"}}


class EndpointsInTurn(Lab):
    """A healthy OMS one of whose endpoints is not to be had: nothing is accused that was not seen."""

    def settle(self, endpoint, words, **changes):
        found = self.verdicts(*words, **changes)
        confirmed = {rule for rule, root in found.items() if root != "?"}
        self.assertLessEqual(confirmed, OWN.get(endpoint, set()), found)
        return found

    def test_missing_in_the_plan(self):
        for endpoint, hidden in (("supervisord", "oms.programs-running"), ("metadb", "oms.heartbeat-fresh")):
            with self.subTest(endpoint):
                # With a config the rest would be learnt from it.
                changes = {endpoint: None, "config": None, "root": None, "cm_properties": None}
                self.assertEqual(self.settle(endpoint, [NO_HOSTS], **changes)[hidden], "?")

    def test_misbehaving(self):
        for service in ("cm", "console", "agent"):
            for kind in ("down", "refuse", "hang", "drip", "half", "html", "types", "deep", "huge", "garbage",
                         "500", "redirect", "empty"):
                with self.subTest(f"{service} {kind}"):
                    self.oms.misbehave(service, kind)
                    for code in (NO_HOSTS, "CM-RESOIE000202"):
                        self.settle(service, [code, "--timeout", "2s"])
                    self.oms.behave(service)
        self.assertEqual(self.oms.followed, [])

    def test_supervisord_and_metadb_that_hang(self):
        for service in ("supervisord", "metadb"):
            with self.subTest(service):
                self.oms.misbehave(service, "hang")
                found = self.settle(service, [NO_HOSTS, "--timeout", "2s"])
                self.assertIn("?", found.values())
                self.oms.behave(service)


class SupervisordOverTcp(unittest.TestCase):
    """Port 8084, where somebody gave it a user and a password."""

    def test_with_its_password_and_without(self):
        with oms.start(login="inet") as o:
            url = o.supervisord_inet_url
            for said, verdict in (({"url": url, "user": "supervisor", "password_env": "SUP_PW"}, "ruled-out"),
                                  (url, "not-known")):
                with self.subTest(verdict):
                    outcome = migdoctor("diagnose", NO_HOSTS, o.plan(supervisord=said), "--json",
                                        env={**o.env, "SUP_PW": o.supervisord_password})
                    self.assertEqual(o.leaks(outcome.out + outcome.err), [])
                    causes = {cause["rule"]: cause for cause in json.loads(outcome.out)["causes"]}
                    self.assertEqual(causes["oms.programs-running"]["verdict"], verdict)
            self.assertEqual(causes["oms.programs-running"]["blocked_by"], "oms.supervisord")
            self.assertIn("user and a password", json.dumps(causes["oms.supervisord"]))


class TwoNodes(Lab):
    nodes = 2

    def of_nodes(self, rule, code=NO_HOSTS):
        answer = self.ask(code, host_ip=None)
        return {cause["node"]: cause["verdict"] for cause in answer["causes"] if cause["rule"] == rule}

    def test_each_node_has_its_own_causes(self):
        first, second = self.oms.ips
        self.oms.age_heartbeat(OLD, second)
        self.assertEqual(self.of_nodes("oms.heartbeat-fresh"), {first: "ruled-out", second: "confirmed"})
        self.assertEqual(self.of_nodes("oms.host-online"), {first: "ruled-out", second: "ruled-out"})
        self.oms.sql(f"DELETE FROM {table('cm.host')} WHERE ip = '{second}'")
        self.assertEqual(self.of_nodes("oms.host-registered"), {first: "ruled-out", second: "confirmed"})


del Lab

if __name__ == "__main__":
    unittest.main()
