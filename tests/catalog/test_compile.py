"""The compiler of the catalog: what it writes, and every entry that it refuses.

Takes the build folder, which holds the program `compile`, from MIGDOCTOR_BUILD.
"""

import os
import pathlib
import subprocess
import tempfile
import unittest

COMPILE = pathlib.Path(os.environ.get("MIGDOCTOR_BUILD", "build")).resolve() / "compile"

BOTH = '{en: "a", zh: "b"}'
TEXTS = 'verbatim: {en: "{1}", zh: "{1}"}\none-of: {en: "{1|or}", zh: "{1|or}"}\n'
HEAD = 'family: dts\nshown: "DTS {code}"\nsource: the service\ncodes:\n'


def entry(code='"-1"', rest=""):
    return f"  - code: {code}\n    title: {BOTH}\n    cause: {BOTH}\n    fix: {BOTH}\n{rest}"


class Case(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.out = self.folder / "out"
        self.out.mkdir()

    def run_compile(self, *arguments):
        return subprocess.run([COMPILE, *arguments], cwd=self.folder, capture_output=True, timeout=60)

    def compile(self, texts=TEXTS, codes=HEAD + entry(), profiles=None):
        """Each of texts and codes is a file's content, or a list of such."""
        arguments = ["out"]
        for option, contents in (("texts", texts), ("codes", codes)):
            arguments.append(f"--{option}")
            for number, content in enumerate([contents] if isinstance(contents, (str, bytes)) else contents):
                path = self.folder / f"{option}{number}.yaml"
                path.write_bytes(content if isinstance(content, bytes) else content.encode())
                arguments.append(path.name)
        arguments.append("--profiles")
        for name, content in (profiles or {}).items():
            path = self.folder / name
            path.parent.mkdir(exist_ok=True)
            path.write_text(content)
            arguments.append(name)
        return self.run_compile(*arguments)

    def refuses(self, message, status=78, **files):
        result = self.compile(**files)
        self.assertEqual(result.stderr.decode(), message + "\n")
        self.assertEqual(result.returncode, status)
        self.assertEqual(result.stdout, b"")
        self.assertEqual(list(self.out.iterdir()), [])

    def refuses_entry(self, message, text):
        self.refuses(f"codes0.yaml:{message}", codes=HEAD + text)

    def refuses_texts(self, message, text):
        self.refuses(f"texts0.yaml:{message}", texts=text)


class Written(Case):
    def test_tables_compile_and_say_what_was_written(self):
        codes = HEAD + entry('"-2"', '    level: fatal\n    message: "a??/ \\"%s\\" \\\\ {x}"\n') + \
            entry('"-1#1"', "    source: another\n") + entry('"A-{type}-1"') + entry('"B-{code}"')
        text = "name: p\ntitle: 'x\"y'\n"
        result = self.compile(codes=codes, texts=TEXTS + 'a.b-c: {en: "caf\u00e9", zh: "\u4e2d\u6587"}\n',
                              profiles={"p.yaml": text})
        self.assertEqual((result.returncode, result.stderr), (0, b""))
        ids = (self.out / "text_ids.h").read_text()
        names = [line.strip(" \t,") for line in ids.splitlines() if line.startswith("\t")]
        self.assertEqual(names, ["TEXT_NONE", "TEXT_a_b_c", "TEXT_one_of", "TEXT_verbatim", "TEXT_COUNT"])
        self.assertNotIn("#include", ids)
        self.assertTrue((self.out / "tables.c").read_bytes().isascii())
        self.assertEqual(self.show(), [
            "dts:-1#1|dts|DTS -1|0|(null)|a|b|another",
            "dts:-2|dts|DTS -2|3|a??/ \"%s\" \\ {x}|a|b|the service",
            "dts:A-{type}-1|dts|DTS A-{type}-1|0|(null)|a|b|the service",
            "dts:B-{code}|dts|DTS B-{code}|0|(null)|a|b|the service",
            "caf\u00e9", "\u4e2d\u6587", f"p {len(text)} " + text.replace("\n", "$")])

    def show(self):
        """Compiles the tables with a small program that prints them."""
        top = pathlib.Path(__file__).resolve().parents[2]
        (self.folder / "gen").symlink_to("out")
        (self.folder / "show.c").write_text(r'''
#include "catalog/catalog.h"
#include "catalog/tables.h"
#include <stdio.h>
int main(void)
{
	for (size_t i = 0; i < table_catalog_count; i++) {
		const struct catalog_row *row = &table_catalog[i];
		const char *message = table_string(row->message);
		printf("%s|%s|%s|%u|%s|%s|%s|%s\n", table_string(row->id), table_string(row->family),
		       table_string(row->shown), row->level, message ? message : "(null)",
		       table_string(row->fix[0]), table_string(row->fix[1]), table_string(row->source));
	}
	puts(table_string(table_texts[TEXT_a_b_c].in[LANG_EN]));
	puts(table_string(table_texts[TEXT_a_b_c].in[LANG_ZH]));
	printf("%s %u ", table_string(table_profiles[0].name), table_profiles[0].length);
	for (const char *c = table_string(table_profiles[0].text); *c; c++)
		putchar(*c == '\n' ? '$' : *c);
	return (int)table_profiles_count - 1;
}
''')
        subprocess.run([os.environ.get("CC", "gcc"), "-std=gnu17", "-Wall", "-Wextra", "-Werror", "-I", top,
                        "-I", ".", "-o", "show", "show.c", "out/tables.c"], cwd=self.folder, check=True)
        shown = subprocess.run(["./show"], cwd=self.folder, check=True, capture_output=True)
        return shown.stdout.decode().splitlines()

    def test_nothing_at_all(self):
        result = self.run_compile("out", "--texts", "--codes", "--profiles")
        self.assertEqual((result.returncode, result.stderr), (0, b""))
        self.assertIn("table_catalog_count = 0", (self.out / "tables.c").read_text())

    def test_files_are_written_only_if_they_change(self):
        def stamps():
            return {path.name: path.stat().st_mtime_ns for path in self.out.iterdir()}

        self.compile()
        for path in self.out.iterdir():
            os.utime(path, (1, 1))
        old = stamps()
        self.compile()
        self.assertEqual(stamps(), old)
        self.compile(codes=HEAD + entry('"-3"'))
        self.assertEqual(stamps()["text_ids.h"], old["text_ids.h"])
        self.assertNotEqual(stamps()["tables.c"], old["tables.c"])
        self.compile(texts=TEXTS + f"further: {BOTH}\n")
        self.assertNotEqual(stamps()["text_ids.h"], old["text_ids.h"])

    def test_the_order_of_files_decides_nothing(self):
        files = [HEAD + entry('"-1"'), HEAD.replace("dts", "md") + entry('"7"')]
        self.compile(codes=files)
        first = (self.out / "tables.c").read_text()
        self.compile(codes=files[::-1])
        self.assertEqual((self.out / "tables.c").read_text(), first)

    def test_ten_thousand_codes(self):
        codes = HEAD + "".join(
            f'  - code: "{i}"\n    title: {{en: "title {i}", zh: "\u6807\u9898 {i}"}}\n'
            f'    cause: {{en: "cause {i}", zh: "\u539f\u56e0 {i}"}}\n'
            f'    fix: {{en: "fix {i}", zh: "\u529e\u6cd5 {i}"}}\n' for i in range(10000))
        result = self.compile(codes=codes)
        self.assertEqual((result.returncode, result.stderr), (0, b""))
        self.assertIn("table_catalog_count = 10000", (self.out / "tables.c").read_text())


class Refused(Case):
    def test_keys(self):
        self.refuses_entry('9:5: an entry has no key "fixx"; did you mean "fix"?', entry(rest=f"    fixx: {BOTH}\n"))
        self.refuses_entry('9:5: an entry has no key "colour"; it may have: code, level, symbol, sqlstate, kind, '
                           "since, mysql, ora, pls, usual, message, ora_message, match, class, title, cause, fix or source", entry(rest="    colour: red\n"))
        self.refuses_entry("5:5: an entry is a text; it should be a map of `key: value`", "  - abc\n")
        self.refuses('codes0.yaml:1:1: a file of codes has no key "famly"; did you mean "family"?',
                     codes=(HEAD + entry()).replace("family", "famly"))
        for key, line in (("family", "family: dts\n"), ("shown", 'shown: "DTS {code}"\n'),
                          ("source", "source: the service\n")):
            self.refuses(f'codes0.yaml:1:1: a file of codes lacks "{key}"; add it',
                         codes=(HEAD + entry()).replace(line, ""))
        self.refuses('codes0.yaml:1:1: a file of codes lacks "codes"; add it', codes=HEAD.replace("codes:\n", ""))
        self.refuses('codes0.yaml:4:7: "codes" is empty; it should be a list', codes=HEAD)
        self.refuses("codes0.yaml:1:1: a file of codes is empty; it should be a map of `key: value`", codes="")

    def test_missing_parts(self):
        for key in ("title", "cause", "fix"):
            self.refuses_entry(f'5:5: an entry lacks "{key}"; write it, or name a class that has it', entry().replace(f"    {key}: {BOTH}\n", ""))
        self.refuses_entry('5:5: an entry lacks "code"; add it', entry().replace('code: "-1"\n    ', ""))

    def test_classes(self):
        head = HEAD.replace("codes:", f"classes:\n  known: {{cause: {BOTH}}}\ncodes:")
        bare = f'  - code: "-1"\n    title: {BOTH}\n    class: known\n'
        self.refuses('codes0.yaml:7:5: an entry lacks "fix"; write it, or name a class that has it', codes=head + bare)
        self.refuses('codes0.yaml:9:12: "unknown" is no class of this file; `classes:` lists them',
                     codes=head + bare.replace("known", "unknown"))
        self.refuses('codes0.yaml:7:12: "known" is no class of this file; `classes:` lists them',
                     codes=HEAD + bare)
        self.assertEqual(self.compile(codes=head + bare + f"    fix: {BOTH}\n").returncode, 0)

    def test_numbers(self):
        self.refuses_entry('9:12: "mysql" is "-5"; it should be a whole number from 0 to 2147483647',
                           entry(rest="    mysql: -5\n"))
        self.refuses_entry('9:10: "ora" is "x"; it should be a whole number from 0 to 2147483647',
                           entry(rest="    ora: x\n"))

    def test_languages(self):
        for key, line in (("title", 6), ("cause", 7), ("fix", 8)):
            def changed(both):
                return entry().replace(f"{key}: {BOTH}", f"{key}: {both}")
            column = 7 + len(key)
            self.refuses_entry(f'{line}:{column}: "{key}" lacks "zh"; add it', changed("{en: a}"))
            self.refuses_entry(f'{line}:{column}: "{key}" lacks "en"; add it', changed("{zh: a}"))
            self.refuses_entry(f'{line}:{column + 12}: "zh" of "{key}" is empty; write the text',
                               changed('{en: a, zh: ""}'))
            self.refuses_entry(f'{line}:{column + 8}: "{key}" has no key "fr"; it may have: en or zh',
                               changed("{en: a, fr: b}"))
            self.refuses_entry(f'{line}:{column}: "{key}" is a text; it should be a text in both languages: '
                               '{en: "...", zh: "..."}', changed("a"))

    def test_level(self):
        self.refuses_entry('9:12: "level" is "eror"; it should be warning, error or fatal; did you mean "error"?',
                           entry(rest="    level: eror\n"))
        self.refuses_entry('9:12: "level" is "ERROR"; it should be warning, error or fatal; did you mean "error"?',
                           entry(rest="    level: ERROR\n"))

    def test_code(self):
        self.refuses_entry('5:11: "dts:-1" names a family; write the code alone: the family of this file is dts',
                           entry('"dts:-1"'))
        self.refuses_entry('5:11: "oms:CM" names a family; write the code alone: the family of this file is dts',
                           entry('"oms:CM"'))
        for code in ("a b", "a\u00e9", "a'b", "a`b"):
            self.refuses_entry(f'5:11: "{code}" is no code; codes are printable ASCII without spaces, quotes and '
                               "backslashes", entry(f'"{code}"'))
        self.refuses_entry('5:11: "code" is empty; write the text', entry('""'))

    def test_family_and_shown(self):
        self.refuses('codes0.yaml:1:9: "DTS" is no family; use lower-case letters and digits',
                     codes=HEAD.replace("family: dts", "family: DTS") + entry())
        self.refuses('codes0.yaml:2:8: "shown" lacks {code}; write where the code stands, as in "DTS {code}"',
                     codes=HEAD.replace("{code}", "") .replace("DTS ", "DTS") + entry())

    def test_duplicates(self):
        self.refuses_entry("9:5: dts:-1 stands twice, first in codes0.yaml:5; remove one, or end the codes with #1 "
                           "and #2 if it has two meanings", entry() + entry())
        self.refuses("codes1.yaml:9:5: dts:-1 stands twice, first in codes0.yaml:5; remove one, or end the codes "
                     "with #1 and #2 if it has two meanings",
                     codes=[HEAD + entry(), HEAD + entry('"-2"') + entry()])
        self.refuses_texts('2:1: the key "a" stands twice in one map, first in line 1; remove one',
                           f"a: {BOTH}\na: {BOTH}\n")
        self.refuses('texts1.yaml:1:1: "a" is TEXT_a in C, as "a" in texts0.yaml:1 is; give it another name',
                     texts=[f"a: {BOTH}\n", f"a: {BOTH}\n"])

    def test_texts_that_collide_in_c(self):
        self.refuses_texts('3:1: "a-b" is TEXT_a_b in C, as "a.b" in texts0.yaml:1 is; give it another name',
                           f"a.b: {BOTH}\nc: {BOTH}\na-b: {BOTH}\n")

    def test_names_of_texts(self):
        for name in ("A", "a_b", "a b", "a/b", "\u4e2d"):
            self.refuses_texts("1:1: a text's name is lower-case letters, digits, '-' and '.', and "
                               f'"{name}" is not', f"{name}: {BOTH}\n")
        self.refuses_texts('1:1: a file of texts is a map of `name: {en: "...", zh: "..."}`', "[a]")
        self.refuses_texts('1:4: "a" lacks "zh"; add it', "a: {en: b}")
        self.refuses_texts('1:4: "a" is a text; it should be a text in both languages: {en: "...", zh: "..."}', "a: b")

    def test_placeholders(self):
        wrong = "is no placeholder; they are {1} to {4}, and {1|or} to {4|or} for lists"
        self.refuses_texts(f'1:9: "{{0}}" {wrong}', 'a: {en: "{0}", zh: "{0}"}')
        self.refuses_texts(f'1:9: "{{5}}" {wrong}', 'a: {en: "{5}", zh: "{5}"}')
        self.refuses_texts(f'1:9: "{{1|and}}" {wrong}', 'a: {en: "{1|and}", zh: "{1}"}')
        self.refuses_texts(f'1:9: "{{1" {wrong}', 'a: {en: "{1", zh: "{1}"}')
        differ = "1:4: the languages differ in their placeholders; use the same ones, as {1} or {1|or}, in both"
        self.refuses_texts(differ, 'a: {en: "{1} {2}", zh: "{1}"}')
        self.refuses_texts(differ, 'a: {en: "{1|or}.", zh: "{1}."}')
        self.refuses_texts(differ, 'a: {en: "{1}", zh: "{2}."}')
        result = self.compile(texts=TEXTS + 'a: {en: "{x} {} {1}", zh: "{1} {y"}\nb: {en: "{1}", zh: "{2}"}\n')
        self.assertEqual((result.returncode, result.stderr), (0, b""))

    def test_characters(self):
        for escape, byte in (("\\n", "0a"), ("\\t", "09"), ("\\e", "1b"), ("\\x7f", "7f"), ("\\u0085", "c2"),
                             ("\\u202e", "e2"), ("\\u2066", "e2")):
            what = f"holds a control character (byte 0x{byte} at 1); a text is one paragraph of plain characters"
            self.refuses_texts(f'1:9: "en" {what}', f'a: {{en: "b{escape}c", zh: "b"}}')
            self.refuses_entry(f'9:14: "message" {what}', entry(rest=f'    message: "b{escape}c"\n'))
        self.refuses_texts("1:9: \"en\" begins or ends with a space; remove it", 'a: {en: "b ", zh: "b"}')
        self.refuses_texts("1:18: \"zh\" begins or ends with a space; remove it", 'a: {en: "b", zh: " b"}')
        self.refuses_texts('2:7: "en" ends in a line break; begin the block with >- or |-', "a:\n  en: >\n    b\n  zh: b\n")
        self.refuses_texts("1:10: this is not UTF-8; save the file as UTF-8", b'a: {en: "\xff", zh: "b"}')
        self.refuses_texts("1:10: a control character, U+0007; remove it", b'a: {en: "\x07", zh: "b"}')
        self.refuses_texts("2:1: a tab in the indentation; YAML indents with spaces", "a:\n\ten: b\n")

    def test_profiles(self):
        self.refuses("p.yaml:1:4: a text cannot begin with this character; put it in quotes",
                     profiles={"p.yaml": "a: @\n"})
        self.refuses("p.txt: a built-in profile is a file NAME.yaml", profiles={"p.txt": "a: b\n"})
        self.refuses("b/p.yaml: a/p.yaml has the same name; rename one",
                     profiles={"a/p.yaml": "a: b\n", "b/p.yaml": "a: b\n"})

    def test_files_that_cannot_be_read_or_written(self):
        result = self.run_compile("out", "--texts", "absent.yaml")
        self.assertEqual(result.stderr.decode(), "absent.yaml: cannot be read: No such file or directory; check "
                                                 "the path and the permissions\n")
        self.assertEqual(result.returncode, 78)
        result = self.run_compile("absent", "--texts")
        self.assertEqual(result.stderr.decode(), "absent/text_ids.h: cannot be written: No such file or directory\n")
        self.assertEqual(result.returncode, 74)
        (self.out / "text_ids.h").symlink_to("/dev/full")
        result = self.run_compile("out", "--texts")
        self.assertEqual(result.stderr.decode(), "out/text_ids.h: cannot be written: No space left on device\n")
        self.assertEqual(result.returncode, 74)

    def test_errors_of_mariadb(self):
        mysql = HEAD.replace("dts", "mysql") + entry('"1000"', "    symbol: ER_SLAVE_A\n")
        maria = HEAD.replace("dts", "mariadb").replace("codes:", "numbered_by: mysqld_error.h\ncodes:") + \
            entry("ER_OWN") + entry("ER_OF_ANOTHER_RELEASE") + entry('"*"')
        header = self.folder / "mysqld_error.h"
        header.write_text("#define ER_ERROR_FIRST 1000\n#define ER_REPLICA_A 1000\n#define ER_OWN 1001\n"
                          "#define ER_UNUSED_1 1002\n#define ER_NEW 1003\n#define ER_ERROR_LAST 1003\n")
        for name, text in (("texts.yaml", TEXTS), ("mysql.yaml", mysql), ("maria.yaml", maria)):
            (self.folder / name).write_text(text)
        arguments = ["out", "--texts", "texts.yaml", "--codes", "mysql.yaml", "maria.yaml", "--profiles"]
        result = self.run_compile(*arguments, "--mariadb-errors", "mysqld_error.h")
        self.assertEqual(result.stderr, b"")
        tables = (self.out / "tables.c").read_text()
        for there in ("mysql:1000", "mariadb:1001", "mariadb:1003", "ER_NEW"):
            self.assertIn(there, tables)
        for not_there in ("mariadb:1000", "mariadb:1002", "ER_OF_ANOTHER_RELEASE", "mariadb:*"):
            self.assertNotIn(not_there, tables)
        header.write_text("nothing\n")
        result = self.run_compile(*arguments, "--mariadb-errors", "mysqld_error.h")
        self.assertEqual(result.stderr.decode(), "mysqld_error.h: has no line #define ER_... NUMBER; "
                         "it should be mysqld_error.h\n")
        self.assertEqual(result.returncode, 78)

    def test_usage(self):
        usage = "usage: compile OUTDIR --texts FILE... --codes FILE... --profiles FILE... [--mariadb-errors FILE]\n"
        for arguments in ((), ("out",), ("--texts",), ("out", "a.yaml"), ("out", "--text", "a.yaml")):
            result = self.run_compile(*arguments)
            self.assertEqual((result.returncode, result.stderr.decode()), (64, usage))


if __name__ == "__main__":
    unittest.main()
