"""A corpus of mistakes: single edits of programs that are right, each with what should be said about it.

`ground` has what an edit is made on and how one is judged; `names`, `marks`, `habits` and `meanings` hold the kinds of
mistakes. What a kind expects is written down beside it and never looks at what the compiler says.
"""
