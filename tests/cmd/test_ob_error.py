"""ob_error: what it prints for each code there is, and for what is none.

What is expected is worked out here from catalog/codes/oceanbase.yaml, line by line, and not by the
program's own tables.
"""

import collections
import os
import re
import subprocess
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILD = Path(os.environ.get("MIGDOCTOR_BUILD", ROOT / "build" / "asan"))
BINARY = BUILD / "ob_error"

# How many answers are asked for in one call; a command line has its limits.
BATCH = 500

Code = collections.namedtuple("Code", "number symbol mysql sqlstate ora pls")
Block = collections.namedtuple("Block", "header lines own")

OWN_LINE = re.compile(r"OceanBase: (-?\d+) (\S+), SQLSTATE (\w{5})")
ARGUMENTS = "internal error code, arguments: "


def run(*words, env=None, stdout=subprocess.PIPE, **more):
    base = {name: value for name, value in os.environ.items()
            if not name.startswith("LC_") and name not in ("LANG", "LANGUAGE")}
    return subprocess.run(
        [str(BINARY), *words], env={**base, **(env or {})}, stdin=subprocess.DEVNULL, stdout=stdout,
        stderr=subprocess.PIPE, encoding="utf-8", errors="surrogateescape", timeout=120,
        check=False, **more)


def read_codes():
    """Number, symbol and mappings of each entry; a code's lines stand below its `- code:`."""
    codes, fields = [], None
    text = (ROOT / "catalog" / "codes" / "oceanbase.yaml").read_text(encoding="utf-8")
    for line in text.splitlines() + ['  - code: ""']:
        begun = re.fullmatch(r'  - code: "(-?\d*)"', line)
        if begun and fields:
            codes.append(Code(-int(fields["code"]), fields["symbol"], int(fields["mysql"]),
                              fields["sqlstate"], int(fields.get("ora", -1)),
                              int(fields.get("pls", -1))))
        if begun:
            fields = {"code": begun[1]}
        field = re.fullmatch(r'    (symbol|mysql|sqlstate|ora|pls): "?(\w+)"?', line)
        if field:
            fields[field[1]] = field[2]
    return codes


CODES = read_codes()
BY_NUMBER = {code.number: code for code in CODES}


def by_id(codes):
    """In the order in which codes that share a number are printed."""
    return sorted(codes, key=lambda code: str(-code.number))


def read_blocks(text):
    blocks = []
    for part in text.rstrip("\n").split("\n\n\n") if text else []:
        lines = part.split("\n\n")
        own = [found for found in map(OWN_LINE.fullmatch, lines) if found]
        blocks.append(Block(lines[0], lines, own[0].groups() if own else None))
    return blocks


def mysql_header(code, number):
    return f"ERROR {number} ({code.sqlstate}): "


def oracle_header(code, number=None, prefix="ORA"):
    if code.pls >= 0:
        return f"PLS-{code.pls:05}: "
    return f"{prefix}-{code.ora if number is None else number:05}: "


class Case(unittest.TestCase):
    def ask(self, *words, status=0, **more):
        done = run(*words, **more)
        self.assertEqual(done.returncode, status, (words, str(done.stdout)[:300], done.stderr[:300]))
        if status == 0:
            self.assertEqual(done.stderr, "", words)
        else:
            self.assertRegex(done.stderr, r"\Aob_error: [^\n]+\n(ob_error: [^\n]+\n)*\Z")
        return done

    def blocks(self, *words, **more):
        return read_blocks(self.ask(*words, **more).stdout)

    def headers(self, *words, **more):
        return [block.header for block in self.blocks(*words, **more)]

    def assert_block(self, block, header):
        """Header, cause and solution, an empty line between."""
        self.assertEqual(block.lines[0], header)
        self.assertRegex(block.lines[1], r"\ACause: \S.{20,}\Z")
        self.assertRegex(block.lines[2], r"\ASolution: \S.{20,}\Z")


