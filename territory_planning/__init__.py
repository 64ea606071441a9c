from . import controllers
from . import demo
from . import models
from .hooks import uninstall_hook
