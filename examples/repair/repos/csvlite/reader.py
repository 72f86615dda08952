"""Lines of values between commas; quotes hold commas, and two quotes are one."""


def values(line):
    found, current, quoted, i = [], "", False, 0
    while i < len(line):
        char = line[i]
        if quoted and char == '"' and line[i + 1 : i + 2] == '"':
            current += '"'
            i += 1
        elif char == '"':
            quoted = not quoted
        elif char == "," and not quoted:
            found.append(current)
            current = ""
        else:
            current += char
        i += 1
    return [*found, current]
