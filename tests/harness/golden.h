#ifndef TESTS_HARNESS_GOLDEN_H
#define TESTS_HARNESS_GOLDEN_H

/*
 * Compares text with tests/golden/NAME, byte for byte, and fails the running test where they
 * differ, saying where. The program's version stands as @VERSION@ in the files. A wanted change is
 * written into them by running the test with MIGDOCTOR_GOLDEN=write in the environment; read what
 * git diff then says. Tests run in the top folder.
 */
void golden_expect(const char *name, const char *text);

#endif
