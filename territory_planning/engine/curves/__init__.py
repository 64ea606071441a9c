"""The families of sales response functions, one class per file."""

from .adbudg import Adbudg
from .base import Curves
from .modified_exponential import ModifiedExponential
from .power import Power
from .products import Products
from .stacked import Stacked
from .tabulated import Tabulated

__all__ = [
    "Adbudg",
    "Curves",
    "ModifiedExponential",
    "Power",
    "Products",
    "Stacked",
    "Tabulated",
]
