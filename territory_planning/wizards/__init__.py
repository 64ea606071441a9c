from . import territory_selection_mixin
from . import territory_selection_activity
from . import territory_selection_assign
from . import territory_selection_trip
from . import territory_geocode_try
from . import territory_postcode_import
from . import territory_travel_try
from . import territory_plan_reopen
