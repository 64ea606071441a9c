"""``python3 -m dev <command>``: the commands of the developer tooling."""

import os
import shutil
import sys

OLDEST, NEWEST = (3, 11), (3, 13)


def choose_python():
    """Go on with a Python that the locked packages support, or say what to install.

    Written so that an older Python can read it.
    """
    if OLDEST <= sys.version_info[:2] <= NEWEST:
        return
    for minor in range(NEWEST[1], OLDEST[1] - 1, -1):
        other = shutil.which("python3.%d" % minor)  # noqa: UP031
        if other:
            os.execv(other, [other, "-m", "dev"] + sys.argv[1:])
    sys.exit(
        "✗ This is Python %d.%d; Odoo 19 and its packages need Python 3.11, 3.12 or 3.13: "  # noqa: UP031
        "install one of them and run 'python3.11 -m dev'." % sys.version_info[:2]
    )


choose_python()

from .commands import main  # noqa: E402

main()
