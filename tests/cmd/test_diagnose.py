"""`migdoctor diagnose` as a person and a program meet it, on facts of an OMS made by hand."""

import fcntl
import json
import os
import re
import struct
import subprocess
import sys
import tempfile
import termios
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parents[0] / "lab")]

import oms_facts  # noqa: E402 (found beside this file)
import test_schema  # noqa: E402
from tool import BINARY, migdoctor  # noqa: E402

GOLDEN = HERE.parents[0] / "golden"
LINE = ("INNER_ERROR[CM-RESONF000003]: no enough host resource for a CHECKER, reason [host: 10.0.0.3 unavailable "
        "cause: current memory usage 0.8573829 exceed limited 0.85]")
OTHER_NODE = "10.0.0.4"


def add_node(facts, ip=OTHER_NODE):
    oms_facts.add(facts, "metadb", "hosts", ip, "ONLINE", "1")
    oms_facts.add(facts, "metadb", "heartbeats", "supervisor", ip, "2022-07-01 09:00:00", "2022-08-01 10:13:16", "4")
    oms_facts.add(facts, "host", "config", "cm_nodes", ip, "14")


def stop_supervisor(facts):
    oms_facts.change(facts, "supervisord", "programs", {"name": "oms_drc_supervisor"}, state="100",
                     statename="EXITED", description="Aug 01 01:58 AM")
    oms_facts.change(facts, "metadb", "heartbeats", {"host_ip": oms_facts.NODE}, age="900")


