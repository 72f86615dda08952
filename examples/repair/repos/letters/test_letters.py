import unittest

from render import render
from tokens import tokens


class Letters(unittest.TestCase):
    def test_names(self):
        self.assertEqual(render("Dear [ name ],", {"name": "Ada"}), "Dear Ada,")

    def test_text_after_the_last_name_stays(self):
        self.assertEqual(tokens("[a] b"), [("name", "a"), ("text", " b")])

    def test_defaults(self):
        self.assertEqual(render("Dear [name|friend]", {}), "Dear friend")

    def test_what_is_missing_is_an_error(self):
        with self.assertRaises(KeyError):
            render("[name]", {})
