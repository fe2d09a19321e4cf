"""
The portal: the same work as the command line, in a browser on this computer.

`server` starts and ends it, `gate` decides which requests are answered at
all, `desk` is what it knows while it runs, and `views` answer. What they
call is what the commands call.
"""
