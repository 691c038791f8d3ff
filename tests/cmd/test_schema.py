#!/usr/bin/env python3
"""The JSON that migdoctor writes is what cmd/schema says.

A validator of the keywords that the schemas use stands here, so that the test needs no package; a
keyword that it does not know fails the test instead of being passed over. It is itself tested: each
damaged document below must be refused.
"""

import copy
import glob
import json
import os
import re
import subprocess
import tempfile
import unittest

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PROGRAM = os.path.join(os.environ.get("MIGDOCTOR_BUILD", os.path.join(TOP, "build")), "migdoctor")

TYPES = {
    "object": lambda v: isinstance(v, dict),
    "array": lambda v: isinstance(v, list),
    "string": lambda v: isinstance(v, str),
    "integer": lambda v: isinstance(v, int) and not isinstance(v, bool),
    "boolean": lambda v: isinstance(v, bool),
    "null": lambda v: v is None,
}


def same(a, b):
    return type(a) is type(b) and a == b


class Validator:
    """Yields one sentence for each fault of a document."""

    SILENT = {"$schema", "$id", "title", "description", "$defs", "then", "else"}

    def __init__(self, schema):
        self.root = schema

    def faults(self, value, schema=None, at="$"):
        schema = self.root if schema is None else schema
        if schema is True:
            return
        if schema is False:
            yield f"{at}: must not be there"
            return
        for keyword, rule in schema.items():
            if keyword not in self.SILENT:
                method = "on_" + keyword.lstrip("$")
                yield from getattr(self, method)(value, rule, schema, at)

    def holds(self, value, schema, at):
        return not any(True for _ in self.faults(value, schema, at))

    def on_ref(self, value, rule, schema, at):
        found = self.root
        for key in rule.removeprefix("#/").split("/"):
            found = found[key]
        yield from self.faults(value, found, at)

    def on_type(self, value, rule, schema, at):
        names = rule if isinstance(rule, list) else [rule]
        if not any(TYPES[name](value) for name in names):
            yield f"{at}: is no {' or '.join(names)}"

    def on_const(self, value, rule, schema, at):
        if not same(value, rule):
            yield f"{at}: is not {rule!r}"

    def on_enum(self, value, rule, schema, at):
        if not any(same(value, word) for word in rule):
            yield f"{at}: {value!r} is none of {rule}"

    def on_required(self, value, rule, schema, at):
        if isinstance(value, dict):
            yield from (f"{at}: lacks {key}" for key in rule if key not in value)

    def on_properties(self, value, rule, schema, at):
        if isinstance(value, dict):
            for key, sub in rule.items():
                if key in value:
                    yield from self.faults(value[key], sub, f"{at}.{key}")

    def on_additionalProperties(self, value, rule, schema, at):
        if isinstance(value, dict):
            for key in value.keys() - schema.get("properties", {}).keys():
                yield from self.faults(value[key], rule, f"{at}.{key}")

    def on_items(self, value, rule, schema, at):
        if isinstance(value, list):
            for i, item in enumerate(value):
                yield from self.faults(item, rule, f"{at}[{i}]")

    def on_minItems(self, value, rule, schema, at):
        if isinstance(value, list) and len(value) < rule:
            yield f"{at}: has fewer than {rule} items"

    def on_maxProperties(self, value, rule, schema, at):
        if isinstance(value, dict) and len(value) > rule:
            yield f"{at}: has more than {rule} keys"

    def on_minimum(self, value, rule, schema, at):
        if TYPES["integer"](value) and value < rule:
            yield f"{at}: is less than {rule}"

    def on_maximum(self, value, rule, schema, at):
        if TYPES["integer"](value) and value > rule:
            yield f"{at}: is more than {rule}"

    def on_pattern(self, value, rule, schema, at):
        if isinstance(value, str) and not re.search(rule, value):
            yield f"{at}: {value!r} does not match {rule}"

    def on_anyOf(self, value, rule, schema, at):
        if not any(self.holds(value, sub, at) for sub in rule):
            yield f"{at}: fits none of the forms that it may have"

    def on_allOf(self, value, rule, schema, at):
        for sub in rule:
            yield from self.faults(value, sub, at)

    def on_if(self, value, rule, schema, at):
        branch = "then" if self.holds(value, rule, at) else "else"
        yield from self.faults(value, schema.get(branch, True), at)


