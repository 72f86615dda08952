"""Settings from a command line: `--set server.port=80`."""

from layers import merged
from paths import put


def typed(text):
    if text in ("true", "false"):
        return text == "true"
    try:
        return int(text)
    except ValueError:
        return text


def overridden(settings, words):
    layer = {}
    for word in words:
        path, _, text = word.partition("=")
        put(layer, path, typed(text))
    return merged(settings, layer)
