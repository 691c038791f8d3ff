"""Throwaway servers: each kind starts with the options given, answers, and leaves nothing."""

import os
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

import lab
import protocol
import versions

LAB = Path(lab.__file__)


class Each:
    """What holds for every kind; mixed into one class a kind."""

    kind = ""

    def test_starts_with_options_and_leaves_nothing(self):
        with lab.start(self.kind, "--log-bin=b", "--server-id=4711") as server:
            self.assertEqual(server.query("SELECT @@server_id, @@log_bin"), [("4711", "1")])
            if os.geteuid() == 0:
                self.assertNotEqual(os.stat(f"/proc/{server.pid}").st_uid, 0)
            pid, started, folder = server.pid, server.started, server.folder
            self.assertEqual(lab.start_time(pid), started)
        self.assertNotEqual(lab.start_time(pid), started)
        self.assertFalse(folder.exists())

    def test_account_of_tests(self):
        with lab.start(self.kind) as server:
            grants = server.query("SHOW GRANTS", user="lab", password="lab")
            self.assertIn("WITH GRANT OPTION", grants[0][0])
            with self.assertRaises(protocol.ServerError) as refused:
                server.query("SELECT 1", user="lab", password="wrong")
            self.assertEqual(refused.exception.errno, 1045)

    def test_two_are_told_apart(self):
        with lab.start(self.kind) as one, lab.start(self.kind) as other:
            self.assertNotEqual(one.port, other.port)
            one.query("CREATE DATABASE only_here")
            self.assertIn(("only_here",), one.query("SHOW DATABASES"))
            self.assertNotIn(("only_here",), other.query("SHOW DATABASES"))
            if self.kind != "mariadb1011":
                self.assertNotEqual(one.query("SELECT @@server_uuid"),
                                    other.query("SELECT @@server_uuid"))

    def test_general_log(self):
        with lab.start(self.kind, general_log=True) as server:
            server.query("SELECT 'first',\n 'second'")
            said = [text for _connection, command, text in server.statements()
                    if command == "Query"]
            self.assertIn("SELECT 'first',\n 'second'", said)

    def test_restart_keeps_the_data(self):
        with lab.start(self.kind) as server:
            server.query("CREATE DATABASE kept")
            server.restart("--server-id=9")
            self.assertEqual(server.query("SELECT @@server_id"), [("9",)])
            self.assertIn(("kept",), server.query("SHOW DATABASES"))

    def test_preset_answers_as_the_server(self):
        """What scripted.py says of this version is what the version says."""
        preset = versions.PRESETS[self.kind]
        with lab.start(self.kind) as server:
            for statement, columns in preset.status.items():
                self.assertEqual(server.query(statement).columns, columns, statement)
            for statement in {s for p in versions.PRESETS.values() for s in p.status}:
                if statement not in preset.status:
                    with self.assertRaises(protocol.ServerError, msg=statement) as refused:
                        server.query(statement)
                    self.assertEqual(refused.exception.errno, 1064, statement)
            names = {name for p in versions.PRESETS.values() for name in p.variables}
            listed = ", ".join(f"'{name}'" for name in sorted(names))
            rows = server.query(f"SHOW GLOBAL VARIABLES WHERE Variable_name IN ({listed})")
            self.assertEqual(dict(rows), preset.variables)
            settable = {name for p in versions.PRESETS.values() for name in p.settable}
            for name in sorted(settable):
                if name in preset.settable:
                    server.query(f"SET SESSION {name} = @@{name}")
                else:
                    with self.assertRaises(protocol.ServerError, msg=name) as refused:
                        server.query(f"SET SESSION {name} = 1")
                    self.assertEqual(refused.exception.errno, 1193, name)


class Mariadb1011(Each, unittest.TestCase):
    kind = "mariadb1011"