class UseCases(Case):
    """The six of the design."""

    def test_1_mysql_mode(self):
        (block,) = self.blocks("my", "4000")
        self.assert_block(block, "ERROR 4000 (HY000): Common error")
        self.assertEqual(len(block.lines), 3)

    def test_2_operating_system(self):
        (block,) = self.blocks("13")
        self.assert_block(block, "OS Error 13: Permission denied")
        self.assertEqual(len(block.lines), 3)

    def test_3_oracles_own_600(self):
        texts = ("auto increment service busy", "rowid type mismatch, expect %s, got %s",
                 "rowid type mismatch, expect %ld, actual %ld")
        others = sum(code.ora == 600 for code in CODES) - 3
        for words in (("600",), ("00600",), ("ora", "600"), ("ORA", "00600"), ("ORA-00600",)):
            *blocks, last = self.blocks(*words)
            for block, text, number in zip(blocks, texts, (5794, 5870, 5871), strict=True):
                self.assert_block(block, f"ORA-00600: {text}")
                self.assertEqual(block.own[0], str(-number))
            self.assertTrue(last.header.startswith(f"{others} more OceanBase codes are shown as "
                                                   "ORA-00600; `ob_error ora 600 -a CODE`"))

    def test_4_oracle_mode(self):
        (block,) = self.blocks("ora", "00051")
        self.assert_block(block, "ORA-00051: timeout occurred while waiting for a resource")
        self.assertEqual(block.own, ("-5848", "OB_ERR_TIMEOUT_ON_RESOURCE", "HY000"))

    def test_5_argument(self):
        header = ("ORA-00600: internal error code, arguments: -5858, "
                  "Conflicting declarations: '%s' and '%s'")
        for option in (["-a=5858"], ["-a", "5858"], ["--argument=5858"], ["--argument", "5858"],
                       ["-a5858"], ["-a=-5858"], ["-a", "-5858"], ["-a", "05858"]):
            for words in (["ora", "600"], ["600"], ["Ora", "00600"]):
                (block,) = self.blocks(*words, *option)
                self.assert_block(block, header)
                self.assertEqual(len(block.lines), 3)
            (block,) = self.blocks(*option, "ora", "600")
            self.assertEqual(block.header, header)

    def test_6_own_number(self):
        mysql, oracle = self.blocks("5858")
        self.assert_block(mysql, "ERROR 5858 (42000): Conflicting declarations: '%s' and '%s'")
        self.assertEqual(mysql.lines[3:],
                         ["A client in MySQL mode sees this as ERROR 1302 (42000)."])
        self.assert_block(oracle, "ORA-00600: internal error code, arguments: -5858, "
                                  "Conflicting declarations: '%s' and '%s'")
        self.assertEqual(oracle.lines[1:], mysql.lines[1:3])

    def test_whole_of_one(self):
        """Two empty lines between blocks, one in them, none before and one line end after."""
        text = self.ask("5858").stdout
        self.assertRegex(text, r"\AERROR .+\n\nCause: .+\n\nSolution: .+\n\nA client .+\n\n\n"
                               r"ORA-00600: .+\n\nCause: .+\n\nSolution: .+\n\Z")


