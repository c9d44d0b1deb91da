"""The data plane: every model request passes here exactly once, bytes in, bytes out."""

from __future__ import annotations

from tokenpak.proxy.credentials import CredentialPassthrough

__all__ = ["CredentialPassthrough"]
