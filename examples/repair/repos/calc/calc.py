"""Sums, products, signs and powers, by precedence."""

from lexer import lexed

LEVELS = {"+": 1, "-": 1, "*": 2, "/": 2, "**": 4}
SIGN = 3


def value(text):
    tokens = lexed(text)
    found = expression(tokens, 0)
    if tokens:
        raise SyntaxError(f"{tokens[0]} is too much")
    return found


def expression(tokens, least):
    left = operand(tokens)
    while tokens and LEVELS.get(tokens[0], 0) > least:
        operator = tokens.pop(0)
        right = expression(tokens, LEVELS[operator] - (operator == "**"))
        left = apply(operator, left, right)
    return left


def operand(tokens):
    if not tokens:
        raise SyntaxError("a number is missing")
    token = tokens.pop(0)
    if token == "-":
        return -expression(tokens, SIGN)
    if token == "(":
        found = expression(tokens, 0)
        if not tokens or tokens.pop(0) != ")":
            raise SyntaxError("a parenthesis is not closed")
        return found
    if isinstance(token, str):
        raise SyntaxError(f"{token} has nothing before it")
    return token


def apply(operator, left, right):
    if operator == "+":
        return left + right
    if operator == "-":
        return left - right
    if operator == "*":
        return left * right
    return left / right if operator == "/" else left**right
