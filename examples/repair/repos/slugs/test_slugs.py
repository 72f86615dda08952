import unittest

from registry import Registry
from slugs import slug


class Slugs(unittest.TestCase):
    def test_words(self):
        self.assertEqual(slug("Hello, World!"), "hello-world")

    def test_long_titles_end_after_a_word(self):
        self.assertEqual(slug("The quick brown fox jumps"), "the-quick-brown-fox")

    def test_second_claim(self):
        registry = Registry()
        self.assertEqual([registry.claim("News"), registry.claim("news")], ["news", "news-2"])