class EveryCode(Case):
    """All 2,440, by each of their names."""

    def ask_all(self, queries, options=()):
        """Many queries in few calls. The blocks of all, in order."""
        found = []
        for start in range(0, len(queries), BATCH):
            words = [word for query in queries[start:start + BATCH] for word in query]
            found += self.blocks(*options, *words)
        return found

    def compare(self, blocks, expected):
        """`expected`: how a header begins, and the code that the block has to be of."""
        for block, (header, code, is_named) in zip(blocks, expected, strict=True):
            self.assertTrue(block.header.startswith(header), (block.header, header))
            self.assert_block(block, block.header)
            own = (str(-code.number), code.symbol, code.sqlstate)
            if is_named:
                self.assertEqual(block.own, own, block.header)
            else:
                self.assertIsNone(block.own, block.header)
                self.assertIn(str(code.number), block.header)

    @staticmethod
    def oracle_form(code):
        """Of the three that Oracle mode shows without arguments the code has to be named."""
        header = oracle_header(code)
        is_named = code.ora != 600 or code.number in (5794, 5870, 5871)
        return header + ("" if is_named else f"{ARGUMENTS}{-code.number}, "), code, is_named

    def both_forms(self, code, is_shared=False):
        yield mysql_header(code, code.number), code, is_shared
        if code.ora >= 0 or code.pls >= 0:
            yield self.oracle_form(code)

    def test_there_are_2440(self):
        self.assertEqual(len(BY_NUMBER), 2440)
        self.assertEqual(sum(code.ora == 600 for code in CODES), 1486)
        self.assertEqual(sum(code.pls >= 0 for code in CODES), 153)

    def test_own_code(self):
        expected = [form for code in CODES for form in self.both_forms(code)]
        self.compare(self.ask_all([("ob", str(code.number)) for code in CODES]), expected)
        self.compare(self.ask_all([("ob", f"-{code.number:06}") for code in CODES]), expected)
        self.compare(self.ask_all([(f"-{code.number}",) for code in CODES]), expected)
        self.compare(self.ask_all([(f"OB-{code.number}",) for code in CODES]), expected)

    def test_symbol(self):
        expected = [form for code in CODES for form in self.both_forms(code)]
        for spell in (str, str.lower):
            queries = [(spell(code.symbol),) for code in CODES]
            self.compare(self.ask_all(queries), expected)

    def test_client_line(self):
        """Beneath a code that is sent as another number, and nowhere else."""
        lines = [line for block in self.ask_all([("ob", str(code.number)) for code in CODES])
                 for line in block.lines if line.startswith("A client")]
        self.assertEqual(lines, [
            f"A client in MySQL mode sees this as ERROR {code.mysql} ({code.sqlstate})."
            for code in CODES if code.mysql != code.number])

    def by_mysql(self, number):
        sent = [code for code in CODES if code.mysql == number]
        own = BY_NUMBER.get(number)
        if own:
            yield mysql_header(own, number), own, len(sent) > 1
        for code in by_id(sent):
            if code is not own:
                yield mysql_header(code, number), code, True

    def test_mysql_number(self):
        numbers = sorted({code.mysql for code in CODES} | set(BY_NUMBER))
        for width in (1, 6):
            self.compare(self.ask_all([("my", f"{number:0{width}}") for number in numbers]),
                         [form for number in numbers for form in self.by_mysql(number)])
        self.compare(self.ask_all([(f"MY-{number:06}",) for number in numbers]),
                     [form for number in numbers for form in self.by_mysql(number)])

    def by_oracle(self, number, family, prefix="ORA"):
        codes = by_id(code for code in CODES if getattr(code, family) == number)
        raised = [code for code in codes if code.number == 20000]
        if family == "ora" and 20000 <= number <= 20999 and not raised:
            raised = [BY_NUMBER[20000]]
        for code in raised + [code for code in codes if code not in raised]:
            yield oracle_header(code, number, prefix), code, True

    def test_oracle_number(self):
        numbers = sorted({code.ora for code in CODES if code.ora >= 0 and code.ora != 600})
        expected = [form for number in numbers for form in self.by_oracle(number, "ora")]
        self.compare(self.ask_all([("ora", str(number)) for number in numbers]), expected)
        self.compare(self.ask_all([(f"ORA-{number:05}",) for number in numbers]), expected)
        self.compare(self.ask_all([(f"ora{number}",) for number in numbers]), expected)
        expected = [form for number in numbers for form in self.by_oracle(number, "ora", "OBE")]
        self.compare(self.ask_all([(f"OBE-{number:05}",) for number in numbers]), expected)

    def test_pls_number(self):
        numbers = sorted({code.pls for code in CODES if code.pls >= 0})
        expected = [form for number in numbers for form in self.by_oracle(number, "pls")]
        self.compare(self.ask_all([("pls", f"{number:05}") for number in numbers]), expected)
        self.compare(self.ask_all([(f"PLS-{number:05}",) for number in numbers]), expected)

    def test_600_by_argument(self):
        codes = [code for code in CODES if code.ora == 600]
        self.compare(self.ask_all([("ora", "600", f"-a={code.number}") for code in codes]),
                     [self.oracle_form(code) for code in codes])

    def test_bare_number(self):
        """Both modes, each code once in a mode."""
        numbers = sorted(set(BY_NUMBER) - {0})
        expected = []
        for number in numbers:
            own = BY_NUMBER[number]
            expected += self.by_mysql(number)
            expected += list(self.both_forms(own))[1:]
            for family in ("ora", "pls"):
                expected += [form for form in self.by_oracle(number, family)
                             if form[1] is not own]
        self.compare(self.ask_all([(str(number),) for number in numbers]), expected)


