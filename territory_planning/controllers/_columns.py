"""The bytes the map reads: a small header, then one typed array per column.

::

    4 bytes   magic, ``TPM1``
    4 bytes   length of the header in bytes, little-endian, a multiple of 4
    n bytes   header: JSON, padded with spaces
    …         the columns, in the header's order: little-endian, widest first

A browser reads the columns in place as typed arrays, so what is sent is what is
drawn: no object per record on either side. ``static/src/territory_map/codec.js``
is the other end.
"""

import json

import numpy as np

MAGIC = b"TPM1"
WIDTHS = {"i32": "<i4", "f32": "<f4", "u16": "<u2", "u8": "u1"}
I32_MAX = 2**31 - 1


def encode(header, columns):
    """Pack columns of one length.

    :param dict header: what goes with them; ``n`` and ``columns`` are added
    :param dict columns: name -> (one of ``WIDTHS``, array)
    :rtype: bytes
    """
    ordered = sorted(
        columns.items(), key=lambda item: -np.dtype(WIDTHS[item[1][0]]).itemsize
    )
    lengths = {len(values) for _width, values in columns.values()}
    if len(lengths) != 1:
        raise ValueError(f"columns of different lengths: {sorted(lengths)}")
    head = json.dumps(
        {
            **header,
            "n": lengths.pop(),
            "columns": [[name, width] for name, (width, _values) in ordered],
        },
        separators=(",", ":"),
    ).encode()
    head += b" " * (-len(head) % 4)
    return b"".join(
        [
            MAGIC,
            len(head).to_bytes(4, "little"),
            head,
            *(
                values.astype(WIDTHS[width]).tobytes()
                for _n, (width, values) in ordered
            ),
        ]
    )


def whole(values):
    """Round amounts to 32-bit integers.

    :return: the integers, and the factor that turns them back into amounts: 1
        unless the largest does not fit, as amounts in rupiah may not
    """
    values = np.nan_to_num(values)
    largest = float(np.abs(values).max(initial=0.0))
    scale = 1
    while largest / scale > I32_MAX:
        scale *= 10
    return np.rint(values / scale).astype(np.int64), scale
