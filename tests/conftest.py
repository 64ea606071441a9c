"""What the tests without a database share."""

import sys
from pathlib import Path
from types import ModuleType

import pytest

ADDON = Path(__file__).resolve().parent.parent / "territory_planning"
PACKAGE = "odoo.addons.territory_planning"

# Importing the addon imports its models, and these Odoo. The engine must do without, and
# its tests start in no time: they get the package without what its __init__ does.
if PACKAGE not in sys.modules:
    sys.modules[PACKAGE] = ModuleType(PACKAGE)
    sys.modules[PACKAGE].__path__ = [str(ADDON)]


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ADDON.parent


@pytest.fixture(scope="session")
def addon() -> Path:
    """The addon's folder in the checkout."""
    return ADDON