class Numbers(Case):
    def own_numbers(self, *words):
        return [-int(block.own[0]) for block in self.blocks(*words) if block.own]

    def test_octal_traps(self):
        """Six definitions of OceanBase write their Oracle number in a way that C++ reads as octal."""
        for right, wrong, codes in ((2266, 1206, {4714, 4785}), (1741, 993, {5455}),
                                    (2017, 1039, {9671}), (1003, 515, {9678}),
                                    (6535, 3421, {9711})):
            for words in (("ora", str(right)), ("ora", f"{right:05}"), (f"ORA-{right:05}",)):
                self.assertLessEqual(codes, set(self.own_numbers(*words)), words)
            shown = run("ora", str(wrong))
            self.assertFalse(codes & {-int(block.own[0]) for block in read_blocks(shown.stdout)
                                      if block.own}, wrong)
        self.ask("ora", "1206", status=1)

    def test_sqlstate_of_each_text(self):
        self.assertEqual([(block.header[:19], block.own[0]) for block in self.blocks("1064")],
                         [("ERROR 1064 (0B000):", "-5000"), ("ERROR 1064 (42000):", "-5001"),
                          ("ERROR 1064 (42000):", "-5282")])
        self.assertEqual(self.own_numbers("1064", "-a", "5001"), [5001])

    def test_shared_pls(self):
        """One text each, though the original folds the two into one."""
        self.assertEqual(self.own_numbers("pls", "201"), [5543, 5546])

    def test_own_number_that_others_are_sent_as(self):
        self.assertEqual(self.own_numbers("my", "4012")[0], 4012)
        self.assertEqual(len(self.own_numbers("my", "4012")), 12)
        self.assertEqual(len(self.blocks("ob", "4012")), 2)

    def test_special_cases(self):
        self.assertEqual(self.own_numbers("ora", "12899"), [5167])
        self.assertEqual(self.own_numbers("ora", "1861"), [4219])

    def test_raise_application_error(self):
        for number in (20000, 20001, 20500, 20999):
            first, *others = self.blocks("ora", str(number))
            self.assertTrue(first.header.startswith(f"ORA-{number}: "))
            self.assertEqual(first.own[1], "OB_SP_RAISE_APPLICATION_ERROR")
            self.assertNotIn("-20000", [block.own[0] for block in others])
            self.assertEqual(run(str(number)).returncode, 0)
        self.assertIn("RAISE_APPLICATION_ERROR", self.ask("ora", "20500").stdout)
        self.ask("ora", "21001", status=1)
        self.ask("ora", "19999", status=1)

    def test_facility_limits_the_mode(self):
        self.assertTrue(all(header.startswith("ERROR ") for header in self.headers("my", "5858")))
        self.assertTrue(all(header.startswith("ORA-00942: ")
                            for header in self.headers("oRa", "942")))
        self.ask("pls", "942", status=1)
        self.ask("ora", "13", status=1)
        self.assertEqual(self.headers("os", "13"), ["OS Error 13: Permission denied"])
        self.assertEqual(self.headers("ora", "OB_TIMEOUT"), self.headers("OB_TIMEOUT")[1:])
        self.assertEqual(self.headers("my", "OB_TIMEOUT"), self.headers("OB_TIMEOUT")[:1])

    def test_facility_takes_the_next_code_alone(self):
        self.assertEqual(self.headers("my", "1007", "51"),
                         self.headers("my", "1007") + self.headers("51"))

    def test_operating_system(self):
        known = [number for number in range(1, 134) if number not in (41, 58)]
        headers = self.headers(*(word for number in known for word in ("os", str(number))))
        self.assertEqual(headers,
                         [f"OS Error {number}: {os.strerror(number)}" for number in known])
        for number in (0, 41, 58, 134):
            self.ask("os", str(number), status=1)
        self.assertEqual(self.headers("ENOSPC"), ["OS Error 28: No space left on device"])
        self.assertEqual(self.headers("ehwpoison"),
                         ["OS Error 133: Memory page has hardware error"])

    def test_mysql_alone(self):
        (block,) = self.blocks("2003")
        self.assertTrue(block.header.startswith("ERROR 2003 (HY000): "))
        self.assertEqual(block.lines[3], "MySQL: CR_CONN_HOST_ERROR; no OceanBase code has this "
                                         "number.")
        self.assertEqual(self.headers("my", "2003"), [block.header])
        self.assertEqual(self.headers("cr_conn_host_error"), [block.header])
        (block,) = self.blocks("MY-010048")
        self.assertTrue(block.header.startswith("MY-010048: "))
        # As the operating system's, unless MySQL's is asked for.
        (block,) = self.blocks("my", "13")
        self.assertTrue(block.header.startswith("ERROR 13 (HY000): "))

    def test_mysql_symbol(self):
        self.assertEqual(self.headers("ER_NO_SUCH_TABLE"), self.headers("my", "1146"))
        old, new = self.headers("ER_SLAVE_NOT_RUNNING"), self.headers("er_replica_not_running")
        self.assertEqual(old, new)

    def test_several(self):
        words = ("1146", "-5858", "ora", "51", "13", "OB_TIMEOUT")
        one_by_one = (self.headers("1146") + self.headers("-5858") + self.headers("ora", "51") +
                      self.headers("13") + self.headers("OB_TIMEOUT"))
        self.assertEqual(self.headers(*words), one_by_one)

    def test_argument_belongs_to_the_code_before(self):
        self.assertEqual(self.headers("ora", "600", "-a", "5858", "ora", "600"),
                         self.headers("ora", "600", "-a", "5858") + self.headers("ora", "600"))
        self.assertEqual(self.own_numbers("ora", "942", "-a", "5201"), [5201])


