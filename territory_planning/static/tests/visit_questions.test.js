import {beforeEach, expect, test} from "@odoo/hoot";
import {
    advanceTime,
    animationFrame,
    click,
    edit,
    fill,
    manuallyDispatchProgrammaticEvent,
    press,
    queryAll,
    queryOne,
    queryText,
    queryValue,
    setInputRange,
    waitFor,
    waitForNone,
} from "@odoo/hoot-dom";
