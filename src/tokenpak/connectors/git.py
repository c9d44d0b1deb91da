"""Documents of a git repository as they were at a revision, whatever its folder holds now."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tokenpak.connectors.document import Document, OnSkip, decoded, ignore
from tokenpak.connectors.filesystem import MAX_BYTES
from tokenpak.errors import SourceError

_REGULAR = ("100644", "100755")


class _Entry(NamedTuple):
    path: str
    blob: str
    size: int


class GitConnector:
    """The text files of *repository* at *revision*: a commit, branch or tag.

    Nothing is checked out. Links and submodules are left out. Raises SourceError if there is no
    repository, no such revision or no git.
    """

    def __init__(
        self,
        repository: str | Path,
        revision: str = "HEAD",
        *,
        max_bytes: int = MAX_BYTES,
        on_skip: OnSkip = ignore,
    ) -> None:
        self.repository = Path(repository)
        self.revision = revision
        self._max_bytes = max_bytes
        self._on_skip = on_skip
        self.commit = self._git(
            "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}"
        ).decode().strip()  # fmt: skip

    def __iter__(self) -> Iterator[Document]:
        """The documents. Raises SourceError if git fails."""
        entries = sorted(self._entries())
        with self._started("cat-file", "--batch") as git:
            assert git.stdin and git.stdout
            try:
                for entry in entries:
                    git.stdin.write(f"{entry.blob}\n".encode())
                    git.stdin.flush()
                    git.stdout.readline()
                    data = git.stdout.read(entry.size + 1)[:-1]
                    text = decoded(data)
                    if text is None:
                        self._on_skip(entry.path, "binary")
                    else:
                        yield Document(entry.path, text, self._provenance(entry))
            finally:
                git.stdin.close()
                git.stdout.close()

    def _provenance(self, entry: _Entry) -> dict[str, str | int | float | list[str]]:
        return {
            "source": "git",
            "repository": str(self.repository),
            "revision": self.revision,
            "commit": self.commit,
            "blob": entry.blob,
        }

    def _entries(self) -> Iterator[_Entry]:
        listed = self._git("ls-tree", "-r", "-z", "--long", "--full-tree", self.commit)
        for record in listed.split(b"\0")[:-1]:
            about, _, name = record.partition(b"\t")
            mode, _, blob, size = about.decode().split()
            path = name.decode("utf-8", "backslashreplace")
            if mode not in _REGULAR:
                continue
            if int(size) > self._max_bytes:
                self._on_skip(path, f"{int(size):,} bytes, more than {self._max_bytes:,}")
                continue
            yield _Entry(path, blob, int(size))

    def _git(self, *arguments: str) -> bytes:
        with self._started(*arguments) as git:
            output, _ = git.communicate()
        if git.returncode:
            raise SourceError(
                f"{self.repository}: git gives nothing for revision {self.revision!r}; "
                "expected a repository and a commit, branch or tag of it"
            )
        return output

    def _started(self, *arguments: str) -> subprocess.Popen[bytes]:
        try:
            return subprocess.Popen(
                ["git", "-C", str(self.repository), *arguments],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        except OSError as error:
            raise SourceError(f"{self.repository}: git cannot be started: {error}") from error
