"""The archive of `make bundle` works where there is nothing but a kernel.

Needs root, for chroot, and MIGDOCTOR_BUNDLE, the archive: ci/run makes it and runs this file."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(TOP / "tests" / "lab"))

import lab  # noqa: E402

ARCHIVE = os.environ.get("MIGDOCTOR_BUNDLE")


@unittest.skipUnless(ARCHIVE, "no archive is named: ci/run makes one and runs this")
@unittest.skipUnless(os.geteuid() == 0, "chroot is for root")
class Bundle(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="mgd-bundle-")
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name) / "root"
        self.root.mkdir()

    def unpack(self):
        subprocess.run(["tar", "-xzf", ARCHIVE, "-C", self.root], check=True)
        (self.home,) = self.root.iterdir() if not (self.root / "lib").exists() else (
            path for path in self.root.iterdir() if path.name.startswith("migdoctor-"))

    def run_there(self, *words, **environment):
        """In the root, with no variable of ours: as a stranger would on that host."""
        return subprocess.run(
            ["/usr/sbin/chroot", str(self.root), f"/{self.home.name}/migdoctor", *map(str, words)],
            env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60,
            check=False)

    def foreign_root(self):
        """A root whose own libraries would end any program that took one of them, and whose
        nsswitch.conf asks for one."""
        for folder in ("lib/x86_64-linux-gnu", "usr/lib/x86_64-linux-gnu", "lib64", "usr/lib64"):
            where = self.root / folder
            where.mkdir(parents=True)
            for library in ("libc.so.6", "libcurl.so.4", "libmariadb.so.3", "libexpat.so.1",
                            "libcrypto.so.3", "libnss_strange.so.2", "libyaml-0.so.2"):
                (where / library).write_bytes(b"\x7fELF of another world\n")
        etc = self.root / "etc"
        etc.mkdir()
        (etc / "nsswitch.conf").write_text("hosts: strange files dns\npasswd: strange\n",
                                           encoding="ascii")
        (etc / "hosts").write_text("127.0.0.1 localhost elsewhere\n", encoding="ascii")

    def explains(self):
        done = self.run_there("explain", "--json", "CM-RESONF000001")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        match = json.loads(done.stdout)["inputs"][0]["matches"][0]
        self.assertEqual(match["id"], "oms:CM-RESONF000001")

    def checks(self, server, host):
        uri = f"mysql://lab@{host}:{server.port}"
        done = self.run_there("check", "--json", "--profile", "tencent-dts", "--source", uri,
                              MIGDOCTOR_SOURCE_PASSWORD="lab")
        report = json.loads(done.stdout)
        self.assertTrue(report["endpoints"]["source"]["reachable"], done.stdout)
        return report

    def diagnoses(self):
        """The services of an OMS that is not there: curl is opened, and says who refused."""
        plan = self.root / "plan.yaml"
        plan.write_text("oms:\n  cm: http://127.0.0.1:1\n  supervisord: http://127.0.0.1:1\n",
                        encoding="ascii")
        done = self.run_there("diagnose", "--json", "CM-RESOAT000011", "/plan.yaml")
        self.assertEqual(done.returncode, 2, done.stderr + done.stdout)
        self.assertNotIn("libcurl", done.stdout)
        self.assertIn("refused", done.stdout)

    def test_in_an_empty_root(self):
        self.unpack()
        self.explains()
        self.diagnoses()
        with lab.start("mariadb1011", "--log-bin") as server:
            self.checks(server, "127.0.0.1")

    def test_in_a_root_full_of_foreign_libraries(self):
        self.foreign_root()
        self.unpack()
        self.explains()
        self.diagnoses()
        with lab.start("mariadb1011", "--log-bin") as server:
            self.checks(server, "elsewhere")

    def test_it_signs_in_with_the_methods_that_it_carries(self):
        """caching_sha2_password is a file of its own, opened by its name."""
        self.unpack()
        with lab.start("mysql97") as server:
            report = self.checks(server, "127.0.0.1")
        self.assertEqual(report["endpoints"]["source"]["flavor"], "mysql")

    def test_it_starts_by_a_link_and_says_what_is_broken(self):
        self.unpack()
        (self.root / "doctor").symlink_to(f"{self.home.name}/migdoctor")
        done = subprocess.run(["/usr/sbin/chroot", str(self.root), "/doctor", "--version"],
                              capture_output=True, text=True, timeout=60, check=False)
        self.assertEqual((done.returncode, done.stdout[:10]), (0, "migdoctor "))
        shutil.rmtree(self.home / "lib")
        done = self.run_there("--version")
        self.assertEqual(done.returncode, 70)
        self.assertIn("the bundle cannot be started", done.stderr)

    def test_it_carries_every_library_that_it_opens(self):
        self.unpack()
        have = {path.name for path in (self.home / "lib").iterdir()}
        self.assertLessEqual({"libmariadb.so.3", "libcurl.so.4", "libexpat.so.1", "libc.so.6",
                              "ld-linux-x86-64.so.2"}, have)
        self.assertTrue((self.home / "lib/plugin/caching_sha2_password.so").exists())


if __name__ == "__main__":
    unittest.main()
