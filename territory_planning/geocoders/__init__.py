"""Services that tell where an address is: thin covers over geopy, one file each.

No Odoo in here: an address goes in, an answer or a ``Trouble`` comes out. Who waits
for whom, what is remembered and where keys come from is told in ``models``.
"""

import logging

from .base import Address, Answer, Service, Trouble
from .google import Google
from .here import Here
from .nominatim import Nominatim, OpenStreetMap
from .opencage import OpenCage
from .pelias import Pelias
from .photon import Photon

# geopy writes whole addresses of requests to the log, keys included
logging.getLogger("geopy").setLevel(logging.WARNING)

#: Technical name of a provider in Odoo (base.geo_provider) -> service
SERVICES = {
    service.name: service
    for service in (OpenStreetMap, Nominatim, Photon, Pelias, OpenCage, Here, Google)
}
