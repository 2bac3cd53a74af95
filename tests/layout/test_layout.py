"""The arrows between the folders hold, and the check that says so would notice if they did not."""

import tempfile
import unittest
from pathlib import Path

from arrows import MAY_INCLUDE, PARTS
from includes import violations

ROOT = Path(__file__).resolve().parents[2]


class TheHouse(unittest.TestCase):
    def test_every_include_follows_the_arrows(self):
        self.assertEqual([], violations(ROOT))

    def test_core_knows_no_other_folder(self):
        self.assertEqual(set(), MAY_INCLUDE["core"])

    def test_no_part_knows_another_part(self):
        for part in PARTS:
            self.assertFalse(MAY_INCLUDE[part] & PARTS)

    def test_the_arrows_have_no_cycle(self):
        def walk(folder, above):
            self.assertNotIn(folder, above)
            for below in MAY_INCLUDE.get(folder, ()):
                walk(below, above | {folder})

        walk("app", frozenset())


class TheCheck(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.root = Path(scratch.name)
        self.write("lib/core/ids.hpp", "")
        self.write("ingest/session.hpp", "")
        self.write("schemas/parley/v1/command.proto", "")

    def write(self, path, text):
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def assert_found(self, path, text, expected):
        self.write(path, text)
        found = violations(self.root)
        self.assertEqual(1, len(found), found)
        self.assertIn(expected, found[0])

    def test_what_is_allowed_passes(self):
        self.write("lib/codec/a.cpp", '#include "core/ids.hpp"\n#include "parley/v1/command.pb.h"\n#include <nlohmann/json.hpp>\n')
        self.assertEqual([], violations(self.root))

    def test_a_library_that_includes_the_domain_is_found(self):
        self.assert_found("lib/net/a.cpp", '#include "core/ids.hpp"\n', "net may not include")

    def test_a_part_that_includes_another_is_found(self):
        self.assert_found("projector/a.cpp", '#include "ingest/session.hpp"\n', "projector may not include")

    def test_a_library_in_the_wrong_folder_is_found(self):
        self.assert_found("ingest/a.cpp", "#include <boost/beast/core.hpp>\n", "lib/net/ alone")

    def test_an_include_without_its_folder_is_found(self):
        self.assert_found("lib/core/a.cpp", '#include "ids.hpp"\n', "does not begin with the folder")

    def test_an_include_of_nothing_is_found(self):
        self.assert_found("lib/core/a.cpp", '#include "core/gone.hpp"\n', "is not there")

    def test_a_forbidden_link_is_found(self):
        self.assert_found("lib/store/CMakeLists.txt", "parley_library(store DEPS parley::core)\n", "parley::core")


if __name__ == "__main__":
    unittest.main()
