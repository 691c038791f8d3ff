"""ci/catalog-diff: what a maintainer is told of a newer product."""

import json
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

TOOL = Path(__file__).resolve().parents[2] / "ci" / "catalog-diff"
DEFINITIONS = r'''
// OceanBase's ob_errno.def, as far as the format goes.
DEFINE_ERROR(OB_SUCCESS, 0, 0, "00000", "success");
DEFINE_ERROR_EXT(OB_TIMEOUT, -4012, -1, "25000", "Timeout", "Timeout, query, \"x\"");
DEFINE_ORACLE_ERROR(OB_OCTAL, -4714, ER_KNOWN, "42000", "text, with comma", 02266, "other");
DEFINE_PLS_ERROR_EXT_DEP(OB_PLS, -5543, -1, "HY000", "a" "b", "c", 201, "d", "e");
'''
OURS = [
    {"id": "ob:0", "symbol": "OB_SUCCESS", "sqlstate": "00000", "mysql": 0, "ora": None, "pls": None},
    {"id": "ob:-4012", "symbol": "OB_TIMEOUT", "sqlstate": "HY000", "mysql": 4012, "ora": None, "pls": None},
    {"id": "ob:-4714", "symbol": "OB_OCTAL", "sqlstate": "42000", "mysql": 1217, "ora": 2266, "pls": None},
    {"id": "ob:-4500", "symbol": "OB_GONE", "sqlstate": "HY000", "mysql": 4500, "ora": None, "pls": None},
    {"id": "mysql:1217", "symbol": "ER_KNOWN", "sqlstate": "23000", "mysql": None, "ora": None, "pls": None},
    {"id": "mysql:1218", "symbol": "ER_SOURCE_A", "sqlstate": None, "mysql": None, "ora": None, "pls": None},
]


class CatalogDiff(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        (self.folder / "ours.json").write_text(json.dumps(OURS), encoding="ascii")
        self.lister = self.folder / "migdoctor"
        self.lister.write_text(f"#!/bin/sh\ncat {self.folder}/ours.json\n", encoding="ascii")
        self.lister.chmod(0o755)

    def diff(self, name, text):
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return subprocess.run([sys.executable, str(TOOL), "--migdoctor", str(self.lister), str(path)],
                              capture_output=True, text=True, check=False)

    def test_oceanbase(self):
        done = self.diff("ob_errno.def", DEFINITIONS)
        self.assertEqual(done.stdout.splitlines(), [
            "changed  ob:-4012 sqlstate HY000 -> 25000",
            "new      ob:-5543 {'symbol': 'OB_PLS', 'sqlstate': 'HY000', 'mysql': 5543, 'pls': 201}",
            "gone     ob:-4500 OB_GONE",
        ])
        self.assertEqual(done.returncode, 1)

    def test_mysql_messages_by_old_and_new_names(self):
        text = "start-error-number 1217\nER_KNOWN 23000\n  eng \"x\"\nER_MASTER_A\n  eng \"y\"\n"
        done = self.diff("messages_to_clients.txt", text)
        self.assertEqual((done.stdout, done.returncode), ("no difference\n", 0))
        done = self.diff("messages_to_clients.txt", text + "ER_NEW 42000\n")
        self.assertEqual(done.stdout, "new      mysql:1219 {'symbol': 'ER_NEW', 'sqlstate': '42000'}\n")

    def test_header(self):
        done = self.diff("mysqld_error.h", "#define ER_KNOWN 1217\n#define ER_SOURCE_B 1218\n")
        self.assertEqual(done.stdout, "changed  mysql:1218 symbol ER_SOURCE_A -> ER_SOURCE_B\n")

    def test_what_is_none_of_them(self):
        done = self.diff("notes.txt", "hello\n")
        self.assertEqual(done.returncode, 2)
        self.assertIn("notes.txt: neither", done.stderr)


if __name__ == "__main__":
    unittest.main()
