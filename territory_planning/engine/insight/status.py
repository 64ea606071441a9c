"""Why a score is shown or withheld."""

from enum import IntEnum


class Status(IntEnum):
    """Code beside each score; anything but ``SCORED`` means that none is shown."""

    SCORED = 0
    #: the company has too few customers for the method
    TOO_FEW_CUSTOMERS = 1
    #: the company has too few repeated orders for the method
    TOO_FEW_ORDERS = 2
    #: orders of the last weeks are missing altogether, so silence means nothing
    STALE_DATA = 3
    #: too few other customers bought the same product
    TOO_FEW_PEERS = 4
    #: nothing says where the market is
    NO_MARKET = 5
    #: visits or orders do not vary within customers
    NO_VARIATION = 6
    #: the customer bought nothing that could be compared
    NO_PURCHASES = 7
    #: the method found no stable answer in these data
    NOT_CONVERGED = 8
