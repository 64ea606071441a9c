from . import analysis_export
from . import points
from . import regions