class Mysql56(Each, unittest.TestCase):
    kind = "mysql56"

    def test_bad_option_is_told_with_the_log(self):
        with self.assertRaises(lab.LabError) as told:
            lab.start(self.kind, "--gtid-mode=ON")
        self.assertIn("--gtid-mode=ON", str(told.exception))
        self.assertIn("ERROR", str(told.exception))


class Mysql97(Each, unittest.TestCase):
    kind = "mysql97"


class Ends(unittest.TestCase):
    """Whatever ends a test's process, its servers end too."""

    START = (
        "import os, sys, time\n"
        "import lab\n"
        "server = lab.start('mariadb1011')\n"
        "print(server.pid, server.started, flush=True)\n"
    )

    def setUp(self):
        lab.require("mariadb1011")

    def ended_after(self, code, end=None):
        with tempfile.TemporaryDirectory(prefix="mgd-", dir="/tmp") as state:
            os.chmod(state, 0o755)
            environment = {**os.environ, "MIGDOCTOR_LAB_STATE": state,
                           "PYTHONPATH": str(LAB.parent)}
            with subprocess.Popen(
                    [sys.executable, "-c", self.START + code], env=environment, text=True,
                    stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
                pid, started = map(int, process.stdout.readline().split())
                self.assertEqual(lab.start_time(pid), started)
                if end is not None:
                    process.send_signal(end)
                process.wait(30)
            self.assertNotEqual(lab.start_time(pid), started)
            self.assertEqual([name for name in os.listdir(state) if "-" in name
                              and not name.startswith((".", "pristine"))], [])
            return process.returncode

    def test_exception(self):
        self.assertEqual(self.ended_after("raise RuntimeError"), 1)

    def test_sigterm(self):
        self.assertEqual(self.ended_after("time.sleep(60)", signal.SIGTERM), 143)

    def test_sigint(self):
        self.ended_after("time.sleep(60)", signal.SIGINT)

    def test_other_process_with_the_pid_is_spared(self):
        with subprocess.Popen(["sleep", "60"]) as bystander:
            started = lab.start_time(bystander.pid)
            self.assertTrue(lab.end_process(bystander.pid, started - 1))
            self.assertIsNone(bystander.poll())
            self.assertTrue(lab.end_process(bystander.pid, started))
            bystander.wait()


class Command(unittest.TestCase):
    """tests/lab/lab.py at a desk."""

    def run_lab(self, *arguments):
        return subprocess.run([str(LAB), *arguments], env=self.environment, text=True,
                              capture_output=True, check=False, timeout=120)

    def test_start_list_stop(self):
        lab.require("mariadb1011")
        with tempfile.TemporaryDirectory(prefix="mgd-", dir="/tmp") as state:
            os.chmod(state, 0o755)
            self.environment = {**os.environ, "MIGDOCTOR_LAB_STATE": state}
            started = self.run_lab("start", "mariadb1011", "--server-id=7")
            self.assertEqual(started.returncode, 0, started.stderr)
            uri, name = started.stdout.split()
            self.assertRegex(uri, r"^mysql://lab@127\.0\.0\.1:\d+$")
            listed = self.run_lab("list").stdout
            self.assertIn(name, listed)
            self.assertIn("running", listed)
            socket = listed.split("\t")[2]
            with protocol.Client(socket) as client:
                self.assertEqual(client.query("SELECT @@server_id"), [("7",)])
            self.assertEqual(self.run_lab("stop", "no-such").returncode, 1)
            self.assertEqual(self.run_lab("stop", name).returncode, 0)
            self.assertEqual(self.run_lab("list").stdout, "")
            self.assertFalse(os.path.exists(socket))

    def test_missing_server(self):
        self.environment = {**os.environ, "MIGDOCTOR_LAB": "/nonexistent"}
        refused = self.run_lab("start", "mysql56")
        self.assertEqual(refused.returncode, 69)
        self.assertIn("ci/setup test", refused.stderr)


if __name__ == "__main__":
    unittest.main()
