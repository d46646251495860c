"""How to run PostgreSQL programs when we are root, which PostgreSQL itself refuses to be."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from functools import cache

from akrab.platform.database.binaries import DatabaseUnavailable

NAMESPACE = ("unshare", "--user", "--map-user=1000", "--map-group=1000")
# nobody may pass folders of root, such as /root itself, on the way to the data folder it owns
CAPABLE = ("--inh-caps=+dac_override", "--ambient-caps=+dac_override")


@dataclass(frozen=True, slots=True)
class Account:
    """What to put before a command, and who must own the data folder (None: we do)."""

    prefix: tuple[str, ...] = ()
    owner: int | None = None
    group: int | None = None

    def own(self, path: str | os.PathLike[str]) -> None:
        if self.owner is not None and self.group is not None:
            os.chown(path, self.owner, self.group)


@cache
def current() -> Account:
    """Ourselves unless root; root uses a user namespace, else becomes nobody."""
    if os.geteuid() != 0:
        return Account()
    if works(NAMESPACE):
        return Account(NAMESPACE)
    return as_nobody()


def as_nobody() -> Account:
    nobody = pwd.getpwnam("nobody")
    become = ("setpriv", f"--reuid={nobody.pw_uid}", f"--regid={nobody.pw_gid}", "--clear-groups")
    chosen = next((prefix for prefix in ((*become, *CAPABLE), become) if works(prefix)), None)
    if chosen is None:
        raise DatabaseUnavailable(
            "The embedded database cannot run as root here: user namespaces are refused and setpriv is missing. "
            "Run Akrab as an ordinary user, or set AKRAB_DATABASE_URL to a PostgreSQL server."
        )
    return Account(chosen, nobody.pw_uid, nobody.pw_gid)


def works(prefix: tuple[str, ...]) -> bool:
    return bool(shutil.which(prefix[0])) and (subprocess.run([*prefix, "true"], capture_output=True, check=False).returncode == 0)
