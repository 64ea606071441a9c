from . import points
from . import regions
