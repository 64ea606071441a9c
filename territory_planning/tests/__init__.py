from . import test_facts
from . import test_plan
from . import test_regions
from . import test_rights
from . import test_run
from . import test_views
