"""The system calls that a sandbox refuses, as a seccomp filter: what would hold memory that no limit counts, leave the
namespaces, look into other processes, or reach the machine around the network's namespace."""

from __future__ import annotations

import platform
import struct

_COMMON = {
    "io_uring_setup": 425, "io_uring_enter": 426, "io_uring_register": 427, "open_tree": 428, "move_mount": 429,
    "fsopen": 430, "fsconfig": 431, "fsmount": 432, "fspick": 433, "mount_setattr": 442, "memfd_secret": 447,
}  # fmt: skip
_X86_64 = {
    "shmget": 29, "semget": 64, "msgget": 68, "ptrace": 101, "pivot_root": 155, "chroot": 161, "mount": 165,
    "umount2": 166, "swapon": 167, "reboot": 169, "init_module": 175, "delete_module": 176, "mq_open": 240,
    "kexec_load": 246, "add_key": 248, "request_key": 249, "keyctl": 250, "unshare": 272, "perf_event_open": 298,
    "open_by_handle_at": 304, "setns": 308, "process_vm_readv": 310, "process_vm_writev": 311, "finit_module": 313,
    "memfd_create": 319, "bpf": 321, "userfaultfd": 323,
}  # fmt: skip
_AARCH64 = {
    "umount2": 39, "mount": 40, "pivot_root": 41, "chroot": 51, "unshare": 97, "kexec_load": 104, "init_module": 105,
    "delete_module": 106, "ptrace": 117, "reboot": 142, "mq_open": 180, "msgget": 186, "semget": 190, "shmget": 194,
    "add_key": 217, "request_key": 218, "keyctl": 219, "swapon": 224, "perf_event_open": 241, "open_by_handle_at": 265,
    "setns": 268, "process_vm_readv": 270, "process_vm_writev": 271, "finit_module": 273, "memfd_create": 279,
    "bpf": 280, "userfaultfd": 282,
}  # fmt: skip
_CLONE3 = 435
# Of each machine: its audit number, the refused calls, and the numbers of clone and socket.
MACHINES = {
    "x86_64": (0xC000003E, {**_COMMON, **_X86_64}, 56, 41),
    "aarch64": (0xC00000B7, {**_COMMON, **_AARCH64}, 220, 198),
}
_NAMESPACES = 0x7E020000
"""The flags of clone that make namespaces."""
_FAMILIES = (1, 2, 10, 16)
"""Sockets within the machine, of both internets, and netlink; the network's namespace holds all of them."""

_NUMBER, _MACHINE, _FIRST = 0, 4, 16
_ALLOW, _KILL, _REFUSE = 0x7FFF0000, 0x80000000, 0x00050000
_EPERM, _ENOSYS = 1, 38
_LOAD, _EQUAL, _ATLEAST, _ANY, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06


def machine() -> str:
    return platform.machine().lower()


def filter_of(machine: str) -> bytes:
    """The filter for a machine among `MACHINES`, as bubblewrap reads it."""
    audit, refused, clone, socket = MACHINES[machine]
    code = [(_LOAD, 0, 0, _MACHINE), (_EQUAL, 1, 0, audit), (_RETURN, 0, 0, _KILL), (_LOAD, 0, 0, _NUMBER)]
    code += [(_ATLEAST, 0, 1, 0x40000000), (_RETURN, 0, 0, _REFUSE | _ENOSYS)]
    code += [(_EQUAL, 0, 1, _CLONE3), (_RETURN, 0, 0, _REFUSE | _ENOSYS)]
    for number in sorted(refused.values()):
        code += [(_EQUAL, 0, 1, number), (_RETURN, 0, 0, _REFUSE | _EPERM)]
    code += [(_EQUAL, 0, 4, clone), (_LOAD, 0, 0, _FIRST), (_ANY, 0, 1, _NAMESPACES)]
    code += [(_RETURN, 0, 0, _REFUSE | _EPERM), (_RETURN, 0, 0, _ALLOW)]
    code += [(_EQUAL, 0, len(_FAMILIES) + 2, socket), (_LOAD, 0, 0, _FIRST)]
    code += [(_EQUAL, len(_FAMILIES) - place, 0, family) for place, family in enumerate(_FAMILIES)]
    code += [(_RETURN, 0, 0, _REFUSE | _EPERM), (_RETURN, 0, 0, _ALLOW)]
    return b"".join(struct.pack("<HBBI", *line) for line in code)
