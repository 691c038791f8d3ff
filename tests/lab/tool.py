"""Runs the migdoctor that was built, as its tests do."""

import json
import os
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILD = Path(os.environ.get("MIGDOCTOR_BUILD", ROOT / "build" / "asan"))
BINARY = BUILD / "migdoctor"


class Outcome:
    """What one run printed and how it ended."""

    def __init__(self, done):
        self.status = done.returncode
        self.out = done.stdout
        self.err = done.stderr

    @property
    def report(self):
        return json.loads(self.out)

    def result(self, rule):
        """The result of a rule; the test fails by KeyError where there is none."""
        return {result["rule"]: result for result in self.report["results"]}[rule]

    def statuses(self):
        return {result["rule"]: result["status"] for result in self.report["results"]}

    def failing(self):
        return {rule for rule, status in self.statuses().items() if status == "fail"}


def migdoctor(*words, env=None, seconds=60, cwd=None, stdin=None):
    """Runs migdoctor with these words, and with nothing of the caller's that would change it."""
    base = {name: value for name, value in os.environ.items()
            if not name.startswith(("MIGDOCTOR_", "LC_", "NO_COLOR")) and name != "LANG"}
    done = subprocess.run(
        [str(BINARY), *map(str, words)], env={**base, **(env or {})}, cwd=cwd, timeout=seconds,
        input=stdin, capture_output=True, text=True, errors="surrogateescape", check=False,
    )
    return Outcome(done)


def check(source, target, *words, password="lab", **more):
    """`check --json` of a pair by URI, as the lab's own account."""
    env = {"MIGDOCTOR_SOURCE_PASSWORD": password, "MIGDOCTOR_TARGET_PASSWORD": password,
           **more.pop("env", {})}
    words = ("--profile", "tencent-dts", *words)
    if source:
        words = ("--source", source, *words)
    if target:
        words = ("--target", target, *words)
    return migdoctor("check", "--json", *words, env=env, **more)
