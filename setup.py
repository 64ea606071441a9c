"""The addon as a wheel that installs below ``odoo.addons``, as those of the OCA do.

``odoo`` and ``odoo.addons`` are namespace packages, so Odoo finds an addon at
``<site-packages>/odoo/addons/territory_planning`` without an addons path. Build it with
``make wheel``, which first gets the JavaScript libraries that the wheel has to carry.
"""

import ast
from pathlib import Path

from setuptools import find_packages, setup

HERE = Path(__file__).parent
NAME = "territory_planning"
PACKAGE = f"odoo.addons.{NAME}"
MANIFEST = ast.literal_eval((HERE / NAME / "__manifest__.py").read_text("utf-8"))
README = HERE / "README.md"

setup(
    name=f"odoo-addon-{NAME}",
    version=MANIFEST["version"],
    description=MANIFEST["summary"],
    long_description=README.read_text("utf-8") if README.exists() else "",
    long_description_content_type="text/markdown",
    author=MANIFEST["author"],
    license="LGPL-3.0-only",
    license_files=["LICENSE"],
    python_requires=">=3.11",
    packages=[PACKAGE] + [f"{PACKAGE}.{name}" for name in find_packages(NAME)],
    package_dir={PACKAGE: NAME},
    package_data={PACKAGE: ["**/*"]},
    exclude_package_data={"": ["*.py[co]"]},
    # Not "odoo" itself, though wheels of the OCA name it: an Odoo that runs from a source
    # checkout is unknown to pip, which would then look for it in the package index, find
    # none of that version, and refuse to install the addon.
    install_requires=[
        "geopy",
        "lxml",
        "numpy",
        "pyshp>=2.3",
        "requests",
        "scipy",
        "shapely>=2.1",
    ],
    extras_require={
        "fast": ["numba"],
        "routing": ["pyvrp"],
    },
    zip_safe=False,
    classifiers=[
        "Framework :: Odoo",
        "Framework :: Odoo :: 19.0",
        "Programming Language :: Python :: 3",
    ],
)
