from . import territory_geocode_try
from . import territory_postcode_import