def ordered(pairs):
    """Refuses a key given twice, which json.load would pass over."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError(f"a key stands twice in {[key for key, _ in pairs]}")
    return found


def read(path):
    with open(path, encoding="utf-8") as file:
        return json.loads(file.read().replace("@VERSION@", "0.0"), object_pairs_hook=ordered)


def schema_of(name):
    return read(os.path.join(TOP, "cmd", "schema", name + ".json"))


def key_order_faults(value, schema, root, at="$"):
    """Keys of objects with named properties stand in the schema's order."""
    while "$ref" in schema:
        schema = root["$defs"][schema["$ref"].rsplit("/", 1)[1]]
    if isinstance(value, dict) and "properties" in schema:
        wanted = [key for key in schema["properties"] if key in value]
        if list(value) != wanted:
            yield f"{at}: keys stand as {list(value)}, not as {wanted}"
        for key in wanted:
            yield from key_order_faults(value[key], schema["properties"][key], root, f"{at}.{key}")
    elif isinstance(value, list) and "items" in schema:
        for i, item in enumerate(value):
            yield from key_order_faults(item, schema["items"], root, f"{at}[{i}]")


class Schemas(unittest.TestCase):
    def expect_valid(self, document, name):
        schema = schema_of(name)
        self.assertEqual(list(Validator(schema).faults(document)), [])
        self.assertEqual(list(key_order_faults(document, schema, schema)), [])

    def test_golden_reports(self):
        paths = glob.glob(os.path.join(TOP, "tests", "golden", "*.json"))
        reports = [path for path in paths if read(path)["schema"] == "migdoctor/report/1"]
        self.assertGreaterEqual(len(reports), 7)
        for path in reports:
            with self.subTest(path):
                self.expect_valid(read(path), "report")

    def test_golden_facts(self):
        self.expect_valid(read(os.path.join(TOP, "tests", "golden", "facts.json")), "facts")

    def test_damaged_reports_are_refused(self):
        good = read(os.path.join(TOP, "tests", "golden", "every.en.json"))

        def damage(change):
            document = copy.deepcopy(good)
            change(document)
            return document

        changes = {
            "another schema": lambda d: d.update(schema="migdoctor/report/2"),
            "a key too many": lambda d: d.update(extra=1),
            "a key missing": lambda d: d["run"].pop("started"),
            "local time": lambda d: d["run"].update(started="2026-11-21 09:30:00"),
            "a count below zero": lambda d: d["summary"].update(fail=-1),
            "true for a number": lambda d: d["summary"].update(fail=True),
            "an unknown status": lambda d: d["results"][0].update(status="ok"),
            "a pass with a code": lambda d: d["results"][0].update(code="dts:-1"),
            "a failure without evidence": lambda d: d["results"][1].pop("evidence"),
            "a skip without a reason": lambda d: d["results"][3].pop("reason"),
            "an unreached endpoint with TLS": lambda d: d["endpoints"]["target"].update(tls=None),
            "a reached one without": lambda d: d["endpoints"]["source"].pop("tls"),
            "no notices": lambda d: d.update(notices=[]),
        }
        for what, change in changes.items():
            with self.subTest(what):
                self.assertNotEqual(list(Validator(schema_of("report")).faults(damage(change))), [])

    def test_damaged_facts_are_refused(self):
        good = read(os.path.join(TOP, "tests", "golden", "facts.json"))
        changes = {
            "an upper-case digit": lambda s: s["facts"].update(gtid_mode={"name": "x", "text": {"hex": "FF"}}),
            "a failure without its cause": lambda s: s["groups"].update(connect={"state": "failed"}),
            "a cause without a failure": lambda s: s["groups"].update(
                connect={"state": "gathered", "failure": "timeout"}),
            "a number for a text": lambda s: s["facts"]["log_bin"].update(text=1),
            "another kind": lambda s: s.update(kind="oracle"),
        }
        for what, change in changes.items():
            with self.subTest(what):
                document = copy.deepcopy(good)
                change(document["endpoints"]["source"])
                self.assertNotEqual(list(Validator(schema_of("facts")).faults(document)), [])

    @unittest.skipUnless(os.access(PROGRAM, os.X_OK), f"{PROGRAM} is not built")
    def test_what_the_program_writes(self):
        facts = os.path.join(TOP, "tests", "golden", "facts.json")
        with tempfile.TemporaryDirectory() as folder:
            file = os.path.join(folder, "facts.json")
            with open(facts, encoding="utf-8") as golden, open(file, "w", encoding="utf-8") as copied:
                copied.write(golden.read().replace("@VERSION@", "0.0"))
            for lang in ("en", "zh"):
                done = subprocess.run(
                    [PROGRAM, "check", "--facts", file, "--format", "json", "--lang", lang],
                    capture_output=True, timeout=30)
                self.assertIn(done.returncode, (0, 1, 2), done.stderr)
                self.expect_valid(json.loads(done.stdout, object_pairs_hook=ordered), "report")


if __name__ == "__main__":
    unittest.main()
