from . import analysis_export
from . import month_export
from . import points
from . import regions
from . import trip_export
