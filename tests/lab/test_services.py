"""What migdoctor makes of an OMS's services and MetaDB: well, missing, refusing, silent, lying.

Looked at is the facts file, and once what was sent.
"""

import json
import re
import tempfile
import time
import unittest
from pathlib import Path

import lab
import oms
import oms_console
from tool import migdoctor

# Rows that no rule of oms-health wants, and a rule that wants them.
PROFILE = """\
name: more
title: {en: more, zh: more}
rules:
  - {id: progress, check: server.variable-in, with: {endpoint: console, fact: progress, accept: [x]},
     code: "md:2103"}
  - {id: sequence, check: server.variable-in, with: {endpoint: metadb, fact: sequence, accept: [x]},
     code: "md:2103"}
"""

CM_DATABASE, RM_DATABASE = "oms_cm", "oms_rm"
HEARTBEATS = "oms_cm_heartbeat.heart_beat"


class Facts:
    """A facts file."""

    def __init__(self, text):
        self.text = text
        self.endpoints = json.loads(text)["endpoints"]

    def group(self, endpoint, name):
        return self.endpoints[endpoint]["groups"][name]

    def fact(self, endpoint, name):
        return self.endpoints[endpoint]["facts"][name]

    def value(self, endpoint, name):
        return self.fact(endpoint, name)["text"]

    def rows(self, endpoint, name):
        table = self.fact(endpoint, name)
        return [dict(zip(table["columns"], row)) for row in table["rows"]]


