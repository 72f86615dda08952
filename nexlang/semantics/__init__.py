"""Names, types, places, effects, termination: what a program means, and what is wrong with it.

Checking and elaboration are one pass: each expression's check gives its type and its core form, plain data in the
shape of `nexlang.ir` that `nexlang.lower` turns into the program. Nothing here prints or raises for a user's mistake.
"""
