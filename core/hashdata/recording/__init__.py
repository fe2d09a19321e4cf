"""
Write down a test's requests and answers, so that they can be given away and replayed.

`recorder` takes them, `scrubbing` replaces in them what the owner has, and
`cassette` writes the file. What stays is chosen by allow-lists: `fields` and
`vocabulary` hold them, `treatment` decides, and `standins` and `numerals` make
what stands there instead. Before a byte is written everything is searched for
every credential and signature, in every spelling; one find and there is no
file.

Whoever is given a file looks at it with `checking`: `reading` takes it apart
as hostile input, `suspects` looks for what should not be in it, and `meanings`
asks the installed connectors what its answers say.
"""

from hashdata.recording.cassette import check_target, write
from hashdata.recording.recorder import KEPT_HEADERS, Leak, Recorder

__all__ = ["KEPT_HEADERS", "Leak", "Recorder", "check_target", "write"]
