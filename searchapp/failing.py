"""Named points at which a build can be made to die, so that tests can prove what is left then.

    SEARCHAPP_FAILPOINT=synced searchapp build      ends with 137 where that point is reached

A build passes the points in this order, some of them only when it writes a generation. Where
the variable is not set, as always outside of tests, a point is one look into the environment.
"""

import os

VARIABLE = "SEARCHAPP_FAILPOINT"
DIED = 137  # as a shell tells of kill -9

POINTS = (
    "locked",  # leftovers of builds that died are gone
    "read",  # and what files gave is cached
    "joined",
    "started",  # gen-N.tmp is there, and empty
    "stored",  # phrases/ and works.sqlite
    "laid-out",  # arrays/
    "indexed",  # whoosh/
    "checked",
    "sealed",  # manifest.json
    "synced",  # every file and folder of gen-N.tmp
    "renamed",  # gen-N.tmp is gen-N
    "written-beside",  # CURRENT.tmp, and synced
    "current",
    "verified",  # verified.json
    "pruned",  # generations too many are gone
    "remembered",  # cache/postings.bin
    "noted",  # cache/inputs.json and origin
)


def reach(point: str) -> None:
    """Die here, as by kill -9, if that was asked for."""
    if os.environ.get(VARIABLE) == point:
        os._exit(DIED)
