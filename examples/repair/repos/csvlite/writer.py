"""The other way round."""


def line(values):
    return ",".join(cell(value) for value in values)


def cell(value):
    text = "" if value is None else str(value)
    if any(mark in text for mark in ',"\n'):
        return '"' + text.replace('"', '""') + '"'
    return text