class Services(unittest.TestCase):
    """All on one OMS, which each test finds healthy."""

    @classmethod
    def setUpClass(cls):
        try:
            cls.oms = oms.start()
        except lab.Missing as missing:
            raise unittest.SkipTest(str(missing)) from missing
        cls.addClassCleanup(cls.oms.stop)

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="migdoctor-services-")
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def tearDown(self):
        self.oms.reset()

    def gather(self, *words, seconds=10, env=None, profile=None, **changes):
        """The facts that a check leaves; its report is self.done."""
        file = self.folder / "facts.json"
        plan = self.oms.plan(**({"profile": str(profile)} if profile else {}), **changes)
        self.done = migdoctor("check", plan, "--json", "--save-facts", file, "--timeout",
                              f"{seconds}s", *words, env=self.oms.env if env is None else env)
        self.assertIn(self.done.status, (0, 1, 2), self.done.err)
        text = file.read_text(encoding="ascii")
        for secret in self.oms.secrets:
            self.assertNotIn(secret, text + self.done.out + self.done.err)
        return Facts(text)

    def assert_failed(self, facts, endpoint, group, failure, words=""):
        status = facts.group(endpoint, group)
        self.assertEqual((status["state"], status.get("failure")), ("failed", failure), status)
        self.assertIn(words, status["text"])
        return status

    # --- healthy

    def test_healthy(self):
        facts = self.gather()
        for endpoint in ("metadb", "cm", "console", "supervisor", "supervisord"):
            for name, status in facts.endpoints[endpoint]["groups"].items():
                self.assertNotEqual(status["state"], "failed", (endpoint, name, status))
        self.assertEqual(facts.rows("metadb", "hosts"), [
            {"ip": self.oms.host_ip, "host_status": "ONLINE", "resource_group_id": "1"}])
        [beat] = facts.rows("metadb", "heartbeats")
        self.assertEqual((beat["task_type"], beat["host_ip"]), ("supervisor", self.oms.host_ip))
        self.assertIn(int(beat["age"]), range(0, 30))
        self.assertEqual(facts.value("metadb", "ha_down_seconds"), "540")
        # The server's clock is ours; a second is much for a way of some microseconds.
        self.assertLess(abs(int(facts.value("metadb", "ahead_ms"))), 1000)
        self.assertEqual(facts.value("metadb", "zone_seconds"), "0")
        self.assertEqual(facts.value("cm", "cm_status"), "200")
        [store] = facts.rows("cm", "stores")
        self.assertEqual((store["name"], store["http"], store["success"], store["active"],
                          store["status"]), (self.oms.store_name, "200", "true", "true", "0"))
        self.assertLess(int(store["begin"]), int(store["end"]))
        self.assertEqual(facts.rows("cm", "cm_errors"), [])
        self.assertEqual(facts.value("console", "healthy"), "true")
        self.assertEqual([project["id"] for project in facts.rows("console", "projects")],
                         [self.oms.project_id])
        self.assertEqual(len(facts.rows("console", "steps")), 9)
        self.assertEqual([part["kind"] for part in facts.rows("console", "components")],
                         ["store", "incr_sync"])
        self.assertEqual(facts.value("supervisor", "agent_status"), "404")
        self.assertEqual({row["name"]: row["statename"]
                          for row in facts.rows("supervisord", "programs")},
                         self.oms.program_states())

    def test_nothing_is_written_and_health_needs_no_account(self):
        self.gather()
        self.assertEqual(self.oms.writes(), [])
        [health] = [request for request in self.oms.requests("console")
                    if request.path == "/oms/health"]
        self.assertIsNone(health.header("Authorization"))
        self.assertEqual([request.path for request in self.oms.requests("agent")], ["/"])

    def test_facts_that_few_rules_want(self):
        profile = self.folder / "more.yaml"
        profile.write_text(PROFILE, encoding="utf-8")
        facts = self.gather(profile=profile)
        self.assertEqual([row["project"] for row in facts.rows("console", "progress")],
                         [self.oms.project_id])
        [sequence] = facts.rows("metadb", "sequence")
        self.assertIn(int(sequence["age"]), range(0, 30))
        # What nobody wants is not asked for.
        self.assertEqual(facts.group("metadb", "hosts")["state"], "not-asked")
        self.assertEqual(facts.group("console", "steps")["state"], "not-asked")
        self.assertEqual([request.path for request in self.oms.requests("cm")], ["/"])

    def test_replay(self):
        self.gather()
        live = self.done.report["results"]
        again = migdoctor("check", "--json", "--facts", self.folder / "facts.json")
        self.assertEqual(again.report["results"], live)

    def test_dry_run_connects_to_nothing(self):
        self.oms.reset()
        done = migdoctor("check", self.oms.plan(), "--dry-run", env=self.oms.env)
        self.assertEqual(done.status, 0)
        for line in (f"GET {self.oms.cm_url}/\n", f"GET {self.oms.console_url}/oms/health\n",
                     f"POST {self.oms.console_url}/api/v2?Action=ListProjects "
                     '{"pageNumber":1,"pageSize":150}\n',
                     f"GET {self.oms.agent_url}/\n", "FROM `oms_cm`.`host`",
                     f"read {self.oms.root}/home/admin/conf/config.yaml\n"):
            self.assertIn(line, done.out)
        for secret in self.oms.secrets:
            self.assertNotIn(secret, done.out)
        self.assertEqual(sum((self.oms.requests(name) for name in ("cm", "console", "agent")), []),
                         [])

    # --- what config.yaml tells

    def test_all_is_learnt_from_config(self):
        facts = self.gather(cm=None, metadb=None, supervisor=None, console={
            "user": self.oms.user, "password_env": "OMS_CONSOLE_PASSWORD"})
        self.assertEqual(facts.endpoints["cm"]["address"], self.oms.cm_url)
        self.assertEqual(facts.endpoints["console"]["address"],
                         f"http://127.0.0.1:{self.oms.ports['console']}")
        self.assertEqual(len(facts.rows("metadb", "hosts")), 1)
        self.assertEqual(len(facts.rows("cm", "stores")), 1)
        self.assertEqual(facts.value("supervisor", "agent_status"), "404")

    def test_the_metadb_s_password_of_the_environment(self):
        facts = self.gather(metadb=None, env={**self.oms.env, "MIGDOCTOR_METADB_PASSWORD": "no"})
        self.assert_failed(facts, "metadb", "connect", "credentials", "Access denied")

    # --- MetaDB

    def test_wrong_password(self):
        facts = self.gather(env={**self.oms.env, "OMS_META_PASSWORD": "wrong"})
        self.assert_failed(facts, "metadb", "connect", "credentials", "Access denied")
        self.assertEqual(facts.group("metadb", "hosts")["state"], "not-asked")
        # The others are asked all the same.
        self.assertEqual(facts.value("cm", "cm_status"), "200")

    def test_missing_table(self):
        self.oms.sql(f"DROP TABLE {HEARTBEATS}")
        facts = self.gather()
        status = self.assert_failed(facts, "metadb", "heartbeats", "other", "doesn't exist")
        self.assertEqual((status["error"], status["sqlstate"]), (1146, "42S02"))
        self.assertNotIn("heartbeats", facts.endpoints["metadb"]["facts"])
        self.assertEqual(len(facts.rows("metadb", "hosts")), 1)

    def test_missing_database(self):
        self.oms.sql(f"DROP DATABASE {RM_DATABASE}")
        facts = self.gather()
        for group in ("clusters", "ha"):
            self.assertEqual(facts.group("metadb", group)["state"], "failed")
        self.assertEqual(len(facts.rows("metadb", "hosts")), 1)

    def test_missing_column(self):
        self.oms.sql(f"ALTER TABLE {CM_DATABASE}.host DROP COLUMN host_status;"
                     f"ALTER TABLE {HEARTBEATS} DROP COLUMN gmt_modified")
        self.oms.hold_heartbeat()
        facts = self.gather()
        self.assertEqual(facts.rows("metadb", "hosts"), [
            {"ip": self.oms.host_ip, "host_status": None, "resource_group_id": "1"}])
        [beat] = facts.rows("metadb", "heartbeats")
        self.assertEqual((beat["host_ip"], beat["gmt_modified"], beat["age"]),
                         (self.oms.host_ip, None, None))

    def test_no_privilege(self):
        self.oms.sql(f"REVOKE SELECT ON {CM_DATABASE}.* FROM '{self.oms.meta_user}'@'%';"
                     f"GRANT SELECT ON {CM_DATABASE}.resource_group TO '{self.oms.meta_user}'@'%'")
        facts = self.gather()
        status = self.assert_failed(facts, "metadb", "hosts", "privilege", "denied")
        self.assertEqual(status["error"], 1142)
        self.assertEqual(len(facts.rows("metadb", "resource_groups")), 1)

    def test_no_database_is_named(self):
        metadb = {"host": "127.0.0.1", "port": self.oms.metadb.port, "user": self.oms.meta_user,
                  "password_env": "OMS_META_PASSWORD"}
        facts = self.gather(config=None, root=None, cm_properties=None, metadb=metadb)
        self.assert_failed(facts, "metadb", "hosts", "other", "add `cm_db:` to `metadb:`")
        self.assert_failed(facts, "metadb", "heartbeats", "other", "`drc_cm_heartbeat_db:`")
        self.assertEqual(facts.group("metadb", "clock")["state"], "gathered")

    def test_a_database_of_a_strange_name(self):
        name = "o'm`s \"x; --"
        quoted = "`" + name.replace("`", "``") + "`"
        self.oms.sql(f"CREATE DATABASE {quoted};"
                     f"CREATE TABLE {quoted}.host AS SELECT * FROM {CM_DATABASE}.host;"
                     f"GRANT SELECT ON {quoted}.* TO '{self.oms.meta_user}'@'%'")
        self.addCleanup(self.oms.sql, f"DROP DATABASE IF EXISTS {quoted}")
        metadb = {**self.oms.plan_values()["metadb"], "cm_db": name}
        facts = self.gather(metadb=metadb)
        self.assertEqual(len(facts.rows("metadb", "hosts")), 1)

    def test_more_rows_than_travel(self):
        rows = ",".join(f"('10.1.{number // 250}.{number % 250}', 'ONLINE', 1)"
                        for number in range(1200))
        self.oms.sql(f"INSERT INTO {CM_DATABASE}.host VALUES {rows}")
        facts = self.gather()
        hosts = facts.fact("metadb", "hosts")
        self.assertEqual((len(hosts["rows"]), hosts["total"]), (1000, 1201))

    def test_ha_config(self):
        for value, want in (("{", {"name": "ha.config", "text": "{"}),
                            ('{"enable":true}', None),
                            ('{"checkHostDownIntervalSec":"60"}',
                             {"name": "checkHostDownIntervalSec", "text": "60"}),
                            ('{"checkHostDownIntervalSec":{"a":1}}',
                             {"name": "checkHostDownIntervalSec", "text": '{"a":1}'})):
            with self.subTest(value):
                self.oms.sql(f"UPDATE {RM_DATABASE}.oms_normal_config SET cfg_value = '{value}'")
                facts = self.gather()
                self.assertEqual(facts.value("metadb", "ha_config"), value)
                self.assertEqual(facts.fact("metadb", "ha_down_seconds"), want)
        self.oms.sql(f"DELETE FROM {RM_DATABASE}.oms_normal_config")
        facts = self.gather()
        self.assertIsNone(facts.fact("metadb", "ha_config"))
        self.assertIsNone(facts.fact("metadb", "ha_down_seconds"))

    def test_the_metadb_s_time_zone(self):
        self.oms.sql("SET GLOBAL time_zone = '+08:00'")
        self.addCleanup(self.oms.sql, "SET GLOBAL time_zone = 'SYSTEM'")
        facts = self.gather()
        self.assertEqual(facts.value("metadb", "zone_seconds"), "28800")
        self.assertLess(abs(int(facts.value("metadb", "ahead_ms"))), 1000)

    def test_a_silent_metadb(self):
        self.oms.misbehave("metadb", "hang")
        began = time.monotonic()
        facts = self.gather(seconds=2)
        self.assertLess(time.monotonic() - began, 20)
        self.assert_failed(facts, "metadb", "connect", "timeout")
        self.assertEqual(facts.value("cm", "cm_status"), "200")

    # --- HTTP services that are not there, silent, or lie

    ENDPOINTS = {"cm": ("cm", "root"), "console": ("console", "health"),
                 "agent": ("supervisor", "agent")}

    def test_nobody_listens(self):
        for service, (endpoint, group) in self.ENDPOINTS.items():
            with self.subTest(service):
                self.oms.misbehave(service, "down")
                facts = self.gather()
                self.assert_failed(facts, endpoint, "connect", "refused", "Connection refused")
                self.assertEqual(facts.group(endpoint, group)["state"], "not-asked")
                self.oms.behave(service)

    def test_connections_that_break(self):
        for kind, failures in (("hang", ("timeout",)), ("drip", ("timeout", "protocol", "lost")),
                               ("cut", ("lost",)), ("reset", ("lost",)), ("half", ("lost",)),
                               ("garbage", ("protocol",)), ("huge", ("too-large",)),
                               ("endless", ("too-large",)), ("endless_head", ("too-large",))):
            for service, (endpoint, _group) in self.ENDPOINTS.items():
                with self.subTest(kind=kind, service=service):
                    self.oms.misbehave(service, kind)
                    facts = self.gather(seconds=2)
                    status = facts.group(endpoint, "connect")
                    self.assertEqual(status["state"], "failed")
                    self.assertIn(status["failure"], failures, status)
                    self.oms.behave(service)

    def test_answers_that_are_none(self):
        """Any HTTP answer is life; what it says is not believed."""
        for kind in ("500", "html", "not_json", "empty", "deep", "types", "types_top",
                     "is_success_false"):
            with self.subTest(kind):
                for service in self.ENDPOINTS:
                    # What the others answer to GET / has no types to be wrong.
                    if service == "console" or not kind.startswith("types"):
                        self.oms.misbehave(service, kind)
                facts = self.gather()
                for endpoint, group in self.ENDPOINTS.values():
                    status = facts.group(endpoint, "connect")
                    self.assertEqual(status["state"], "gathered", (endpoint, status))
                    self.assertEqual(facts.group(endpoint, group)["state"], "gathered")
                self.assertEqual(facts.value("cm", "cm_status"), "500" if kind == "500" else "200")
                self.assertNotEqual(facts.endpoints["console"]["facts"].get("healthy"),
                                    {"name": "data.healthy", "text": "true"})
                for group in ("projects", "steps", "components"):
                    self.assertEqual(facts.group("console", group)["state"], "failed")
                    self.assertNotIn(group, facts.endpoints["console"]["facts"])
                for service in self.ENDPOINTS:
                    self.oms.behave(service)

    def test_a_redirect_is_not_followed(self):
        for service in self.ENDPOINTS:
            self.oms.misbehave(service, "redirect")
        facts = self.gather()
        self.assertEqual(facts.value("cm", "cm_status"), "302")
        self.assertEqual(self.oms.followed, [])

    # --- CM

    def test_a_store_that_lies(self):
        for kind in ("500", "html", "not_json", "types", "types_top", "deep"):
            with self.subTest(kind):
                self.oms.misbehave("cm", kind, match="/crawler/detail")
                facts = self.gather()
                [store] = facts.rows("cm", "stores")
                self.assertEqual(store["name"], self.oms.store_name)
                self.assertEqual(store["http"], "500" if kind == "500" else "200")
                self.assertIsNone(store["begin"])
                self.oms.behave("cm")

    def test_cm_breaks_off(self):
        self.oms.misbehave("cm", "half", match="/crawler/detail")
        facts = self.gather()
        status = self.assert_failed(facts, "cm", "stores", "lost")
        self.assertIn(self.oms.store_name, status["statement"])
        self.assertEqual(facts.value("cm", "cm_status"), "200")
        self.assertNotIn("stores", facts.endpoints["cm"]["facts"])

    def test_stores_that_the_plan_names(self):
        names = [self.oms.store_name, "no such&crawler=x", "中"]
        facts = self.gather(stores=names)
        self.assertEqual([row["name"] for row in facts.rows("cm", "stores")], names)
        asked = [request.query.get("crawler") for request in self.oms.requests("cm")
                 if request.path == "/crawler/detail"]
        self.assertEqual(asked, names)
        errors = facts.rows("cm", "cm_errors")
        self.assertEqual(len(errors), 2)
        self.assertIn("no such crawler", errors[0]["message"])
        self.assertIn("/crawler/detail?filters=&crawler=no%20such%26crawler%3Dx",
                      errors[0]["request"])

    def test_more_stores_than_are_asked(self):
        names = [f"10.0.0.3-7100:p_source-000-0:{number:010d}" for number in range(130)]
        facts = self.gather(stores=names)
        stores = facts.fact("cm", "stores")
        self.assertEqual((len(stores["rows"]), stores["total"]), (100, 130))

    def test_cm_s_own_words(self):
        self.oms.misbehave("cm", "is_success_false", match="/crawler/detail",
                           errCode="CM-RESONF000003", errMsg="no enough host resource")
        facts = self.gather()
        [error] = facts.rows("cm", "cm_errors")
        self.assertEqual((error["code"], error["message"]),
                         ("CM-RESONF000003", "no enough host resource"))

    def test_stores_that_nobody_tells_of(self):
        facts = self.gather(console=self.oms.console_url)
        self.assert_failed(facts, "cm", "stores", "other", "name them in the plan")
        self.oms.set_projects([])
        facts = self.gather()
        self.assertEqual(facts.fact("cm", "stores")["rows"], [])

    # --- console

    def test_no_account_for_the_console(self):
        facts = self.gather(console=self.oms.console_url)
        self.assertEqual(facts.value("console", "healthy"), "true")
        for group in ("projects", "steps", "components"):
            self.assert_failed(facts, "console", group, "credentials", "no user for the console")
        self.assertEqual([request.path for request in self.oms.requests("console")],
                         ["/oms/health"])

    def test_a_wrong_console_password(self):
        facts = self.gather(env={**self.oms.env, "OMS_CONSOLE_PASSWORD": "wrong"})
        self.assertEqual(facts.value("console", "healthy"), "true")
        self.assert_failed(facts, "console", "projects", "credentials", "HTTP 401")
        self.assert_failed(facts, "console", "steps", "credentials", "HTTP 401")

    def test_as_the_samples_are_printed(self):
        self.oms.console(as_printed=True)
        facts = self.gather()
        self.assertEqual(len(facts.rows("console", "projects")), 1)
        self.assertEqual(len(facts.rows("console", "steps")), 9)

    def test_pages_of_projects(self):
        self.oms.set_projects([oms_console.project(f"np_{number}", status="FINISHED", steps=[])
                               for number in range(340)])
        facts = self.gather()
        self.assertEqual(facts.fact("console", "projects")["total"], 340)
        self.assertEqual(len({row["id"] for row in facts.rows("console", "projects")}), 340)
        asked = [request.query.get("Action") for request in self.oms.requests("console")]
        self.assertEqual(asked.count("ListProjects"), 3)
        # Those that are done are not looked into.
        self.assertEqual(asked.count("DescribeProjectSteps"), 0)

    def test_failed_projects_are_looked_into_first(self):
        self.oms.set_projects(
            [oms_console.project(f"np_{number}") for number in range(60)]
            + [oms_console.project("np_bad", status="FAILED",
                                   steps=oms_console.migration_steps(
                                       "FULL_TRANSFER", "CM-SCHEAT000001", "it failed"))])
        facts = self.gather()
        steps = facts.rows("console", "steps")
        self.assertEqual(steps[0]["project"], "np_bad")
        self.assertEqual([(row["code"], row["message"]) for row in steps if row["code"]],
                         [("CM-SCHEAT000001", "it failed")])
        self.assertEqual(len({row["project"] for row in steps}), 50)
        # Each of the eleven others has steps, too.
        self.assertEqual(facts.fact("console", "steps")["total"], len(steps) + 11)

    def test_projects_that_the_plan_names(self):
        self.oms.set_projects([oms_console.project(f"np_{number}", status="FINISHED")
                               for number in range(4)])
        facts = self.gather(projects=["np_2"])
        self.assertEqual([row["id"] for row in facts.rows("console", "projects")], ["np_2"])
        self.assertEqual({row["project"] for row in facts.rows("console", "steps")}, {"np_2"})
        self.assertNotIn("ListProjects", [request.query.get("Action")
                                          for request in self.oms.requests("console")])
        facts = self.gather(projects=["np_9"])
        self.assert_failed(facts, "console", "projects", "other", "no such project")

    def test_a_project_that_breaks_off(self):
        self.oms.misbehave("console", "half", match="DescribeProjectSteps")
        facts = self.gather()
        self.assert_failed(facts, "console", "steps", "lost")
        self.assertEqual(len(facts.rows("console", "components")), 2)

    # --- the command

    def test_cm_of_the_command_line(self):
        file = self.folder / "facts.json"
        done = migdoctor("check", "--profile", "oms-health", "--cm", self.oms.cm_url,
                         "--save-facts", file, "--json")
        self.assertIn(done.status, (0, 1, 2), done.err)
        self.assertEqual(Facts(file.read_text(encoding="ascii")).value("cm", "cm_status"), "200")
        done = migdoctor("check", "--profile", "oms-health", "--cm", "http://u:p@h")
        self.assertEqual(done.status, 64)
        self.assertRegex(done.err, re.compile("--cm holds a user or a password"))
        done = migdoctor("check", "--facts", file, "--cm", self.oms.cm_url)
        self.assertEqual((done.status, "leave --cm away" in done.err), (64, True))
        done = migdoctor("check", "--profile", "oms-health")
        self.assertEqual(done.status, 64)
        self.assertIn("nothing to ask", done.err)


if __name__ == "__main__":
    unittest.main()
