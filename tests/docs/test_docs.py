"""What the documents say of options, metrics and files is what there is. Usage: test_docs.py PARLEY"""

import re
import subprocess
import sys
import unittest

from program import help_of, metrics_in_source, verbs
from tables import ROOT, broken_links, documented_metrics, documented_options, documented_verbs, markdown_files

PARLEY = sys.argv.pop()
OPTIONS = documented_options()


class TheOptions(unittest.TestCase):
    """docs/operations.md has each option with the verbs that take it, its default and its range, as `--help` does."""

    def test_every_verb_has_its_letter(self):
        self.assertEqual(verbs(PARLEY), set(documented_verbs().values()))

    def test_every_option_of_every_verb_is_documented_and_no_other(self):
        for letter, verb in documented_verbs().items():
            with self.subTest(verb):
                documented = {name for name, option in OPTIONS.items() if letter in option.of}
                self.assertEqual(set(help_of(PARLEY, verb)), documented)

    def test_defaults_and_ranges_are_those_of_the_program(self):
        for letter, verb in documented_verbs().items():
            for name, has in help_of(PARLEY, verb).items():
                with self.subTest(f"{verb} {name}"):
                    self.assertEqual(has.default, OPTIONS[name].default)
                    self.assertEqual(has.range, OPTIONS[name].range)

    def test_every_option_says_what_it_is(self):
        self.assertEqual([], [name for name, option in OPTIONS.items() if not option.meaning])


class TheMetrics(unittest.TestCase):
    def test_every_metric_of_the_source_is_documented_and_no_other(self):
        self.assertEqual(metrics_in_source(ROOT), documented_metrics())


class TheLinks(unittest.TestCase):
    def test_there_are_documents(self):
        names = {path.relative_to(ROOT).as_posix() for path in markdown_files()}
        self.assertLessEqual({"README.md", "CONTRIBUTING.md", "docs/operations.md"}, names)

    def test_every_link_to_a_file_or_heading_leads_there(self):
        for path in markdown_files():
            with self.subTest(path.relative_to(ROOT).as_posix()):
                self.assertEqual([], broken_links(path))

    def test_every_library_and_part_has_a_readme(self):
        folders = [f for f in (ROOT / "lib").iterdir() if f.is_dir()]
        folders += [ROOT / name for name in ["app", "ingest", "projector", "broadcaster", "query-api", "schemas"]]
        self.assertEqual([], [f.name for f in folders if not (f / "README.md").exists()])


class TheReadme(unittest.TestCase):
    def test_its_verbs_are_verbs(self):
        said = set(re.findall(r"(?:^| |`|/)parley ([a-z][a-z-]+)", (ROOT / "README.md").read_text(encoding="utf-8")))
        self.assertTrue(said)
        self.assertLessEqual(said, verbs(PARLEY))

    def test_dev_knows_the_verbs_that_it_names(self):
        said = set(re.findall(r"\./dev ([a-z]+)", (ROOT / "README.md").read_text(encoding="utf-8")))
        known = subprocess.run([ROOT / "dev", "help"], capture_output=True, text=True, check=True).stdout
        self.assertEqual([], [verb for verb in said if not re.search(rf"\./dev {verb}\b", known)])


if __name__ == "__main__":
    unittest.main()