class Unknown(Case):
    def say(self, *words, status=1, **more):
        done = self.ask(*words, status=status, **more)
        self.assertEqual(done.stdout, "", words)
        self.assertEqual(done.stderr.count("\n"), 1, done.stderr)
        return done.stderr

    def test_unknown(self):
        self.assertIn("abc: neither a number nor a symbol", self.say("abc"))
        self.assertIn("99999: ", self.say("99999"))
        self.assertIn("-1: OceanBase has no such code", self.say("-1"))
        for words in (("99999999999999999999",), ("ob", "2147483648"), ("my", "abc"), ("ORA-",),
                      ("1146x",), ("5024-",), ("--", "-x"), ("0x10",), ("1.5",),
                      (" 1146",), ("OB_NO_SUCH_SYMBOL",), ("ora", "MY-1146"), ("A" * 100_000,)):
            self.say(*words)

    def test_range_of_an_unknown_number(self):
        self.assertIn("1000 to 1999 are errors that a MySQL server sends", self.say("1999"))
        self.assertIn("2000 to 2999 are errors of MySQL's client library", self.say("my", "2999"))
        self.assertIn("50000 to 51999 are kept by MySQL", self.say("50001"))
        self.assertIn("4500 to 4999 are errors of OceanBase's RootService", self.say("-4555"))
        self.assertNotIn("MySQL server", self.say("-4555"))
        text = self.say("6999")
        self.assertIn("6000 to 6999 are errors of OceanBase's transactions and log", text)

    def test_a_family_that_has_the_number(self):
        self.assertIn("ORA-05858: ", self.say("ora", "5858"))
        self.assertIn("`ob_error ob 5858`", self.say("ora", "5858"))
        self.assertIn("`ob_error -600`", self.say("ora", "-600"))

    def test_argument(self):
        self.assertIn("OceanBase has no code -99999", self.say("ora", "600", "-a", "99999"))
        text = self.say("ora", "600", "-a", "5019")
        self.assertIn("-5019 is not among those with this number; `ob_error ob 5019`", text)
        self.assertIn("OB_TIMEOUT: OceanBase code -5019 is not", self.say("OB_TIMEOUT", "-a", "5019"))
        self.assertIn("abc: neither a number nor", self.say("abc", "-a", "5019"))

    def test_the_others_are_answered(self):
        done = self.ask("1146", "abc", "ora", "51", "-1", status=1)
        self.assertEqual([block.header for block in read_blocks(done.stdout)],
                         self.headers("1146") + self.headers("ora", "51"))
        self.assertEqual([line.split(":")[1] for line in done.stderr.splitlines()],
                         [" abc", " -1"])

    def test_usage(self):
        for words in ((), ("",), ("1146", ""), ("my",), ("1146", "ora"), ("my", "ora", "600"), ("-x",),
                      ("--nothing",), ("-",), ("-a",), ("600", "-a"), ("600", "-a=abc"),
                      ("600", "-a="), ("600", "-a", ""), ("600", "-a=99999999999"), ("-a", "5858"),
                      ("--lang",), ("--lang", "fr", "1146"), ("--lang=", "1146"), ("--arg=1", "600"),
                      ("--helpme",), ("--langzh", "13")):
            self.say(*words, status=64)

    def test_what_a_terminal_would_obey(self):
        self.assertIn("\\x1b[31m\\x0a", self.say("\x1b[31m\nOB"))
        self.assertNotIn("\x1b", self.say("--\x1b[31m", status=64))
        self.say("\udcff\udcfe")

    def test_many(self):
        done = self.ask(*["4012", "x"] * 5000, status=1)
        self.assertEqual(done.stdout.count("\n\n\nERROR 4012 ") + 1, 12 * 5000)
        self.assertEqual(done.stderr.count("\n"), 5000)


