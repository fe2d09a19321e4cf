"""
Write down a test's requests and answers, so that they can be given away and replayed.

`recorder` takes them, `scrubbing` takes out of them what the owner has, and
`cassette` writes the file. What goes in is chosen by allow-lists. Before a
byte is written everything is searched for every credential and signature, in
every spelling; one find and there is no file.
"""

from hashdata.recording.cassette import check_target, write
from hashdata.recording.recorder import KEPT_HEADERS, Leak, Recorder

__all__ = ["KEPT_HEADERS", "Leak", "Recorder", "check_target", "write"]
