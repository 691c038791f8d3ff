"""Breaks Stores and projects of a running OMS, and sees the rules about them say so."""

import unittest

import oms
import oms_console
from oms_console import ago
from tool import migdoctor

ABOUT = ("oms.cm-view", "oms.store-active", "oms.store-covers", "oms.cm-error",
         "oms.project-failed", "oms.checker-failed", "oms.structure-failed", "oms.store-start",
         "oms.checker-start", "oms.connector-start", "oms.operation-all", "oms.operation-part",
         "oms.project-inconsistent", "oms.lag-store", "oms.lag-connector")


class Projects(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.oms = oms.start()
        cls.addClassCleanup(cls.oms.stop)

    def tearDown(self):
        self.oms.reset()

    def check(self, **changes):
        only = [word for rule in ABOUT for word in ("--only", rule)]
        changes.setdefault("root", None)
        return migdoctor("check", self.oms.plan(**changes), "--json", *only, env=self.oms.env)

    def project(self, **changes):
        store = oms_console.store(self.oms.store_name, **changes.pop("store", {}))
        sync = oms_console.incr_sync(self.oms.connector_name, subtopics=self.oms.subtopic,
                                     **changes.pop("sync", {}))
        self.oms.set_projects([oms_console.project(
            self.oms.project_id, **{"stores": [store], "incr_syncs": [sync], **changes})])

    def test_healthy(self):
        statuses = self.check().statuses()
        self.assertEqual(statuses, dict.fromkeys(ABOUT, "pass"))

    def test_stopped_store(self):
        self.oms.add_store(self.oms.store_name, status=1, errMsg="DRC_500: exited")
        done = self.check()
        self.assertEqual(done.failing(), {"oms.store-active"})
        result = done.result("oms.store-active")
        self.assertEqual(result["code"], "oms:CM-RESOIE000202")
        self.assertEqual(result["objects"], [self.oms.subtopic])
        self.assertIn("DRC_500: exited", result["evidence"][0]["actual"])
        self.oms.add_store(self.oms.store_name)
        self.assertEqual(self.check().failing(), set())

    def test_old_view_of_cm(self):
        self.oms.add_store(self.oms.store_name, active=False)
        done = self.check()
        self.assertEqual(done.failing(), {"oms.cm-view"})
        for rule in ("oms.store-active", "oms.store-covers"):
            self.assertEqual(done.result(rule)["status"], "unknown")
            self.assertEqual(done.result(rule)["blocked_by"], "oms.cm-view")

    def test_store_that_begins_too_late(self):
        self.oms.add_store(self.oms.store_name, begin=ago(600), end=ago(1))
        self.project(sync={"checkpoint": ago(7200), "delay": 7200})
        done = self.check()
        self.assertEqual(done.result("oms.store-covers")["code"], "oms:CM-RESOIE000201")
        self.assertEqual(done.failing(), {"oms.store-covers", "oms.lag-connector"})

    def test_no_store(self):
        self.oms.remove_store(self.oms.store_name)
        self.project(stores=[])
        self.assertEqual(self.check().failing(), {"oms.store-active"})

    def test_failed_project(self):
        self.project(status="FAILED", incr_syncs=[], steps=oms_console.migration_steps(
            failed="FULL_TRANSFER", code="CONNECTOR-SIMS00000000", message="lost"))
        done = self.check()
        self.assertEqual(done.failing(), {"oms.project-failed"})
        self.assertEqual(done.result("oms.project-failed")["code"], "oms:CONNECTOR-SIMS00000000")

    def test_code_of_a_rule(self):
        for code, step, rule in (("GHANA-MIGRAT000201", "STRUCT_TRANSFER", "oms.structure-failed"),
                                 ("CM-SCHEOR000203", "TRANSFER_INCR_LOG_PULL", "oms.store-start"),
                                 ("CM-SCHEAT000102", "INCR_TRANSFER", "oms.connector-start")):
            with self.subTest(code):
                self.project(status="FAILED", incr_syncs=[], steps=oms_console.migration_steps(
                    failed=step, code=code, message="why"))
                done = self.check()
                self.assertEqual(done.failing(), {"oms.project-failed", rule})
                self.assertEqual(done.result(rule)["code"], "oms:" + code)

    def test_exited_component(self):
        self.project(sync={"status": "UNEXPECTED_EXIT"})
        done = self.check()
        self.assertEqual(done.failing(), {"oms.project-failed", "oms.connector-start"})
        self.assertIn(f"/home/ds/run/{self.oms.connector_name}/logs/error.log",
                      done.result("oms.connector-start")["evidence"][0]["actual"])

    def test_stopped_project_in_which_data_flows(self):
        self.project(status="SUSPEND")
        self.assertEqual(self.check().failing(), {"oms.project-inconsistent"})

    def test_delays(self):
        self.project(store={"delay": 400}, sync={"delay": 400})
        done = self.check()
        self.assertEqual(done.failing(), {"oms.lag-store"})
        self.assertIn("MEDIUM (300 s)", done.result("oms.lag-store")["evidence"][0]["actual"])
        self.project(sync={"delay": 100})
        self.assertEqual(self.check().failing(), {"oms.lag-connector"})

    def test_what_cannot_be_asked(self):
        self.oms.misbehave("console", "not_json", match="Components")
        statuses = self.check().statuses()
        self.assertEqual(statuses["oms.lag-store"], "unknown")
        self.assertEqual(statuses["oms.structure-failed"], "pass")


if __name__ == "__main__":
    unittest.main()