class Program(Case):
    def test_help(self):
        for words in (("--help",), ("-h",), ("1146", "-h")):
            text = self.ask(*words).stdout
            for part in ("usage: ob_error ", "--argument=ARG", "--version", "pls", "obe"):
                self.assertIn(part, text)
        self.assertIn("用法：ob_error ", self.ask("--lang", "zh", "-h").stdout)

    def test_version(self):
        for word in ("--version", "-V"):
            self.assertRegex(self.ask(word).stdout, r"\Aob_error \d+\.\d+\.\d+\n\Z")

    def test_language(self):
        english, chinese = self.ask("4000").stdout, self.ask("4000", "--lang", "zh").stdout
        self.assertIn("\n\nCause: ", english)
        self.assertRegex(chinese, r"\AERROR 4000 \(HY000\): Common error\n\n原因：.+\n\n解决方法：")
        for env, expected in (({"LANG": "zh_CN.UTF-8"}, chinese), ({"LANG": "en_US.UTF-8"}, english),
                              ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C"}, english),
                              ({"LANG": "C", "LC_MESSAGES": "zh_TW"}, chinese),
                              ({"LANG": "zh_CN.UTF-8", "LC_ALL": ""}, chinese)):
            self.assertEqual(self.ask("4000", env=env).stdout, expected, env)
        self.assertEqual(self.ask("--lang=en", "4000", env={"LANG": "zh_CN.UTF-8"}).stdout, english)
        self.assertIn("没有这个错误码", self.ask("--lang=zh", "-1", status=1).stderr)
        self.assertIn("客户端看到的是 ERROR 1302 (42000)", self.ask("--lang=zh", "5858").stdout)
        self.assertIn("另有 1483 个", self.ask("--lang=zh", "600").stdout)

    def test_chinese_has_no_english_texts(self):
        """Each line below the header begins with a label that Chinese has."""
        text = self.ask("--lang", "zh", "1064", "600", "13", "133", "MY-010048").stdout
        for line in filter(None, text.splitlines()):
            self.assertRegex(line, r"^(ERROR|ORA-|OS Error|MY-|原因：|解决方法：|OceanBase 错误码：|"
                                   r"MySQL：|另有)")

    def test_output_that_cannot_be_written(self):
        with open("/dev/full", "wb") as full:
            for word in ("5858", "--help", "--version"):
                done = self.ask(word, status=74, stdout=full)
                self.assertEqual(done.stderr,
                                 "ob_error: standard output: No space left on device\n")
        done = self.ask("5858", status=74, preexec_fn=lambda: os.close(1))
        self.assertIn("standard output", done.stderr)
        reading, writing = os.pipe()
        os.close(reading)
        with os.fdopen(writing, "wb") as pipe:
            self.ask("5858", status=74, stdout=pipe)


if __name__ == "__main__":
    unittest.main()
