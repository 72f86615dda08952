import unittest

from editor import Editor


class Editors(unittest.TestCase):
    def setUp(self):
        self.editor = Editor()
        self.editor.insert("hello")

    def test_insert_in_the_middle(self):
        self.editor.move(2)
        self.editor.insert("XX")
        self.assertEqual((self.editor.text, self.editor.at), ("heXXllo", 4))

    def test_delete_before_the_cursor(self):
        self.editor.delete(2)
        self.assertEqual(self.editor.text, "hel")

    def test_undo_and_redo(self):
        self.editor.delete()
        self.editor.undo()
        self.assertEqual(self.editor.text, "hello")
        self.editor.redo()
        self.assertEqual(self.editor.text, "hell")
