"""RTK: tool outputs by the command that printed them; what speaks of failure always survives."""

from tokenpak.engines.rtk.filtering import Filtered, apply

__all__ = ["Filtered", "apply"]
