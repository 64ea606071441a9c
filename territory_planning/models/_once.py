"""What there may be one of, found or made by two people at the same moment."""

from contextlib import contextmanager

from psycopg2.errors import UniqueViolation

from odoo.exceptions import ConcurrencyError


@contextmanager
def once_more_if_taken():
    """Have the request served once more where somebody else was a moment earlier.

    What the other one made is not to be seen from this transaction; the next one finds it.

    :raise ConcurrencyError: which Odoo answers by beginning anew
    """
    try:
        yield
    except UniqueViolation as error:
        raise ConcurrencyError("The same was made at this moment.") from error
