"""`migdoctor explain` as a person and a program meet it."""

import json
import sys
import tempfile
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parents[0] / "lab")]

import test_schema  # noqa: E402 (found beside this file)
from tool import migdoctor  # noqa: E402


def ids(*words, **more):
    """The ids of the matches of each input; guesses have a mark."""
    outcome = migdoctor("explain", "--json", *words, **more)
    report = json.loads(outcome.out)
    return [[match["id"] + ("?" if match.get("guess") else "") for match in entry["matches"]]
            for entry in report["inputs"]], outcome.status


class Explain(unittest.TestCase):
    maxDiff = None

    def first(self, *words):
        found, status = ids(*words)
        self.assertEqual(status, 0, words)
        return found[0][0]

    def test_the_forms_that_people_type(self):
        for words, code in (
                (("1146",), "mysql:1146"), (("MY-001146",), "mysql:1146"), (("my-1146",), "mysql:1146"),
                (("er_no_such_table",), "mysql:1146"), (("ERROR 1146 (42S02)",), "mysql:1146"),
                (("-5024",), "ob:-5024"), (("ob", "5024"), "ob:-5024"), (("OB_ERR_PRIMARY_KEY_DUPLICATE",), "ob:-5024"),
                (("ora", "600", "-a", "5858"), "ob:-5858"), (("ora", "600", "-a=5858"), "ob:-5858"),
                (("dts", "-254"), "dts:-254"), (("DTS-254",), "dts:-254"), (("2001041",), "dts:2001041"),
                (("cm-resonf000001",), "oms:CM-RESONF000001"), (("errcode=-4012",), "ob:-4012"),
                (('(1045, "Access denied for user \'a\'@\'b\' (using password: YES)")',), "mysql:1045"),
                (("Last_SQL_Errno: 1062",), "mysql:1062"), (("2002",), "mysql:2002"),
                (("CR_SERVER_LOST",), "mysql:2013"), (("oms_host_down",), "alert:oms_host_down"),
                (("Can't connect to local MySQL server through socket '/tmp/s' (2)",), "mysql:2002")):
            with self.subTest(words=words):
                self.assertEqual(self.first(*words), code)

    def test_several_inputs_are_answered_each(self):
        found, status = ids("1146", "ora", "51", "no-such-thing-at-all")
        self.assertEqual(len(found), 3)
        self.assertEqual(status, 1)
        self.assertEqual(found[0][0], "mysql:1146")

    def test_rules_that_raise_a_code_are_named(self):
        report = json.loads(migdoctor("explain", "--json", "dts", "-262").out)
        self.assertEqual(report["inputs"][0]["matches"][0]["rules"], ["tencent-dts/source.binlog-format"])

    def test_inputs_are_echoed_unchanged(self):
        words = ["ERROR 1146 (42S02)", "  -4012 ", "\u9519\u8bef"]
        report = json.loads(migdoctor("explain", "--json", *words).out)
        self.assertEqual([entry["input"] for entry in report["inputs"]], words)

    def test_output_follows_the_schema(self):
        words = ("1146", "-5024", "ora", "942", "99999", "42S02", "13", "no such thing", "4025")
        outcome = migdoctor("explain", "--json", *words)
        validator = test_schema.Validator(test_schema.schema_of("explain"))
        self.assertEqual(list(validator.faults(json.loads(outcome.out))), [])

    def test_both_languages(self):
        english = migdoctor("explain", "1146", "--lang", "en").out
        chinese = migdoctor("explain", "1146", "--lang", "zh").out
        self.assertIn("cause", english)
        self.assertIn("\u539f\u56e0", chinese)

    def test_standard_input_is_a_line_an_input(self):
        found, status = ids("-", stdin="ERROR 1146 (42S02)\n\nret=-4012\r\n")
        self.assertEqual([entry[0] for entry in found], ["mysql:1146", "ob:-4012"])
        self.assertEqual(status, 0)

    def test_family(self):
        found, _ = ids("4025", "--family", "ob")
        self.assertEqual(found, [["ob:-4025"]])

    def test_search(self):
        found, status = ids("--search", "lock wait timeout")
        self.assertEqual(status, 0)
        self.assertIn("mysql:1205", found[0][:5])
        self.assertEqual(migdoctor("explain", "--search", "zzzzqqqq").status, 1)

    def test_a_catalog_of_the_site(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "site.yaml"
            path.write_text('family: site\nshown: "SITE {code}"\nsource: our own\ncodes:\n'
                            '  - code: APP-0007\n    title: {en: The queue is full, zh: q}\n'
                            '    cause: {en: c, zh: c}\n    fix: {en: f, zh: f}\n', encoding="utf-8")
            found, status = ids("--catalog", path, "2026-01-01 app-0007: no room")
            self.assertEqual(found, [["site:APP-0007"]])
            self.assertEqual(status, 0)
            path.write_text("family: site\n", encoding="utf-8")
            self.assertEqual(migdoctor("explain", "--catalog", path, "x").status, 78)

    def test_hostile_input(self):
        for words in (("",), ("\x1b[31m",), ("%s%n",), ("a" * 100000,), ("\udcff\udcfe",)):
            with self.subTest(words=words[0][:20]):
                outcome = migdoctor("explain", *words)
                self.assertEqual(outcome.status, 1)
                self.assertNotIn("\x1b", outcome.out)
        self.assertEqual(migdoctor("explain", *["1146"] * 10000).status, 0)
        line = "x 127.0.0.1:3306 took 12345 ms; " * 330000 + "ERROR 1146 (42S02): no table\n"
        outcome = migdoctor("explain", "--json", "-", stdin=line, seconds=120)
        self.assertEqual(json.loads(outcome.out)["inputs"][0]["matches"][0]["id"], "mysql:1146")

    def test_bad_command_lines(self):
        for words, part in (((), "explain what"), (("--search",), "argument"), (("-",), "empty"),
                            (("--color", "red", "1"), "auto"), (("--sarch", "x"), "--search")):
            with self.subTest(words=words):
                outcome = migdoctor("explain", *words, stdin="")
                self.assertEqual(outcome.status, 64)
                self.assertEqual(outcome.err.count("\n"), 1)
                self.assertIn(part, outcome.err)


if __name__ == "__main__":
    unittest.main()
