"""What can be changed while the proxy runs: settings of compression, combos and their routes."""

from tokenpak.policy.choose import Chosen, Route, check_pipeline, choose, named, with_mode
from tokenpak.policy.model import Combo, CompressionSettings, Policy, Step
from tokenpak.policy.store import PolicyStore

__all__ = [
    "Chosen",
    "Combo",
    "CompressionSettings",
    "Policy",
    "PolicyStore",
    "Route",
    "Step",
    "check_pipeline",
    "choose",
    "named",
    "with_mode",
]
