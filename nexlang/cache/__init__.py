"""What a check found, kept on disk: the same program again is answered from there, an edited one checked in part.

`check` gives what `nexlang.compile` would have found. A cached answer is for the very files, folders and compiler that
it was made with; whatever cannot be proven to be the same is checked anew.
"""

from nexlang.cache.answers import Answer, check
from nexlang.cache.store import Store, default_folder

__all__ = ["Answer", "Store", "check", "default_folder"]