class Case(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.facts = oms_facts.healthy()

    def run_on(self, *words, **more):
        path = oms_facts.save(self.facts, self.folder.name)
        return migdoctor("diagnose", *words, "--facts", path, **more)

    def ask(self, *words, **more):
        """The JSON of an answer, which follows its schema, and the exit status, which says the same."""
        outcome = self.run_on(*words, "--json", **more)
        self.assertEqual(outcome.err, "")
        answer = json.loads(outcome.out, object_pairs_hook=test_schema.ordered)
        schema = test_schema.schema_of("diagnose")
        self.assertEqual(list(test_schema.Validator(schema).faults(answer)), [])
        self.assertEqual(list(test_schema.key_order_faults(answer, schema, schema)), [])
        self.assertEqual({"ruled-out": 0, "confirmed": 1, "not-known": 2}[answer["verdict"]], outcome.status)
        return answer

    def causes(self, *words, **more):
        """The verdict of each cause by rule, and by rule and node where it has one."""
        return {cause["rule"] + (f"@{cause['node']}" if cause["node"] else ""): cause
                for cause in self.ask(*words, **more)["causes"]}

    def verdicts(self, *words, **more):
        return {rule: cause["verdict"] for rule, cause in self.causes(*words, **more).items()}


class Verdicts(Case):
    RESONF1 = {"oms.metadb", "oms.programs-running", "oms.host-ip-env", "oms.host-registered", "oms.host-online",
               "oms.heartbeat-fresh", "oms.clock"}

    def test_a_healthy_oms_has_no_cause(self):
        verdicts = self.verdicts("CM-RESONF000001")
        self.assertLessEqual(self.RESONF1, set(verdicts))
        self.assertEqual(set(verdicts.values()), {"ruled-out"})

    def test_one_thing_broken_is_found_alone(self):
        breakages = {
            "oms.clock": lambda f: f["endpoints"]["metadb"]["facts"].update(
                ahead_ms=oms_facts.value("ahead_ms", "600000")),
            "oms.host-online": lambda f: oms_facts.change(f, "metadb", "hosts", {}, host_status="Down"),
            "oms.heartbeat-fresh": lambda f: oms_facts.change(f, "metadb", "heartbeats", {}, age="900"),
            "oms.programs-running": lambda f: oms_facts.change(
                f, "supervisord", "programs", {"name": "oms_console"}, state="0", statename="STOPPED"),
        }
        for rule, break_it in breakages.items():
            with self.subTest(rule):
                self.facts = oms_facts.healthy()
                break_it(self.facts)
                verdicts = self.verdicts("CM-RESONF000001")
                self.assertEqual([name for name, is_ in verdicts.items() if is_ == "confirmed"], [rule])
                self.assertLessEqual(self.RESONF1, set(verdicts))

    def test_consequences_stand_under_their_cause(self):
        stop_supervisor(self.facts)
        answer = self.ask("oms_host_down")
        self.assertEqual(answer["codes"], ["alert:oms_host_down"])
        confirmed = [(cause["rule"], cause["consequence_of"]) for cause in answer["causes"]
                     if cause["verdict"] == "confirmed"]
        self.assertEqual(confirmed, [("oms.programs-running", None),
                                     ("oms.heartbeat-fresh", "oms.programs-running")])

    def test_another_program_brings_no_old_heartbeat_about(self):
        oms_facts.change(self.facts, "supervisord", "programs", {"name": "sshd"}, state="0", statename="STOPPED")
        oms_facts.change(self.facts, "supervisord", "programs", {"name": "oms_console"}, state="0",
                         statename="STOPPED")
        oms_facts.change(self.facts, "metadb", "heartbeats", {}, age="900")
        causes = self.causes("CM-RESONF000001")
        self.assertEqual(causes["oms.heartbeat-fresh"]["verdict"], "confirmed")
        self.assertIsNone(causes["oms.heartbeat-fresh"]["consequence_of"])

    def test_what_an_unreachable_endpoint_hides_is_not_known(self):
        oms_facts.unreached(self.facts, "metadb")
        causes = self.causes("CM-RESONF000001")
        self.assertEqual(causes["oms.metadb"]["verdict"], "confirmed")
        self.assertEqual(causes["oms.clock"]["verdict"], "not-known")
        self.assertEqual(causes["oms.clock"]["blocked_by"], "oms.metadb")
        self.assertTrue(causes["oms.clock"]["reason"])

    def test_what_hides_is_no_cause_of_a_code_that_it_does_not_raise(self):
        oms_facts.unreached(self.facts, "metadb")
        causes = self.causes("CM-RESONF000002")
        self.assertFalse(causes["oms.metadb"]["asked"])
        self.assertEqual(causes["oms.initialised"]["verdict"], "not-known")

    def test_an_endpoint_that_was_not_named_is_not_known(self):
        del self.facts["endpoints"]["supervisord"]
        causes = self.causes("CM-RESOAT000012")
        self.assertEqual(causes["oms.programs-running"]["verdict"], "not-known")
        self.assertIn("oms", causes["oms.programs-running"]["reason"])

    def test_nodes_are_asked_about_each(self):
        add_node(self.facts)
        oms_facts.change(self.facts, "metadb", "heartbeats", {"host_ip": OTHER_NODE}, age="900")
        verdicts = self.verdicts("CM-RESONF000001")
        self.assertEqual(verdicts["oms.heartbeat-fresh@" + OTHER_NODE], "confirmed")
        self.assertEqual(verdicts["oms.heartbeat-fresh@" + oms_facts.NODE], "ruled-out")
        self.assertEqual(verdicts["oms.metadb"], "ruled-out")

    def test_the_figures_of_the_line_are_evidence(self):
        answer = self.ask(LINE)
        self.assertEqual(answer["input"], LINE)
        self.assertEqual(answer["said"], {"host": "10.0.0.3", "resource": "memory", "used": "0.8573829",
                                          "limit": "0.85"})
        confirmed = [cause for cause in answer["causes"] if cause["verdict"] == "confirmed"]
        self.assertEqual([cause["rule"] for cause in confirmed], ["oms.memory"])
        self.assertIn("0.8573829", confirmed[0]["evidence"][0]["actual"])
        # The code alone does not bring them along.
        self.assertNotIn("confirmed", self.verdicts("CM-RESONF000003").values())

    def test_an_answer_of_cm_may_be_printed_over_several_lines(self):
        body = json.dumps({"errCode": "CM-RESONF000003", "isSuccess": False,
                           "errMsg": LINE.split("reason ", 1)[1]}, indent=2)
        for words, more in ((("-",), {"stdin": body}), ((body,), {}), ((json.dumps(json.loads(body)),), {})):
            with self.subTest(words=words):
                answer = self.ask(*words, **more)
                self.assertEqual(answer["codes"], ["oms:CM-RESONF000003"])
                self.assertEqual(answer["said"]["used"], "0.8573829")
                self.assertEqual(answer["verdict"], "confirmed")

    def test_waivers(self):
        oms_facts.change(self.facts, "metadb", "heartbeats", {}, age="900")
        plan = Path(self.folder.name) / "plan.yaml"
        waiver = "  - {rule: %s, reason: known, owner: dba, expires: %s}\n"
        plan.write_text("waivers:\n" + waiver % ("oms.heartbeat-fresh", "2099-01-01")
                        + waiver % ("source.server-id", "2099-01-01"), encoding="utf-8")
        answer = self.ask("CM-RESONF000001", plan)
        # Accepted, and a cause all the same; what waives rules that were not judged is not stale.
        heartbeat = [cause for cause in answer["causes"] if cause["verdict"] == "confirmed"]
        self.assertEqual([cause["rule"] for cause in heartbeat], ["oms.heartbeat-fresh"])
        self.assertIn("dba", heartbeat[0]["reason"])
        self.assertTrue(heartbeat[0]["fix"])
        self.assertNotIn("notices", answer)
        plan.write_text("waivers:\n" + waiver % ("oms.heartbeat-fresh", "2020-01-01"), encoding="utf-8")
        self.assertIn("2020-01-01", self.ask("CM-RESONF000001", plan)["notices"][0])

    def test_only_the_profiles_that_are_named(self):
        outcome = self.run_on("CM-RESONF000001", "--profile", "tencent-dts")
        self.assertEqual(outcome.status, 2)
        self.assertIn("no rule can confirm", outcome.out)


class Inputs(Case):
    def test_the_forms_that_people_type(self):
        for words, codes in (
                (("cm-resonf000001",), ["oms:CM-RESONF000001"]), (("RESONF000001",), ["oms:CM-RESONF000001"]),
                (("oms:CM-RESONF000001",), ["oms:CM-RESONF000001"]),
                (("2022-08-01 10:00:00 ERROR CM-RESONF000001: No alive hosts in current region.",),
                 ["oms:CM-RESONF000001"]),
                (("OMS_HOST_DOWN",), ["alert:oms_host_down"]), (("MD-2103",), ["md:2103"]),
                (("CM-RESONF000001 and then CM-RESONF000003",), ["oms:CM-RESONF000001", "oms:CM-RESONF000003"])):
            with self.subTest(words=words):
                self.assertEqual(self.ask(*words)["codes"], codes)

    def test_a_facility_word_takes_its_number(self):
        for words in (("dts", "-262"), ("DTS-262",), ("dts", "-262", "no-such-plan.yaml")):
            outcome = self.run_on(*words, "--json")
            if "no-such-plan.yaml" in words:
                self.assertEqual(outcome.status, 78, outcome.err)
                self.assertIn("no-such-plan.yaml", outcome.err)
            else:
                self.assertEqual(json.loads(outcome.out)["codes"], ["dts:-262"])
                self.assertEqual(outcome.status, 2)

    def test_standard_input_is_lines(self):
        stdin = "nothing here\n2022 CM-RESONF000001 \x1b[31m\nalert oms_host_threshold\r\n"
        answer = self.ask("-", stdin=stdin)
        self.assertEqual(answer["codes"], ["oms:CM-RESONF000001", "alert:oms_host_threshold"])
        self.assertEqual(answer["input"], "2022 CM-RESONF000001 \x1b[31m\nalert oms_host_threshold")

    def test_nul_bytes_hide_nothing(self):
        self.assertEqual(self.ask("-", stdin="a\0b\0CM-RESONF000001\0")["codes"], ["oms:CM-RESONF000001"])

    def refused(self, *words, status=64, **more):
        outcome = migdoctor("diagnose", *words, **more)
        self.assertEqual(outcome.status, status, outcome.err)
        self.assertEqual(outcome.out, "")
        self.assertEqual(outcome.err.count("\n"), 1)
        self.assertNotIn("\x1b", outcome.err)
        return outcome.err

    def test_what_cannot_be_diagnosed_is_refused(self):
        self.assertIn("diagnose what?", self.refused())
        self.assertIn("did you mean CM-RESONF000001", self.refused("CM-RESONF00001"))
        self.assertIn("did you mean oms_host_down?", self.refused("oms_host_dwn"))
        self.assertIn("migdoctor explain", self.refused("such things happen"))
        self.assertIn("\\x1b", self.refused("\x1b[31mno code"))
        self.assertIn("empty", self.refused(" \n "))
        self.assertIn("empty", self.refused("-", stdin=""))
        self.assertIn("2 lines", self.refused("-", stdin="no\ncode\n"))
        self.assertIn("one too many", self.refused("CM-RESONF000001", "a.yaml", "b.yaml"))
        self.assertIn("a.yaml", self.refused("CM-RESONF000001", "a.yaml", status=78))
        self.assertIn("256 KiB", self.refused("-", stdin="x" * (256 * 1024 + 1)))
        self.assertIn("--format", self.refused("CM-RESONF000001", "--format", "xml"))
        self.assertIn("--timeout", self.refused("CM-RESONF000001", "--timeout", "soon"))

    @unittest.skipIf(os.path.exists("/home/admin/conf/config.yaml"), "an OMS lives here")
    def test_without_anything_to_ask_it_says_what_to_give(self):
        message = self.refused("CM-RESONF000001")
        self.assertIn("/home/admin/conf/config.yaml", message)
        self.assertIn("plan", message)

    def test_much_input_takes_no_long_time(self):
        line = "2022-08-01 10:00:00.000 INFO [main] c.a.o.Thing - store 10.0.0.3-7100 did 4711 things in 3 ms\n"
        stdin = line * (250 * 1024 // len(line)) + LINE + "\n"
        self.assertEqual(self.ask("-", stdin=stdin, seconds=120)["codes"], ["oms:CM-RESONF000003"])

    def test_a_code_without_a_rule_is_explained(self):
        outcome = self.run_on("ERROR 1146 (42S02)")
        self.assertEqual(outcome.status, 2)
        self.assertIn("no rule can confirm or rule out", outcome.out)
        self.assertIn("fix", outcome.out)
        answer = self.ask("MySQL 1146")
        self.assertEqual((answer["verdict"], answer["causes"]), ("not-known", []))
        self.assertIn("mysql:1146", answer["codes"])
        # It needs nobody to ask.
        self.assertEqual(migdoctor("diagnose", "1146").status, 2)

    def test_a_code_without_a_rule_beside_one_with(self):
        outcome = self.run_on("CM-RESONF000001 caused by ERROR 1146 (42S02)")
        self.assertEqual(outcome.status, 0)
        self.assertIn("`migdoctor explain MySQL 1146`", outcome.out)


class Text(Case):
    def golden(self, name, outcome):
        path = GOLDEN / name
        if os.environ.get("MIGDOCTOR_GOLDEN"):
            path.write_text(outcome.out, encoding="utf-8")
        self.assertEqual(outcome.out, path.read_text(encoding="utf-8"))

    def broken(self):
        """A cause with consequences, one by itself, one not known."""
        add_node(self.facts)
        stop_supervisor(self.facts)
        self.facts["endpoints"]["metadb"]["facts"]["ahead_ms"] = oms_facts.value("ahead_ms", "600000")
        del self.facts["endpoints"]["supervisor"]

    def test_golden(self):
        self.broken()
        for lang in ("en", "zh"):
            self.golden(f"diagnose.{lang}.txt", self.run_on("oms_host_down CM-RESONF000001", "--lang", lang))
            self.golden(f"diagnose-line.{lang}.txt", self.run_on(LINE, "--lang", lang))
        self.golden("diagnose.en.json", self.run_on("oms_host_down CM-RESONF000001", "--json"))
        self.facts = oms_facts.healthy()
        oms_facts.unreached(self.facts, "metadb")
        for lang in ("en", "zh"):
            self.golden(f"diagnose-hidden.{lang}.txt", self.run_on("CM-RESONF000002", "--lang", lang))

    def on_terminal(self, columns, *words):
        """What a terminal of so many columns is shown."""
        path = oms_facts.save(self.facts, self.folder.name)
        mine, theirs = os.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
        with subprocess.Popen([str(BINARY), "diagnose", *words, "--facts", str(path), "--color", "never"],
                              stdout=theirs, stdin=subprocess.DEVNULL) as process:
            os.close(theirs)
            shown = b""
            try:
                while piece := os.read(mine, 65536):
                    shown += piece
            except OSError:  # the terminal's other end was closed
                pass
            process.wait(60)
        os.close(mine)
        return shown.decode().replace("\r\n", "\n")

    def test_lines_fit_the_terminal(self):
        self.broken()
        for columns in (80, 60):
            shown = self.on_terminal(columns, "CM-RESONF000001", "--lang", "en")
            self.assertIn("CONFIRMED", shown)
            for line in shown.splitlines():
                # Commands are never broken, so that they can be copied.
                self.assertTrue(len(line) <= columns or re.fullmatch(r" *`[^`]*`\S*", line), line)

    def test_the_first_line_is_the_answer(self):
        self.assertTrue(self.run_on("CM-RESONF000001").out.startswith("CM-RESONF000001: no cause confirmed, "))
        oms_facts.change(self.facts, "metadb", "heartbeats", {}, age="900")
        first = self.run_on("CM-RESONF000001").out.splitlines()[0]
        self.assertRegex(first, r"^CM-RESONF000001: 1 cause confirmed, \d+ ruled out$")
        first = self.run_on("CM-RESONF000001", "--lang", "zh").out.splitlines()[0]
        self.assertRegex(first, "^CM-RESONF000001\uff1a\u5df2\u786e\u8ba4 1 \u9879\u539f\u56e0\uff0c")

    def test_colour_changes_no_word(self):
        self.broken()
        plain = self.run_on("CM-RESONF000001").out
        coloured = self.run_on("CM-RESONF000001", "--color", "always").out
        self.assertIn("\x1b[1;31m", coloured)
        self.assertEqual(re.sub(r"\x1b\[[0-9;]*m", "", coloured), plain)

    def test_hostile_texts_are_shown_safe(self):
        evil = "\x1b]0;x\x07\x1b[31mEXITED\nCONFIRMED\u202e"
        oms_facts.change(self.facts, "supervisord", "programs", {"name": "oms_drc_cm"}, state="100", statename=evil,
                         description=evil)
        oms_facts.unreached(self.facts, "console", text=evil)
        outcome = self.run_on("CM-RESONF000001 " + evil.replace("\n", " "))
        self.assertEqual(outcome.status, 1)
        for bad in ("\x1b", "\x07", "\u202e"):
            self.assertNotIn(bad, outcome.out)
        self.assertEqual(outcome.out.count("\nCONFIRMED"), 1)

    def test_output_goes_to_files_too(self):
        path = Path(self.folder.name) / "out.json"
        outcome = self.run_on("CM-RESONF000001", "--output", f"json={path}")
        self.assertTrue(outcome.out.startswith("CM-RESONF000001"))
        self.assertEqual(json.loads(path.read_text(encoding="utf-8"))["schema"], "migdoctor/diagnose/1")
        self.assertEqual(self.run_on("CM-RESONF000001", "--output", "/no/such/folder/x").status, 74)


class Bundle(Case):
    SECRETS = ("s3cr3t-Pa55", "t0k3n-value", "url-passw0rd")

    def bundle(self, *words):
        path = Path(self.folder.name) / "case.json"
        outcome = self.run_on(*words, "--bundle", path)
        self.assertIn(outcome.status, (0, 1, 2), outcome.err)
        return path.read_text(encoding="utf-8")

    def test_it_holds_what_a_case_needs(self):
        stop_supervisor(self.facts)
        oms_facts.add(self.facts, "host", "log_codes", "/home/admin/logs/cm/log/service.log",
                      "10:00 CM-RESONF000001 No alive hosts", "oms:CM-RESONF000001", "3")
        bundle = json.loads(self.bundle("CM-RESONF000001"), object_pairs_hook=test_schema.ordered)
        schema = test_schema.schema_of("bundle")
        self.assertEqual(list(test_schema.Validator(schema).faults(bundle)), [])
        self.assertEqual(list(test_schema.key_order_faults(bundle, schema, schema)), [])
        for part, name in (("diagnosis", "diagnose"), ("facts", "facts")):
            faults = test_schema.Validator(test_schema.schema_of(name)).faults(bundle[part])
            self.assertEqual(list(faults), [])
        self.assertEqual(bundle["diagnosis"]["verdict"], "confirmed")
        self.assertEqual([row["code"] for row in bundle["log_codes"]], ["oms:CM-RESONF000001"])
        self.assertEqual(bundle["logs"][0]["file"], "/home/admin/logs/supervisor/error.log")
        # The facts in it are judged as those that it was made of.
        self.facts = bundle["facts"]
        self.assertEqual(self.ask("CM-RESONF000001")["causes"], bundle["diagnosis"]["causes"])

    def test_no_secret_stands_in_it(self):
        password, token, url = self.SECRETS
        oms_facts.add(self.facts, "host", "log_codes", "/x.log",
                      f"CM-RESONF000001 jdbc password={password} token: {token} http://oms:{url}@10.0.0.3/",
                      "oms:CM-RESONF000001", "1")
        oms_facts.unreached(self.facts, "console", text=f"http://u:{url}@h refused")
        text = self.bundle(f"CM-RESONF000001 password={password}")
        for secret in self.SECRETS:
            self.assertNotIn(secret, text)
        self.assertIn("***", text)

    def test_the_plans_passwords_are_masked_wherever_they_stand(self):
        plan = Path(self.folder.name) / "plan.yaml"
        plan.write_text("oms:\n  metadb: {host: 127.0.0.1, port: 1, user: oms, password_env: META_PW}\n",
                        encoding="utf-8")
        path = Path(self.folder.name) / "case.json"
        outcome = migdoctor("diagnose", f"CM-RESONF000001 saw {self.SECRETS[0]} pass by", plan, "--bundle", path,
                            "--timeout", "20s", env={"META_PW": self.SECRETS[0]})
        self.assertIn(outcome.status, (1, 2), outcome.err)
        self.assertNotIn(self.SECRETS[0], path.read_text(encoding="utf-8"))

    def test_a_bundle_that_cannot_be_written_says_so(self):
        outcome = self.run_on("CM-RESONF000001", "--bundle", "/no/such/folder/case.json")
        self.assertEqual(outcome.status, 74)
        self.assertIn("/no/such/folder/case.json", outcome.err)


class Names(unittest.TestCase):
    def test_list_codes_names_the_rules_that_find_a_code(self):
        rows = {row["id"]: row for row in json.loads(migdoctor("list", "codes", "--json").out)}
        self.assertIn("oms-health/oms.clock", rows["oms:CM-RESONF000001"]["rules"])
        self.assertEqual(rows["mysql:1146"]["rules"], [])
        # By a glob of `also`.
        self.assertIn("oms-health/oms.project-failed", rows["oms:CONNECTOR-SIMS01001064"]["rules"])

    def test_explain_names_diagnose_where_a_rule_finds_the_code(self):
        self.assertIn("`migdoctor diagnose CM-RESONF000001`", migdoctor("explain", "CM-RESONF000001").out)
        self.assertIn("`migdoctor diagnose oms_host_down`", migdoctor("explain", "oms_host_down").out)
        self.assertNotIn("migdoctor diagnose", migdoctor("explain", "mysql", "1146").out)

    def test_dry_run_connects_to_nothing(self):
        with tempfile.TemporaryDirectory() as folder:
            plan = Path(folder) / "plan.yaml"
            plan.write_text("oms:\n  metadb: {host: 192.0.2.1, user: oms}\n", encoding="utf-8")
            outcome = migdoctor("diagnose", "CM-RESONF000001", plan, "--dry-run")
        self.assertEqual(outcome.status, 0, outcome.err)
        self.assertIn("192.0.2.1", outcome.out)

    def test_help(self):
        outcome = migdoctor("diagnose", "--help")
        self.assertEqual(outcome.status, 0)
        for option in ("--bundle", "--facts", "--timeout"):
            self.assertIn(option, outcome.out)


if __name__ == "__main__":
    unittest.main()
