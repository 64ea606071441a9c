"""Road engines that say how long drives take, one file each.

No Odoo in here: places go in, times and distances or a ``Trouble`` come out. Each is a
provider as ``engine.travel`` wants it. What is remembered and where keys come from is
told in ``models``.
"""

from .base import PROFILES, Router, Trouble
from .openrouteservice import OpenRouteService
from .osrm import Osrm
from .valhalla import Valhalla

#: Technical name -> road engine
ROUTERS = {router.name: router for router in (Osrm, Valhalla, OpenRouteService)}
