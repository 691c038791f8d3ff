"""The scripts of ci/ refuse what they are there to refuse: each is shown a bad example."""

import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent.parent
CI = TOP / "ci"


def run(*command, **environment):
    return subprocess.run([str(part) for part in command], env={**os.environ, **environment},
                          text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
                          timeout=120)


class Tree(unittest.TestCase):
    """A folder of a test's own."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="mgd-ci-")
        self.addCleanup(folder.cleanup)
        self.top = Path(folder.name)

    def put(self, path, text):
        file = self.top / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        return file

    def need(self, *tools):
        for tool in tools:
            if shutil.which(tool) is None:
                self.skipTest(f"{tool} is not installed (ci/setup all)")


class Layers(Tree):
    def verdict(self):
        return run(CI / "layers", self.top)

    def test_the_project_itself(self):
        done = run(CI / "layers")
        self.assertEqual((done.stdout, done.returncode), ("", 0))

    def test_good_example(self):
        self.put("catalog/base/a.c", '#include "catalog/base/a.h"\n#include <yaml.h>\n')
        self.put("checks/core/b.c", '#include "catalog/base/a.h"\n#include "gen/text_ids.h"\n')
        self.put("checks/probe/c.c", '#include "checks/core/b.h"\n#include <mysql.h>\n')
        self.put("checks/source/d.c", '#include "checks/core/b.h"\n')
        self.put("cmd/main.c", '#include "profiles/p.h"\nint main(void) { printf("x"); exit(0); }\n')
        # Neither a comment nor a text calls anything.
        self.put("profiles/p.c", '/* printf("x") */ const char *t = "exit(1)"; // puts(t)\n')
        self.assertEqual(self.verdict().stdout, "")
        self.assertEqual(self.verdict().returncode, 0)

    def test_bad_examples(self):
        for path, text in (
                ("catalog/a.c", '#include "checks/core/facts.h"'),
                ("catalog/base/a.c", '#include "catalog/text.h"'),
                ("catalog/base/a.c", '#include "gen/text_ids.h"'),
                ("checks/core/a.c", '#include "profiles/plan.h"'),
                ("checks/core/a.c", '#include "checks/probe/session.h"'),
                ("checks/core/a.c", '#include "checks/source/binlog.h"'),
                ("checks/source/a.c", '#include "checks/probe/session.h"'),
                ("checks/probe/a.c", '#include "checks/source/binlog.h"'),
                ("cmd/a.c", '#include "checks/source/binlog.h"'),
                ("profiles/a.c", '#include "cmd/options.h"'),
                ("profiles/a.c", '#include "../catalog/text.h"'),
                ("profiles/a.c", '#include "plan.h"'),
                ("profiles/a.h", "#include <jansson.h>"),
                ("checks/probe/a.h", "#include <mysql.h>"),
                ("checks/probe/a.c", "#include <libxml/parser.h>"),
                ("profiles/a.c", 'void f(void)\n{\n\tprintf("x");\n}'),
                ("profiles/a.c", 'void f(void)\n{\n\tfprintf(stderr, "x");\n}'),
                ("profiles/a.c", "void f(void)\n{\n\tfputs(text, stdout);\n}"),
                ("checks/core/a.c", "void f(void)\n{\n\texit (1);\n}"),
        ):
            with self.subTest(f"{path}: {text}"):
                file = self.put(path, text + "\n")
                done = self.verdict()
                self.assertEqual(done.returncode, 1, done.stdout)
                self.assertIn(f"{path}:", done.stdout)
                file.unlink()

    def test_a_library_in_two_files(self):
        self.put("checks/probe/a.c", "#include <mysql.h>\n")
        self.put("checks/probe/b.c", "#include <mariadb/mysql.h>\n")
        done = self.verdict()
        self.assertEqual(done.returncode, 1)
        self.assertIn("checks/probe/a.c:1, checks/probe/b.c:1: <mysql.h>", done.stdout)

    def test_nothing_to_look_at(self):
        self.assertEqual(self.verdict().returncode, 1)


class Purity(Tree):
    GOOD = ("struct finding;\nvoid finding_skip(struct finding *finding);\n"
            "unsigned long strlen(const char *text);\n"
            "extern int shared_in_folder(const char *text);\n"
            "static const char *const words[] = { \"a\", \"b\" };\n"
            "void judge(struct finding *finding, int which);\n"
            "void judge(struct finding *finding, int which)\n"
            "{\n\tif (strlen(words[which]) > 3 && shared_in_folder(words[which]))\n"
            "\t\tfinding_skip(finding);\n}\n")
    SHARED = "int shared_in_folder(const char *text)\n{\n\treturn text[0] == 'a';\n}\n"

    def verdict(self, **sources):
        for name, text in sources.items():
            source = self.put(f"checks/source/{name}.c", text)
            built = run("gcc", "-fPIE", "-O1", "-fstack-protector-strong", "-c", "-o",
                        source.with_suffix(".o"), source)
            self.assertEqual(built.returncode, 0, built.stdout)
        return run(CI / "purity", self.top)

    def setUp(self):
        super().setUp()
        self.need("gcc", "nm", "objdump")

    def test_good_example(self):
        done = self.verdict(good=self.GOOD, shared=self.SHARED)
        self.assertEqual((done.stdout, done.returncode), ("", 0))

    def test_bad_symbols(self):
        for name in ("time", "getenv", "fopen", "printf", "malloc", "localtime_r", "setlocale",
                     "mysql_query", "session_run"):
            with self.subTest(name):
                done = self.verdict(bad=f"int {name}();\nint judge(void);\n"
                                        f"int judge(void)\n{{\n\treturn {name}();\n}}\n")
                self.assertEqual(done.returncode, 1)
                self.assertIn(f"checks/source/bad.c: uses {name};", done.stdout)

    def test_state(self):
        for text in ("int count;\n", "static int count;\nint judge(void);\nint judge(void)\n"
                     "{\n\treturn count++;\n}\n", "int count = 7;\n", "_Thread_local int count;\n",
                     "int judge(void);\nint judge(void)\n{\n\tstatic int count = 1;\n"
                     "\treturn count++;\n}\n", "const char *count = \"text\";\n"):
            with self.subTest(text):
                done = self.verdict(bad=text)
                self.assertEqual(done.returncode, 1, done.stdout)
                self.assertIn("checks/source/bad.c: holds count,", done.stdout)

    def test_nothing_built(self):
        self.assertEqual(run(CI / "purity", self.top).returncode, 1)


class Lint(Tree):
    GOOD = "int good(int a);\n\nint good(int a)\n{\n\treturn a + 1;\n}\n"

    def setUp(self):
        super().setUp()
        self.need("clang-format-14", "clang-tidy-14", "cppcheck", "shellcheck", "codespell",
                  "mandoc", "gcc")
        for name in (".clang-format", ".clang-tidy"):
            shutil.copy(TOP / name, self.top)
        self.put("cmd/good.c", self.GOOD)

    def verdict(self):
        return run(CI / "lint", self.top, B="build")

    def refused(self, check, path, text):
        with self.subTest(check):
            file = self.put(path, text)
            done = self.verdict()
            self.assertEqual(done.returncode, 1, done.stdout)
            self.assertRegex(done.stdout, rf"(?m)^  {check} +FAILED$")
            file.unlink()

    def test_good_example(self):
        done = self.verdict()
        self.assertEqual(done.returncode, 0, done.stdout)

    def test_bad_examples(self):
        self.refused("clang-format", "cmd/a.c", "int a(void);\nint a(void) {return 1;}\n")
        self.refused("ASCII", "cmd/a.c", "/* caf\u00e9 */\n" + self.GOOD)
        self.refused("headers", "cmd/a.h", "size_t a(void);\n")
        self.refused("cppcheck", "cmd/a.c", self.GOOD.replace("return a + 1", "int b[2] = { 0 };\n"
                                                              "\n\treturn a + b[2]"))
        self.refused("clang-tidy", "cmd/a.c", self.GOOD.replace("a + 1", "a == 1 || a == 1"))
        self.refused("blanks", "cmd/a.md", "text \n")
        self.refused("shellcheck", "ci/a", "#!/bin/sh\nrm -rf $1/*\n")
        self.refused("codespell", "cmd/a.md", "This is " + "reci" + "eved.\n")
        self.refused("mandoc", "cmd/man/a.1", ".Dd today\n.Dt A 1\n.Os\n.Sh NAME\n.Xx\n")


class Setup(Tree):
    """ci/setup where something is missing, with the tools of an empty PATH."""

    def bare_path(self):
        folder = self.top / "bin"
        folder.mkdir()
        for name in ("sh", "dirname", "id", "awk", "sed"):
            (folder / name).symlink_to(shutil.which(name))
        return str(folder)

    def test_have_names_each_package_with_its_line(self):
        done = run(CI / "setup", "--have", "build", PATH=self.bare_path())
        self.assertEqual(done.returncode, 69)
        lines = done.stdout.splitlines()
        self.assertIn("ci/setup: gcc is missing: apt-get install gcc", lines)
        self.assertTrue(all("apt-get install" in line for line in lines), done.stdout)

    def test_have_is_silent_when_all_is_there(self):
        done = run(CI / "setup", "--have", "build")
        self.assertEqual((done.stdout, done.returncode), ("", 0))

    def test_without_root_one_line_to_type(self):
        path = self.bare_path()
        (Path(path) / "id").unlink()
        self.put("bin/id", "#!/bin/sh\necho 1000\n").chmod(0o755)
        self.put("bin/apt-get", "#!/bin/sh\necho apt-get was run\n").chmod(0o755)
        done = run(CI / "setup", "build", PATH=path)
        self.assertEqual(done.returncode, 69)
        lines = done.stdout.splitlines()
        self.assertEqual(len(lines), 1, done.stdout)
        self.assertRegex(lines[0], r"apt-get install .*\bgcc\b.*\bmake\b")

    def test_a_server_that_cannot_be_fetched_is_no_error(self):
        """The fetch fails; nothing half is left."""
        for name, text in (("npm", "echo half >half.tgz; exit 1"), ("apt-get", "exit 100")):
            self.put(f"bin/{name}", f"#!/bin/sh\n{text}\n").chmod(0o755)
        folder = self.top / "servers"
        done = run(CI / "setup", "test", MIGDOCTOR_LAB=str(folder),
                   PATH=f"{self.top / 'bin'}:{os.environ['PATH']}")
        self.assertEqual(done.returncode, 0, done.stdout)
        for kind in ("mariadb1011", "mysql56", "mysql97"):
            self.assertIn(f"could not fetch {kind}; its tests will be skipped", done.stdout)
        self.assertEqual(os.listdir(folder), [".lock"])

    def test_usage(self):
        self.assertEqual(run(CI / "setup", "nonsense").returncode, 64)
        self.assertEqual(run(CI / "setup").returncode, 64)


class Run(Tree):
    """tests/run itself: what fails is seen to fail."""

    def verdict(self, *programs):
        paths = []
        for number, text in enumerate(programs):
            file = self.put(f"test_{number}", text)
            file.chmod(0o755)
            paths.append(str(file))
        self.put("tests.list", "\n".join(paths) + "\n")
        done = run(TOP / "tests" / "run", self.top, "--units", MIGDOCTOR_TEST_SECONDS="2")
        return done.returncode, done.stdout.splitlines()[-1], done.stdout

    def tap(self, *lines, status=0):
        return "#!/bin/sh\n" + "".join(f"echo '{line}'\n" for line in lines) + f"exit {status}\n"

    def test_passes_and_skips_are_counted(self):
        status, last, _all = self.verdict(
            self.tap("1..2", "ok 1 - first", "ok 2 - second"), self.tap("1..1", "ok 1 # SKIP third"))
        self.assertEqual((status, last), (0, "2 passed, 0 failed, 1 skipped"))

    def test_a_failure_is_shown_whole(self):
        status, last, text = self.verdict(
            self.tap("1..2", "ok 1 - first", "not ok 2 - second", "# 3 != 4", status=1))
        self.assertEqual((status, last), (1, "1 passed, 1 failed, 0 skipped"))
        self.assertIn("# 3 != 4", text)

    def test_what_ends_badly_fails(self):
        for text in (self.tap("1..1", "ok 1 - first", status=99), "#!/bin/sh\nkill -SEGV $$\n",
                     "#!/bin/sh\nexec sleep 30\n", self.tap("nothing"), "no program\n"):
            with self.subTest(text):
                status, last, _all = self.verdict(text)
                self.assertEqual(status, 1)
                self.assertIn(" 1 failed, 0 skipped", last)

    def test_nothing_is_no_success(self):
        status, last, _all = self.verdict()
        self.assertEqual((status, last), (1, "0 passed, 0 failed, 0 skipped"))


if __name__ == "__main__":
    unittest.main()
