"""Letters from templates: a name may have a default after a bar."""

from tokens import tokens


def render(template, values):
    return "".join(text if kind == "text" else value_of(text, values) for kind, text in tokens(template))


def value_of(name, values):
    name, bar, default = (part.strip() for part in name.partition("|"))
    if values.get(name) is not None:
        return str(values[name])
    if bar:
        return default
    raise KeyError(name)
