from . import territory_demo
