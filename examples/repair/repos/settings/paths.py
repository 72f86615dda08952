"""Settings by dotted paths."""


def get(settings, path, default=None):
    for name in path.split("."):
        if not isinstance(settings, dict) or name not in settings:
            return default
        settings = settings[name]
    return settings


def put(settings, path, value):
    *above, last = path.split(".")
    for name in above:
        settings = settings.setdefault(name, {})
    settings[last] = value
