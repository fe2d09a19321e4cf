"""
The folder in which hashdata keeps what it stores, and how it reads and writes there.

`place` says where the folder and its files are, `files` reads and replaces
them so that a crash loses nothing, and `locks` lets one process write at a time.
"""

from hashdata.home.files import check_folder, read_lines, read_private, remove, replace, sweep, write_new
from hashdata.home.locks import locked
from hashdata.home.place import VARIABLE, Home, find_home

__all__ = [
    "VARIABLE",
    "Home",
    "check_folder",
    "find_home",
    "locked",
    "read_lines",
    "read_private",
    "remove",
    "replace",
    "sweep",
    "write_new",
]
