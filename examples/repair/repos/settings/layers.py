"""Settings in layers: a later one wins, mappings are merged, `None` takes away."""


def merged(*layers):
    found = {}
    for layer in layers:
        for name, value in layer.items():
            if value is None:
                found.pop(name, None)
            elif isinstance(value, dict):
                below = found.get(name)
                found[name] = merged(below if isinstance(below, dict) else {}, value)
            else:
                found[name] = value
    return found
