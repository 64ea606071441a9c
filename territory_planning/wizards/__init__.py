from . import territory_selection_mixin
from . import territory_selection_activity
from . import territory_selection_assign
from . import territory_selection_trip
